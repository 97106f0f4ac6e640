/** Adapters as PEFT stores them: its names, its orientation, its order of fused rows. */
import { AssayError, type Tensor, zeros } from "#base";
import { type AdapterConfig, type LowRankUpdate, readAdapter, writeAdapter } from "#formats";
import type { LanguageModel, StoredWeight } from "#models";
import { type LinearMap, linearMapsOf } from "./linear-maps.ts";
import { type LoraAdapter, type LoraMatrices, loraScaling } from "./lora.ts";

/**
 * Reads a folder that PEFT wrote for a model.
 *
 * @throws AssayError ADAPTER_UNSUPPORTED for anything but low-rank additions to linear maps of the blocks,
 * ADAPTER_INVALID, ADAPTER_MISMATCH, FILE_MISSING, CHECKPOINT_…
 */
export function loadAdapter(model: LanguageModel, folder: string): LoraAdapter {
  const { config, updates, saved } = readAdapter(folder);
  const whole = [...saved.keys()][0];
  if (whole !== undefined) throw unsupported(folder, `"${whole}", which was trained whole`);
  const maps = [...linearMapsOf(model).values()];
  const read = [...updates].map(([module, update]) => {
    const map = maps.find(({ stored }) => isSameModule(module, moduleOf(stored)));
    if (map === undefined || update.embedding) throw unsupported(folder, `an addition to "${module}"`);
    return [map.path, update.scaling, matricesOf(map, update)] as const;
  });
  return {
    rank: config.rank,
    alpha: config.alpha,
    dropout: config.dropout,
    isRankStabilized: config.rankStabilized,
    matrices: Object.fromEntries(read.map(([path, , matrices]) => [path, matrices])),
    scalings: Object.fromEntries(read.map(([path, scaling]) => [path, scaling])),
  };
}

/** Writes an adapter as a folder that PEFT reads beside the base model. */
export function saveAdapter(model: LanguageModel, adapter: LoraAdapter, folder: string): void {
  const maps = linearMapsOf(model);
  const used = Object.keys(adapter.matrices).map((path) => maps.get(path)!);
  const updates = used.map((map) => [moduleOf(map.stored), updateOf(map, adapter)] as const);
  writeAdapter(folder, { config: configOf(model, adapter, used), updates: new Map(updates), saved: new Map() });
}

const moduleOf = ({ name }: StoredWeight): string => name.slice(0, -".weight".length);

/** A base model without a head has no prefix. */
const isSameModule = (found: string, known: string): boolean => found === known || known.endsWith(`.${found}`);

function unsupported(folder: string, got: string): AssayError {
  const expected = "Expected low-rank additions to linear maps of the blocks alone";
  return new AssayError("ADAPTER_UNSUPPORTED", `adapters: ${expected} in ${folder}, got ${got}`);
}

/** B, [out, r], has the rows of the stored weight; where those are fused head by head, ours stand in another order. */
function matricesOf({ path, inputs, outputs, stored }: LinearMap, { down, up }: LowRankUpdate): LoraMatrices {
  if (down.shape[1] !== inputs || up.shape[0] !== outputs) {
    const got = `A [${down.shape.join(", ")}] and B [${up.shape.join(", ")}]`;
    const expected = `Expected A [r, ${inputs}] and B [${outputs}, r] for "${path}"`;
    throw new AssayError("ADAPTER_MISMATCH", `adapters: ${expected}, got ${got}; it belongs to another model`);
  }
  return { down: transposed(down), up: transposed(reordered(up, rowsOf(stored, outputs))) };
}

function updateOf({ path, stored, outputs }: LinearMap, { matrices, scalings }: LoraAdapter): LowRankUpdate {
  const { down, up } = matrices[path]!;
  const rows = rowsOf(stored, outputs);
  const inverse = new Array<number>(outputs);
  for (const [ours, theirs] of rows.entries()) inverse[theirs] = ours;
  return { down: transposed(down), up: reordered(transposed(up), inverse), scaling: scalings[path]!, embedding: false };
}

/** For each of our outputs the stored row. */
function rowsOf({ rows }: StoredWeight, outputs: number): number[] {
  const ranges = rows ?? [[0, outputs]];
  return ranges.flatMap(([from, to]) => Array.from({ length: to! - from! }, (_, at) => from! + at));
}

function reordered({ shape, data }: Tensor, rows: readonly number[]): Tensor<"float32"> {
  const width = shape[1]!;
  const ordered = zeros(shape);
  for (const [at, row] of rows.entries()) {
    ordered.data.set((data as Float32Array).subarray(row * width, (row + 1) * width), at * width);
  }
  return ordered;
}

function transposed({ shape, data }: Tensor): Tensor<"float32"> {
  const [rows, columns] = shape as [number, number];
  const turned = zeros([columns, rows]);
  for (let at = 0; at < data.length; at++) {
    turned.data[(at % columns) * rows + Math.floor(at / columns)] = Number(data[at]);
  }
  return turned;
}

/** PEFT's settings: one rank and one α, and by its own patterns what differs. */
function configOf(model: LanguageModel, adapter: LoraAdapter, used: readonly LinearMap[]): AdapterConfig {
  const { rank, alpha, dropout, isRankStabilized } = adapter;
  const different = used.map((map) => ({ map, ...ownNumbers(adapter, map) }));
  const ranks = different.filter((own) => own.rank !== rank).map((own) => [pattern(own.map), own.rank] as const);
  const alphas = different.filter((own) => own.alpha !== alpha).map((own) => [pattern(own.map), own.alpha] as const);
  return {
    rank,
    alpha,
    dropout,
    rankStabilized: isRankStabilized,
    targetModules: targetModules(model, used),
    excludeModules: null,
    modulesToSave: [],
    layersToTransform: null,
    layersPattern: null,
    bias: "none",
    rankPattern: Object.fromEntries(ranks),
    alphaPattern: Object.fromEntries(alphas),
    fanInFanOut: used.some(({ stored }) => !stored.isTransposed),
    baseModel: model.folder ?? null,
    revision: null,
    taskType: "CAUSAL_LM",
  };
}

/** The rank and the α of one map; the adapter's own α where rounding alone parts them. */
function ownNumbers({ alpha, isRankStabilized, scalings, matrices }: LoraAdapter, { path }: LinearMap) {
  const rank = matrices[path]!.up.shape[0]!;
  const own = scalings[path]! / loraScaling({ rank, alpha: 1, isRankStabilized });
  return { rank, alpha: Math.abs(own - alpha) <= 1e-9 * Math.abs(alpha) ? alpha : own };
}

const pattern = ({ stored }: LinearMap): string => moduleOf(stored).replaceAll(".", "\\.");

/** Names within a block where every block has them, whole names otherwise. */
function targetModules({ config }: LanguageModel, used: readonly LinearMap[]): string[] {
  const byTarget = Map.groupBy(used, ({ target }) => target);
  const isEverywhere = [...byTarget.values()].every(({ length }) => length === config.layers);
  const names = used.map(({ stored }) => (isEverywhere ? insideBlock(moduleOf(stored)) : moduleOf(stored)));
  return [...new Set(names)];
}

const insideBlock = (module: string): string => module.replace(/^.*\.\d+\./, "");
