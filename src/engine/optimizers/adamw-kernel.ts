/** AdamW in one pass. As a chain of ONNX operators it passes over memory thirteen times, which is all of its cost. */
import { adamwWasm } from "./adamw-wasm.ts";
import type { FlatPiece } from "./rule.ts";

/** The pass of adamw.wat over the piece in its memory. */
interface Pass {
  readonly memory: WebAssembly.Memory;
  step(
    ...numbers: readonly [
      count: number,
      beta1: number,
      beta2: number,
      epsilon: number,
      firstShare: number,
      keep: number,
      rate: number,
      secondShare: number,
    ]
  ): void;
}

/** Values in each of the four areas of adamw.wat's memory: together they fit the second cache. */
const areaSize = 8192;

const pass = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(adamwWasm, "base64")))
  .exports as unknown as Pass;
const areas = Array.from(
  { length: 4 },
  (_, area) => new Float32Array(pass.memory.buffer, 4 * area * areaSize, areaSize),
);

/** The numbers of one step beside the learning rule's two constants. */
export type AdamWScalars = Readonly<Record<"epsilon" | "firstShare" | "keep" | "rate" | "secondShare", number>>;

/** Steps a piece in place; the numbers are rounded to float32, as a program's inputs would be. */
export function stepAdamW(
  { weight, gradient, slots }: FlatPiece<"firstMoment" | "secondMoment">,
  { epsilon, firstShare, keep, rate, secondShare }: AdamWScalars,
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
): void {
  const [weights, gradients, first, second] = areas as [Float32Array, Float32Array, Float32Array, Float32Array];
  const { firstMoment, secondMoment } = slots;
  for (let from = 0; from < weight.length; from += areaSize) {
    const to = Math.min(from + areaSize, weight.length);
    weights.set(weight.subarray(from, to));
    gradients.set(gradient.subarray(from, to));
    first.set(firstMoment.subarray(from, to));
    second.set(secondMoment.subarray(from, to));
    pass.step(to - from, beta1, beta2, epsilon, firstShare, keep, rate, secondShare);
    const isWhole = to - from === areaSize;
    weight.set(isWhole ? weights : weights.subarray(0, to - from), from);
    firstMoment.set(isWhole ? first : first.subarray(0, to - from), from);
    secondMoment.set(isWhole ? second : second.subarray(0, to - from), from);
  }
}
