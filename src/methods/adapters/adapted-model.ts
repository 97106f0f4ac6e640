import { AssayError, type Tensor, tensor, zeros } from "#base";
import { mapTree } from "#engine";
import type { LanguageModel, LowRankWeights, WeightPlan, WeightSource, WeightTensors } from "#models";
import { type Additions, attachAdditions } from "./attach.ts";
import { linearMapsOf } from "./linear-maps.ts";
import type { LoraAdapter } from "./lora.ts";

/** An adapter and how much it counts. */
export interface AdapterUse {
  readonly adapter: LoraAdapter;
  /** Multiplies all it adds; 1 when left out. */
  readonly weight?: number;
}

/**
 * A model with adapters on it, by their names: it scores, generates and is looked into like any other. The base is
 * shared, not copied and not changed; each addition is computed beside the frozen map.
 *
 * @throws AssayError ADAPTER_TWICE, ADAPTER_MISMATCH when it belongs to another model
 * @example const polite = withAdapters(model, { polite: { adapter }, brief: { adapter: other, weight: 0.5 } });
 */
export function withAdapters(model: LanguageModel, uses: Readonly<Record<string, AdapterUse>>): LanguageModel {
  const named = Object.entries(uses).map(([name, use]) => [name, additionsOf(model, name, use)] as const);
  const plan = named.reduce((tree, [name, additions]) => {
    return attachAdditions(tree, name, typesOfAdditions(additions));
  }, model.plan as WeightPlan);
  return model.over(adaptedSource(model.source, named), plan);
}

type NamedAdditions = readonly (readonly [name: string, additions: Additions<Tensor>])[];

/** Closing the adapted model leaves the base open. */
function adaptedSource(base: WeightSource, named: NamedAdditions): WeightSource {
  const all = base.all && named.reduce((tree, [name, additions]) => attachAdditions(tree, name, additions), base.all);
  return { outer: base.outer, all, close() {}, block: blockOf(base, all, named) };
}

function blockOf(base: WeightSource, all: WeightTensors | undefined, named: NamedAdditions): WeightSource["block"] {
  if (all !== undefined) return (layer) => all.blocks[layer]!;
  const byLayer = named.map(([name, additions]) => {
    const groups = Map.groupBy(Object.entries(additions), ([path]) => Number(path.split(".")[1]));
    return [name, groups] as const;
  });
  return (layer) =>
    byLayer.reduce((block, [name, groups]) => {
      const inside = (groups.get(layer) ?? []).map(([path, addition]) => [
        path.replace(/^blocks\.\d+\./, ""),
        addition,
      ]);
      return attachAdditions(block, name, Object.fromEntries(inside) as Additions<Tensor>);
    }, base.block(layer));
}

/** The additions as tensors; where blocks are streamed, every block has the same ones, zeros where the adapter has none. */
function additionsOf(model: LanguageModel, name: string, { adapter, weight = 1 }: AdapterUse): Additions<Tensor> {
  expectFit(model, name, adapter);
  const own = Object.entries(adapter.matrices).map(([path, { down, up }]) => {
    const addition: LowRankWeights<Tensor> = { down, up, scaling: tensor([], [adapter.scalings[path]! * weight]) };
    return [path, addition] as const;
  });
  const additions = Object.fromEntries(own);
  return model.isStreamed ? { ...emptyAdditions(model, name, additions), ...additions } : additions;
}

/** One program runs every block. @throws AssayError ADAPTER_MISMATCH when ranks differ from block to block */
function emptyAdditions(model: LanguageModel, name: string, own: Additions<Tensor>): Additions<Tensor> {
  const targetOf = (path: string) => path.replace(/^blocks\.\d+\./, "");
  const byTarget = Map.groupBy(Object.entries(own), ([path]) => targetOf(path));
  const empty = [...byTarget].flatMap(([target, found]) => {
    const first = found[0]![1];
    const other = found.find(([, { down }]) => down.shape.join() !== first.down.shape.join());
    if (other !== undefined)
      throw mismatch(name, "one rank in every block of a streamed model", `another at ${other[0]}`);
    const addition = { ...first, down: zeros(first.down.shape), up: zeros(first.up.shape) };
    return Array.from({ length: model.config.layers }, (_, layer) => [`blocks.${layer}.${target}`, addition] as const);
  });
  return Object.fromEntries(empty);
}

const typesOfAdditions = (additions: Additions<Tensor>): Additions<never> =>
  mapTree(additions, ({ dtype, shape }) => ({ dtype, shape })) as Additions<never>;

/** @throws AssayError ADAPTER_MISMATCH */
export function expectFit(model: LanguageModel, name: string, { matrices }: LoraAdapter): void {
  const maps = linearMapsOf(model);
  for (const [path, { down, up }] of Object.entries(matrices)) {
    const map = maps.get(path);
    if (map === undefined) throw mismatch(name, `linear maps of ${model.name}`, `"${path}"`);
    const [rank] = up.shape;
    if (down.shape.join() === `${map.inputs},${rank}` && up.shape.join() === `${rank},${map.outputs}`) continue;
    const shapes = `[${down.shape.join(", ")}] and [${up.shape.join(", ")}]`;
    throw mismatch(name, `[${map.inputs}, rank] and [rank, ${map.outputs}] for "${path}"`, shapes);
  }
}

const mismatch = (name: string, expected: string, got: string): AssayError =>
  new AssayError("ADAPTER_MISMATCH", `adapters: Expected ${expected} in the adapter "${name}", got ${got}`);
