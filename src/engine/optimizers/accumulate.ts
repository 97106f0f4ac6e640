import { AssayError, type Tensor, zeros } from "#base";
import { leavesOf, mapTree, showType, tensorType } from "../graph/tree.ts";
import { compile } from "../runtime/session.ts";
import { chunksOf, type PassOptions, passDefaults } from "./chunks.ts";

const flat = { sum: tensorType("float32", ["N"]), more: tensorType("float32", ["N"]) };

/** A tree of zeros in the structure of another: where gradients are added up. */
export function zeroTree<Tree>(tree: Tree): Tree {
  return mapTree(tree, (leaf) => zeros(leaf.shape as readonly number[], leaf.dtype)) as Tree;
}

/**
 * Adds gradients to a sum in place; the mean over k batches is that sum with `gradientScale: 1 / k` in the step.
 *
 * @throws AssayError TREE_MISMATCH when the trees do not have the same leaves, before anything is added
 */
export async function accumulate(sum: unknown, gradients: unknown, options: PassOptions = {}): Promise<void> {
  const program = await compile((inputs) => ({ sum: inputs.sum.add(inputs.more) }), flat, {
    ...passDefaults,
    ...options,
  });
  const added = leavesOf<Tensor<"float32">>(gradients);
  const sums = leavesOf<Tensor<"float32">>(sum);
  for (const path of new Set([...sums.keys(), ...added.keys()])) expectAlike(path, sums.get(path), added.get(path));
  for (const [path, tensor] of sums) {
    const pieces = chunksOf(added.get(path)!);
    for (const [at, chunk] of chunksOf(tensor).entries()) {
      await program.run({ sum: chunk, more: pieces[at]! }, { into: { sum: chunk } });
    }
  }
}

function expectAlike(path: string, sum: Tensor | undefined, more: Tensor | undefined): void {
  const [expected, got] = [sum, more].map((leaf) => (leaf === undefined ? "nothing" : showType(leaf)));
  if (expected === got) return;
  throw new AssayError("TREE_MISMATCH", `accumulate: Expected ${expected} at "${path}", got ${got}`);
}
