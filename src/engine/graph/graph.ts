/** Walking a graph: what its outputs reach, in an order in which it can be computed. */
import type { Node, Value } from "./value.ts";

/** Every node that the values need, inputs before users. What they do not reach is not part of the graph. */
export function nodesOf(values: readonly Value[]): Node[] {
  const order: Node[] = [];
  const state = new Map<Node, "open" | "done">();
  // A stack of its own: a deep model would overflow the one of JavaScript.
  const stack = values.map((value) => value.node).reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (!state.has(node)) {
      state.set(node, "open");
      stack.push(...unseenSources(node, state));
      continue;
    }
    stack.pop();
    if (state.get(node) === "done") continue;
    state.set(node, "done");
    order.push(node);
  }
  return order;
}

const unseenSources = ({ inputs }: Node, seen: ReadonlyMap<Node, unknown>): Node[] =>
  inputs
    .map((value) => value.node)
    .filter((node) => !seen.has(node))
    .reverse();

/** The nodes among `order` that depend on one of `sources`, the sources' own nodes included. */
export function dependentsOf(sources: readonly Value[], order: readonly Node[]): Set<Node> {
  const dependents = new Set(sources.map((value) => value.node));
  for (const node of order) {
    if (node.inputs.some((value) => dependents.has(value.node))) dependents.add(node);
  }
  return dependents;
}
