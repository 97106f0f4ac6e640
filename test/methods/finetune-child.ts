/** A fine-tuning to be killed: `node finetune-child.ts FOLDER`. Prints the hash of the adapter when it comes to its end. */
import { tuneToy } from "./finetune-toy.ts";

const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
process.stdout.write(await tuneToy({ checkpoints: { folder: process.argv[2]!, every: 1 }, onEvent: pause }));
