import { visitorKeys } from "oxc-parser";

/** A node of the syntax tree, as far as a walk over any of them knows it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A node and the nodes around it, the nearest last. */
export interface Visit {
  readonly node: SyntaxNode;
  readonly ancestors: readonly SyntaxNode[];
}

/** Every node below and including the given one, in the order of the text. */
export function* walk(root: object, ancestors: readonly SyntaxNode[] = []): Generator<Visit> {
  const node = root as SyntaxNode;
  yield { node, ancestors };
  const inner = [...ancestors, node];
  for (const key of visitorKeys[node.type] ?? []) {
    for (const child of [node[key]].flat()) {
      if (child) yield* walk(child as SyntaxNode, inner);
    }
  }
}
