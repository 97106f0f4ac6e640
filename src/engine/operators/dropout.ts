/** Random masks. They are made on the host from a named stream and fed, so that a run can be repeated to the bit. */
import { AssayError, type RandomStream, type Tensor, zeros } from "#base";
import { expectShape } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { mul } from "./elementwise.ts";

/** The share of numbers that is dropped. */
export interface DropoutOptions {
  readonly rate: number;
}

/**
 * A mask for dropout(): 1 / (1 − rate) with probability 1 − rate, else 0.
 *
 * @throws AssayError DROPOUT_RATE unless 0 ≤ rate < 1
 * @example dropoutMask(stream(seed, "dropout/blocks.0"), [batch, tokens, channels], { rate: 0.1 })
 */
export function dropoutMask(
  random: RandomStream,
  shape: readonly number[],
  { rate }: DropoutOptions,
): Tensor<"float32"> {
  if (!(rate >= 0 && rate < 1)) {
    throw new AssayError("DROPOUT_RATE", `dropoutMask: Expected a rate from 0 to below 1, got ${rate}`);
  }
  const mask = zeros(shape);
  const kept = 1 / (1 - rate);
  for (let at = 0; at < mask.data.length; at++) mask.data[at] = random.next() < rate ? 0 : kept;
  return mask;
}

/** x · mask, where the mask comes from dropoutMask(). @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH */
export function dropout(x: Value, mask: Value): Value {
  expectShape("dropout", mask, { shape: x.shape, name: "a mask" });
  return mul(x, mask);
}
