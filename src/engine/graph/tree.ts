/** Trees: plain objects and arrays whose leaves are tensors, types or values, all of the same structure. */
import { AssayError, type DType, isTensor, suggestion, type Tensor } from "#base";
import { type Dim, showShape } from "./dims.ts";
import { type TensorType, Value } from "./value.ts";

/** A tree with leaves of one kind; an absent branch is undefined. */
export type Tree<Leaf> = Leaf | undefined | readonly Tree<Leaf>[] | { readonly [name: string]: Tree<Leaf> };

/** The same tree with another kind of leaf. */
export type TreeOf<T, From, To> = T extends From
  ? To
  : T extends undefined
    ? undefined
    : { readonly [Key in keyof T]: TreeOf<T[Key], From, To> };

/** What a function sees that is traced with this signature. */
export type ValuesOf<Signature> = TreeOf<Signature, TensorType, Value>;

/** What a program takes or gives, from the tree of types or values it was compiled with. */
export type TensorsOf<T> = TreeOf<T, TensorType, Tensor>;

/** A type for a signature: `tensorType("float32", ["B", "T", 768])`. */
export function tensorType<D extends DType>(dtype: D, shape: readonly Dim[]): TensorType<D> {
  return { dtype, shape };
}

/** The signature of a tree of tensors, every length fixed. */
export function typesOf<T>(tree: T): TreeOf<T, Tensor, TensorType> {
  return mapTree(tree, ({ dtype, shape }) => ({ dtype, shape })) as TreeOf<T, Tensor, TensorType>;
}

/** Whether something is a leaf: a tensor, a type or a value. */
export function isLeaf(node: unknown): node is TensorType {
  if (node instanceof Value || isTensor(node)) return true;
  return typeof node === "object" && node !== null && "dtype" in node && Array.isArray((node as TensorType).shape);
}

/** The leaves of a tree in the order of its keys, by path: "blocks.0.attention.weight". */
export function leavesOf<Leaf = TensorType>(tree: unknown, prefix = ""): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  visit(tree, prefix, (leaf, path) => leaves.set(path, leaf as Leaf));
  return leaves;
}

function visit(node: unknown, path: string, see: (leaf: TensorType, path: string) => void): void {
  if (isLeaf(node)) see(node, path);
  else if (node !== undefined)
    for (const [key, child] of branchesOf(node, path)) visit(child, joinPath(path, key), see);
}

/** @throws AssayError TREE_MISMATCH for anything that is neither a leaf nor a plain object or array */
function branchesOf(node: unknown, path: string): [string, unknown][] {
  const isBranch = typeof node === "object" && node !== null && !ArrayBuffer.isView(node);
  if (isBranch) return Object.entries(node);
  const got = ArrayBuffer.isView(node) ? node.constructor.name : String(node);
  throw new AssayError("TREE_MISMATCH", `tree: Expected a tensor or a branch at "${path}", got ${got}`);
}

/** A path one step further down. */
export const joinPath = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** A tree of the same structure with every leaf replaced. */
export function mapTree(tree: unknown, replace: (leaf: TensorType, path: string) => unknown, path = ""): unknown {
  if (tree === undefined) return undefined;
  if (isLeaf(tree)) return replace(tree, path);
  const entries = branchesOf(tree, path).map(([key, child]) => [key, mapTree(child, replace, joinPath(path, key))]);
  return Array.isArray(tree) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

/** The subtree at a path such as "weights.blocks.3". @throws AssayError TREE_MISMATCH when there is none, with the nearest name */
export function subtreeAt(tree: unknown, path: string): unknown {
  let node = tree;
  for (const key of path.split(".")) {
    const branches = isLeaf(node) || node === undefined ? [] : branchesOf(node, path);
    const found = branches.find(([name]) => name === key);
    if (found === undefined) {
      const hint = suggestion(
        key,
        branches.map(([name]) => name),
      );
      throw new AssayError("TREE_MISMATCH", `tree: Expected a branch "${path}", got no "${key}"${hint}`);
    }
    node = found[1];
  }
  return node;
}

/** "float32 [B, 768]" */
export const showType = ({ dtype, shape }: TensorType): string => `${dtype} ${showShape(shape)}`;
