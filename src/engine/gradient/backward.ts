/** Reverse-mode differentiation: walks a graph backwards and knows no calculus; the rules do. */
import { AssayError } from "#base";
import { dependentsOf, nodesOf } from "../graph/graph.ts";
import { within } from "../graph/scope.ts";
import type { Node, Value } from "../graph/value.ts";
import { add } from "../operators/elementwise.ts";
import { zerosLike } from "../operators/movement.ts";
import { vjpRules } from "./rules/index.ts";
import type { Forward } from "./rules/rule.ts";

type AnyRule = (dy: Value, forward: Forward<never>) => readonly (Value | null)[];

/**
 * The gradient of ⟨seed, output⟩ with respect to each of `wrt`; zeros where the output does not depend on it.
 *
 * @throws AssayError NOT_DIFFERENTIABLE when a way from `wrt` to the output leads through an operator without derivative
 */
export function vjp(output: Value, wrt: readonly Value[], seed: Value): Value[] {
  return pullBack(new Map([[output, seed]]), wrt).map((dx, at) => dx ?? zerosLike(wrt[at]!));
}

/** How far the walk goes. */
export interface PullBackOptions {
  /** Whether the walk ends at `wrt`, as if they were inputs, though some may be made from others. */
  readonly stopAtWrt?: boolean;
}

/** The gradient of Σ ⟨seed, output⟩ over all outputs; undefined where none of them depends on the value. */
export function pullBack(
  seeds: ReadonlyMap<Value, Value>,
  wrt: readonly Value[],
  { stopAtWrt = false }: PullBackOptions = {},
): (Value | undefined)[] {
  const order = nodesOf([...seeds.keys()]);
  const dependents = dependentsOf(wrt, order);
  const ends = new Set(stopAtWrt ? wrt.map((value) => value.node) : []);
  const gradients = new Map(seeds);
  for (const node of order.reverse()) {
    if (!dependents.has(node) || node.inputs.length === 0 || ends.has(node)) continue;
    const dOutputs = node.outputs.map((value) => gradients.get(value));
    if (dOutputs.some((dy) => dy !== undefined)) spread(node, dOutputs, { gradients, dependents });
  }
  return wrt.map((value) => gradients.get(value));
}

interface Flow {
  readonly gradients: Map<Value, Value>;
  readonly dependents: ReadonlySet<Node>;
}

/** Adds what flows back through one node to the gradients of its inputs. */
function spread(node: Node, dOutputs: readonly (Value | undefined)[], { gradients, dependents }: Flow): void {
  if (!node.inputs.some((value) => dependents.has(value.node))) return;
  const dy = dOutputs[0] ?? zerosLike(node.outputs[0]!);
  const { inputs, outputs, attributes } = node;
  const forward = { inputs, outputs, output: outputs[0]!, dOutputs, attributes } as Forward<never>;
  // Gradients carry the scope of what they are gradients of, in errors and in profiles.
  const dInputs = within(node.scope, () => ruleFor(node)(dy, forward));
  for (const [at, value] of inputs.entries()) {
    const dx = dInputs[at] ?? null;
    if (dx === null || !dependents.has(value.node)) continue;
    const earlier = gradients.get(value);
    gradients.set(value, earlier === undefined ? dx : add(earlier, dx));
  }
}

function ruleFor(node: Node): AnyRule {
  const rule = (vjpRules as Readonly<Record<string, AnyRule>>)[node.operator.name];
  if (rule !== undefined) return rule;
  const where = node.scope === "" ? "" : ` (in ${node.scope})`;
  const wayOut = "wrap its input in stopGradient() if that is intended";
  throw new AssayError("NOT_DIFFERENTIABLE", `gradient: ${node.operator.name} has no derivative; ${wayOut}${where}`);
}
