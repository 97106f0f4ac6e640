/** A training to be killed: `node child.ts FOLDER STEPS`. Prints the bits of the weights when it comes to its end. */
import { bitsOf, trainToy } from "./toy.ts";

const [folder, steps] = process.argv.slice(2);
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3);
const { weights } = await trainToy(Number(steps), {
  checkpoints: { folder: folder!, every: 1 },
  onEvent: pause,
});
process.stdout.write(bitsOf(weights));
