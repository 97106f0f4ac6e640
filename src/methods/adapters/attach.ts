/** Putting adapters on a tree of weights, be its leaves types, tensors or values. */
import { AssayError } from "#base";
import type { LowRankWeights } from "#models";

/** What is added to each linear map, by the map's path. */
export type Additions<Leaf> = Readonly<Record<string, LowRankWeights<Leaf>>>;

/**
 * A tree of weights in which linear maps carry the additions of an adapter under its name; nothing of the tree is copied
 * or changed but the branches on the way.
 *
 * @throws AssayError ADAPTER_TWICE when the name is taken
 */
export function attachAdditions<Tree, Leaf>(tree: Tree, name: string, additions: Additions<Leaf>): Tree {
  return Object.entries(additions).reduce<unknown>((changed, [path, addition]) => {
    return changedAt(changed, path.split("."), (map) => withAddition(map as object, { name, path, addition }));
  }, tree) as Tree;
}

interface Named {
  readonly name: string;
  readonly path: string;
  readonly addition: unknown;
}

function withAddition(map: { readonly adapters?: object }, { name, path, addition }: Named): object {
  if (map.adapters === undefined || !Object.hasOwn(map.adapters, name)) {
    return { ...map, adapters: { ...map.adapters, [name]: addition } };
  }
  throw new AssayError("ADAPTER_TWICE", `adapters: Expected each name once, got "${name}" twice at "${path}"`);
}

function changedAt(tree: unknown, [key, ...rest]: readonly string[], change: (branch: unknown) => unknown): unknown {
  if (key === undefined) return change(tree);
  const branch = (tree as Readonly<Record<string, unknown>> | undefined)?.[key];
  if (branch === undefined) throw new AssayError("TREE_MISMATCH", `adapters: Expected a branch "${key}", got none`);
  const changed = changedAt(branch, rest, change);
  return Array.isArray(tree) ? tree.with(Number(key), changed) : { ...(tree as object), [key]: changed };
}
