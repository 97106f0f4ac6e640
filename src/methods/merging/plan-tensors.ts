/** Which tensors the output has, and which blocks of which models each is merged from. */
import { AssayError } from "#base";
import type { MergeConfig, MergeInput, MergeSlice } from "#formats";
import type { OpenedModel } from "./opened-model.ts";
import type { TensorPlace } from "./settings.ts";

/** One model's share of an output tensor. */
export interface PlannedSource {
  readonly input: MergeInput;
  /** The tensor's name in the reference's naming, of the block that this model gives. */
  readonly name: string;
}

/** One tensor of the output. */
export interface PlannedTensor {
  /** In the output. */
  readonly name: string;
  /** The reference's tensor that decides shape and number type. */
  readonly like: string;
  readonly place: TensorPlace;
  readonly slice: MergeSlice;
  readonly sources: readonly PlannedSource[];
  /** The base's tensor; undefined without a base. */
  readonly base: PlannedSource | undefined;
}

const blockName = /\.(\d+)\./;

/** The block that a tensor belongs to; undefined outside the blocks. */
export function blockOf(name: string): number | undefined {
  const found = blockName.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

const inBlock = (name: string, layer: number): string => name.replace(blockName, `.${layer}.`);

/** A configuration as slices: models without slices are one slice of all their blocks. @throws AssayError MERGE_LAYERS */
export function slicesOf(config: MergeConfig, models: ReadonlyMap<string, OpenedModel>): readonly MergeSlice[] {
  const slices = config.slices ?? [
    {
      sources: config.models!.map((input) => ({ ...input, layers: [0, models.get(input.model)!.layers] as const })),
      settings: {},
    },
  ];
  for (const { sources } of slices) for (const source of sources) expectLayers(source, sources[0]!, models);
  return slices;
}

function expectLayers(
  { model, layers }: MergeInput,
  first: MergeInput,
  models: ReadonlyMap<string, OpenedModel>,
): void {
  const { layers: available } = models.get(model)!;
  const [from, to] = layers!;
  const [firstFrom, firstTo] = first.layers!;
  if (from < to && to <= available && to - from === firstTo - firstFrom) return;
  const claim = `Expected ${firstTo - firstFrom} blocks of the ${available} of ${model}, got ${from} to ${to}`;
  throw new AssayError("MERGE_LAYERS", `merge: ${claim}; all sources of a slice give equally many`);
}

/** What decides the tensors of the output. */
export interface TensorPlan {
  readonly config: MergeConfig;
  readonly slices: readonly MergeSlice[];
  /** The model whose names and shapes the output has. */
  readonly reference: OpenedModel;
}

/** Every tensor of the output, in the reference's order. */
export function planTensors(plan: TensorPlan): PlannedTensor[] {
  const { reference, slices } = plan;
  const names = [...reference.checkpoint.tensors.keys()];
  const outside = names
    .filter((name) => blockOf(name) === undefined)
    .map((name) =>
      planned(plan, (reference.after.has(name) ? slices.at(-1) : slices[0])!, { like: name, name, depth: 0 }),
    );
  let layer = 0;
  const blocks = slices.flatMap((slice) => {
    const count = slice.sources[0]!.layers![1] - slice.sources[0]!.layers![0];
    return Array.from({ length: count }, (_, offset) => {
      const depth = count > 1 ? offset / (count - 1) : 0;
      const own = blockOfReference(plan, slice, offset);
      const output = layer++;
      return names
        .filter((name) => blockOf(name) === own)
        .map((like) => planned(plan, slice, { like, name: inBlock(like, output), depth, offset }));
    }).flat();
  });
  return [...outside, ...blocks];
}

const baseOf = ({ config }: TensorPlan, slice: MergeSlice): string | undefined => slice.baseModel ?? config.baseModel;

/** The reference's block that a block of a slice is like: where others are deeper, its last one gives shapes and number types. */
function blockOfReference({ reference }: TensorPlan, { sources }: MergeSlice, offset: number): number {
  const own = sources.find(({ model }) => model === reference.name) ?? sources[0]!;
  return Math.min(own.layers![0] + offset, reference.layers - 1);
}

interface Named extends TensorPlace {
  readonly like: string;
  /** Blocks after the first of the slice; absent outside the blocks. */
  readonly offset?: number;
}

function planned(plan: TensorPlan, slice: MergeSlice, { like, name, depth, offset }: Named): PlannedTensor {
  const named = (input: MergeInput): PlannedSource => ({
    input,
    name: offset === undefined ? like : inBlock(like, input.layers![0] + offset),
  });
  const baseName = baseOf(plan, slice);
  const listed = slice.sources.find(({ model }) => model === baseName);
  const base = baseName === undefined ? undefined : (listed ?? { ...slice.sources[0]!, model: baseName, settings: {} });
  return {
    name,
    like,
    slice,
    place: { name, depth },
    sources: slice.sources.map(named),
    base: base && named(base),
  };
}
