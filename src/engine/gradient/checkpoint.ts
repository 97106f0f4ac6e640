import { nodesOf } from "../graph/graph.ts";
import { apply, applyAll, nextSerial } from "../graph/operator.ts";
import { isFloat } from "../graph/shapes.ts";
import { leavesOf, mapTree } from "../graph/tree.ts";
import type { Node, Value } from "../graph/value.ts";
import { control } from "../operators/control.ts";
import { knownNumber } from "../operators/leaves.ts";
import { pullBack } from "./backward.ts";

/**
 * Computes what `build` computes and forgets everything in between: the backward pass computes it again.
 * Memory then holds one block's activations at a time instead of all blocks', for one more forward pass.
 *
 * The second computation starts from values behind a barrier that waits for the gradient, so neither this engine nor
 * ONNX Runtime takes the two for one.
 *
 * Source   Chen et al. 2016, Training Deep Nets with Sublinear Memory Cost (arXiv:1604.06174), §4
 *
 * @example residual = checkpoint(() => transformerBlock(residual, weights, config));
 */
export function checkpoint<Result>(build: () => Result): Result {
  const start = nextSerial();
  const result = build();
  const paths = leavesOf<Value>(result);
  const outputs = [...new Set(paths.values())].filter((value) => value.node.serial >= start);
  const captured = capturedBy(outputs, start);
  const backward = (dOutputs: readonly Value[], given: readonly Value[]) =>
    recompute({ outputs, captured, start }, given, dOutputs);
  const kept = applyAll(control.CustomVjp, [...outputs, ...captured], { outputs: outputs.length, backward });
  const replaced = new Map(outputs.map((output, at) => [output, kept[at]!]));
  return mapTree(result, (leaf) => replaced.get(leaf as Value) ?? leaf) as Result;
}

/** The values from before `start` that nodes from after it use. */
function capturedBy(outputs: readonly Value[], start: number): Value[] {
  const inside = nodesOf(outputs).filter((node) => node.serial >= start);
  return [...new Set(inside.flatMap((node) => node.inputs))].filter((value) => value.node.serial < start);
}

/** What was built between `start` and the outputs. */
interface Block {
  readonly outputs: readonly Value[];
  readonly captured: readonly Value[];
  readonly start: number;
}

/** `given` are the captured values, or copies of them where this block is itself computed again. */
function recompute(block: Block, given: readonly Value[], dOutputs: readonly Value[]): (Value | null)[] {
  const [waiting, awaited] = [worthWaiting(given), worthAwaiting(dOutputs)];
  const sources = given.map((value) =>
    waiting.includes(value) ? apply(control.Barrier, [value, awaited], {}) : value,
  );
  const copies = copied(block, new Map(block.captured.map((value, at) => [value, sources[at]!])));
  const seeds = copies.map((copy, at) => [copy, dOutputs[at]!] as const).filter(([copy]) => isFloat(copy));
  return pullBack(new Map(seeds), sources, { stopAtWrt: true }).map((dx) => dx ?? null);
}

/** A gradient that is known at run time only; a constant would hold nothing up. */
function worthAwaiting(dOutputs: readonly Value[]): Value {
  const floats = dOutputs.filter(isFloat);
  return floats.find((dy) => knownNumber(dy) === undefined) ?? floats[0]!;
}

/** Activations rather than weights, which are there all the time; all floats where there are no activations. */
function worthWaiting(captured: readonly Value[]): readonly Value[] {
  const floats = captured.filter(isFloat);
  const computed = floats.filter((value) => value.node.inputs.length > 0);
  return computed.length > 0 ? computed : floats;
}

/** The outputs made again by new nodes, from replaced values. */
function copied({ outputs, start }: Block, replaced: ReadonlyMap<Value, Value>): Value[] {
  const copies = new Map<Node, readonly Value[]>();
  const copyOf = (value: Value): Value => replaced.get(value) ?? copies.get(value.node)?.[value.index] ?? value;
  for (const node of nodesOf(outputs)) {
    if (node.serial >= start) copies.set(node, applyAll(node.operator, node.inputs.map(copyOf), node.attributes));
  }
  return outputs.map(copyOf);
}
