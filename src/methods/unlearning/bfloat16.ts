/** Weights as a machine without float32 masters keeps them: rounded to bfloat16 after every step. */
import type { Tensor } from "#base";
import type { OptimizerRule } from "#engine";

/** Rounds to the nearest bfloat16 in place, ties to even; what is not finite stays. */
export function roundToBfloat16({ data }: { readonly data: Float32Array }): void {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let at = 0; at < bits.length; at++) {
    const value = bits[at]!;
    if ((value & 0x7f800000) === 0x7f800000) continue;
    bits[at] = (value + 0x7fff + ((value >>> 16) & 1)) & 0xffff0000;
  }
}

/**
 * An optimiser whose weights are bfloat16: a step that is smaller than half the distance to the next number is lost.
 *
 *     w' = round(step(w))        round(x) = c − (c − x), c = (2¹⁶ + 1) x, which keeps 8 of 24 bits
 */
export function inBfloat16(rule: OptimizerRule): OptimizerRule {
  return {
    ...rule,
    name: `${rule.name}-bfloat16`,
    update(inputs) {
      const stepped = rule.update(inputs);
      const spread = stepped.weight.mul(2 ** 16 + 1);
      return { ...stepped, weight: spread.sub(spread.sub(stepped.weight)) };
    },
    kernel(piece, numbers) {
      rule.kernel!(piece, numbers);
      roundToBfloat16({ data: piece.weight });
    },
  };
}

/** A copy, rounded. */
export function bfloat16Copy(tensor: Tensor<"float32">): Tensor<"float32"> {
  const copy = { ...tensor, data: tensor.data.slice() };
  roundToBfloat16(copy);
  return copy;
}
