import type { Tensor } from "#base";
import { leavesOf, tensorType } from "../graph/tree.ts";
import { compile } from "../runtime/session.ts";
import { chunksOf, type PassOptions, passDefaults } from "./chunks.ts";

const flat = { values: tensorType("float32", ["N"]) };

/**
 * The length of all values of a tree as one vector.
 *
 *     ‖g‖ = √(Σ over tensors and elements g²)
 *
 * Squares are summed in float32 within a piece of the tree and in float64 across pieces, in one order whatever the threads.
 */
export async function globalNorm(tree: unknown, options: PassOptions = {}): Promise<number> {
  const program = await compile(({ values }) => ({ squares: values.square().sum() }), flat, {
    ...passDefaults,
    ...options,
  });
  let sum = 0;
  for (const tensor of leavesOf<Tensor<"float32">>(tree).values()) {
    for (const values of chunksOf(tensor)) {
      const { squares } = await program.run({ values }, { outputs: "reuse" });
      sum += Number(squares.data[0]);
    }
  }
  return Math.sqrt(sum);
}

/**
 * What gradients of this norm are multiplied with so that none is longer than `maxNorm`.
 *
 *     min(1, maxNorm / (‖g‖ + 10⁻⁶))
 *
 * Source   Pascanu et al. 2013, On the difficulty of training recurrent neural networks (arXiv:1211.5063), algorithm 1;
 *          the small number in the denominator is PyTorch's
 */
export const clipScale = (norm: number, maxNorm: number): number => Math.min(1, maxNorm / (norm + 1e-6));
