import { AssayError, type Tensor, zeros } from "#base";
import { leavesOf, mapTree, tensorType } from "../graph/tree.ts";
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
 * @throws AssayError TREE_MISMATCH when the trees do not have the same leaves
 */
export async function accumulate(sum: unknown, gradients: unknown, options: PassOptions = {}): Promise<void> {
  const program = await compile((inputs) => ({ sum: inputs.sum.add(inputs.more) }), flat, {
    ...passDefaults,
    ...options,
  });
  const added = leavesOf<Tensor<"float32">>(gradients);
  for (const [path, tensor] of leavesOf<Tensor<"float32">>(sum)) {
    const more = added.get(path);
    if (more?.data.length !== tensor.data.length) throw mismatch(path, tensor, more);
    const pieces = chunksOf(more);
    for (const [at, chunk] of chunksOf(tensor).entries()) {
      await program.run({ sum: chunk, more: pieces[at]! }, { into: { sum: chunk } });
    }
  }
}

function mismatch(path: string, sum: Tensor, more: Tensor | undefined): AssayError {
  const got = more === undefined ? "nothing" : `[${more.shape.join(", ")}]`;
  const expected = `Expected a gradient [${sum.shape.join(", ")}] at "${path}"`;
  return new AssayError("TREE_MISMATCH", `accumulate: ${expected}, got ${got}`);
}
