/** Merging models on disk, one tensor at a time. */
import { AssayError, invariant, type RandomStream, stream } from "#base";
import {
  alignTokenizers,
  isVacant,
  joinTokenizers,
  type MergeConfig,
  mergeConfigText,
  readModelConfig,
  readTokenizerJson,
  realPath,
  type StorageType,
  type TensorSource,
  type TokenUnion,
  writeModelFolder,
} from "#formats";
import { alignRows } from "./align-rows.ts";
import { expectKnownSettings } from "./known-settings.ts";
import { type MergeMethodName, mergeMethodOf, mergeMethods } from "./merge-tensor.ts";
import {
  expectMergeable,
  expectSameKinds,
  hasTokenRows,
  nameIn,
  type OpenedModel,
  openMergedModel,
  readNumbers,
} from "./opened-model.ts";
import { type PlannedSource, type PlannedTensor, planTensors, slicesOf } from "./plan-tensors.ts";

/** How a merge is written. */
export interface MergeFoldersOptions {
  /** Decides what DARE drops. Default 0. */
  readonly seed?: number;
  readonly overwrite?: boolean;
  /** Is told of every tensor as it is merged. */
  readonly onTensor?: (name: string, done: number, total: number) => void;
}

/** What was written. */
export interface MergedFolder {
  readonly folder: string;
  readonly method: MergeMethodName;
  readonly models: readonly string[];
  readonly tensors: number;
  /** Tokens of a joint vocabulary, and how many of them each model knew; undefined where tokens were not looked at. */
  readonly vocabulary: { readonly tokens: number; readonly known: readonly number[] } | undefined;
}

/**
 * Merges models as a configuration of mergekit says, and writes the result as a folder beside the configuration that made
 * it. Each tensor is read of each model, merged and written before the next: memory is one tensor a model.
 *
 * @throws AssayError MERGE_METHOD_UNKNOWN, MERGE_INPUTS_INVALID, MERGE_SETTING_INVALID, MERGE_WEIGHTS_INVALID, MERGE_LAYERS,
 *   MERGE_SHAPE, MERGE_OUTPUT_INVALID, TENSOR_MISSING, TOKENIZER_MISSING, TOKENIZER_MISMATCH, CHECKPOINT_EXISTS
 * @example await mergeFolders(readMergeConfig("merge.yml"), "./merged");
 */
export async function mergeFolders(
  config: MergeConfig,
  folder: string,
  options: MergeFoldersOptions = {},
): Promise<MergedFolder> {
  const method = mergeMethodOf(config.method);
  expectKnownSettings(config);
  const models = await openAll(config);
  try {
    expectOutput(folder, models);
    const reference = models.get(config.baseModel ?? firstModel(config))!;
    for (const model of models.values()) expectSameKinds(model, reference);
    const union = unionOf(config, reference, models);
    const slices = slicesOf(config, models);
    const planned = planTensors({ config, slices, reference });
    const merge: Merge = { config, method, models, reference, union, random: stream(options.seed ?? 0, "merge/dare") };
    const tensors = planned.map((tensor, at) =>
      sourceOfPlanned(merge, tensor, { at, total: planned.length, ...options }),
    );
    const blocks = slices.reduce((sum, { sources }) => sum + sources[0]!.layers![1] - sources[0]!.layers![0], 0);
    writeModelFolder(folder, {
      tensors,
      from: reference.folder,
      overwrite: options.overwrite ?? false,
      config: configChanges(merge, blocks),
      files: { "mergekit_config.yml": mergeConfigText(config), ...tokenizerFile(merge) },
      leaveOut: union === undefined || isOwnTokenizer(merge) ? [] : vocabularyFiles,
    });
    const known = union?.rows.map((rows) => rows.filter((row) => row >= 0).length);
    const vocabulary = union && { tokens: union.vocabularySize, known: known! };
    return { folder, method, models: [...models.keys()], tensors: tensors.length, vocabulary };
  } finally {
    for (const { checkpoint } of models.values()) checkpoint.close();
  }
}

/** What tokenizers are kept in besides tokenizer.json: of one model, and not of the joint vocabulary. */
const vocabularyFiles = ["tokenizer.model", "spiece.model", "vocab.json", "merges.txt", "added_tokens.json"] as const;

const isOwnTokenizer = ({ config: { tokenizer }, reference }: Merge): boolean =>
  tokenizer === "base" || tokenizer === reference.name;

/** A model is read while its merge is written. @throws AssayError MERGE_OUTPUT_INVALID */
function expectOutput(folder: string, models: ReadonlyMap<string, OpenedModel>): void {
  const place = (path: string): string => (isVacant(path) ? path : realPath(path));
  const found = [...models.values()].find((model) => place(model.folder) === place(folder));
  if (found === undefined) return;
  const claim = `Expected another folder than those of the models, got that of ${found.name}`;
  throw new AssayError("MERGE_OUTPUT_INVALID", `merge: ${claim}; write elsewhere first`);
}

const firstModel = ({ models, slices }: MergeConfig): string => (models ?? slices![0]!.sources)[0]!.model;

/** Every model once, in the order in which the configuration names them; the base first. */
async function openAll(config: MergeConfig): Promise<ReadonlyMap<string, OpenedModel>> {
  const { models = [], slices = [], baseModel } = config;
  const inputs = [...models, ...slices.flatMap(({ sources }) => sources)].map(({ model }) => model);
  const bases = [baseModel, ...slices.map((slice) => slice.baseModel)].filter((name) => name !== undefined);
  if (mergeMethods[mergeMethodOf(config.method)].needsBase && bases.length === 0) {
    throw new AssayError("MERGE_INPUTS_INVALID", `merge: Expected base_model for ${config.method}, got none`);
  }
  const opened = new Map<string, OpenedModel>();
  for (const name of new Set([...bases, ...inputs])) opened.set(name, await openMergedModel(name));
  return opened;
}

function unionOf(
  config: MergeConfig,
  reference: OpenedModel,
  models: ReadonlyMap<string, OpenedModel>,
): TokenUnion | undefined {
  const { tokenizer } = config;
  if (tokenizer === undefined) return undefined;
  const jsons = [...models.values()].map((model) => readTokenizerJson(model.folder));
  if (tokenizer === "union") return joinTokenizers(jsons);
  const at = [...models.keys()].indexOf(tokenizer === "base" ? reference.name : tokenizer);
  if (at >= 0) return alignTokenizers(jsons, at);
  const claim = `Expected tokenizer to be union, base or one of ${[...models.keys()].join(", ")}, got "${tokenizer}"`;
  throw new AssayError("MERGE_INPUTS_INVALID", `merge: ${claim}`);
}

interface Merge {
  readonly config: MergeConfig;
  readonly method: MergeMethodName;
  readonly models: ReadonlyMap<string, OpenedModel>;
  readonly reference: OpenedModel;
  readonly union: TokenUnion | undefined;
  readonly random: RandomStream;
}

function sizeOfVocabulary({ union, config: { padToMultipleOf: pad = 1 } }: Merge): number {
  return Math.ceil(union!.vocabularySize / pad) * pad;
}

function configChanges(merge: Merge, blocks: number) {
  const kept = readModelConfig(merge.reference.folder);
  const depth = ["num_hidden_layers", "n_layer"].find((name) => name in kept);
  const type = { F32: "float32", F16: "float16", BF16: "bfloat16" } as const;
  const { storage } = merge.config;
  return {
    ...(depth === undefined || blocks === merge.reference.layers ? {} : { [depth]: blocks }),
    ...(merge.union === undefined ? {} : { vocab_size: sizeOfVocabulary(merge) }),
    ...(storage === undefined ? {} : { ["dtype" in kept ? "dtype" : "torch_dtype"]: type[storage] }),
  };
}

const tokenizerFile = ({ union }: Merge): Record<string, string> =>
  union === undefined ? {} : { "tokenizer.json": `${JSON.stringify(union.json, null, 2)}\n` };

const floats: ReadonlySet<StorageType> = new Set(["F64", "F32", "F16", "BF16"]);

interface Progress extends MergeFoldersOptions {
  readonly at: number;
  readonly total: number;
}

function sourceOfPlanned(merge: Merge, tensor: PlannedTensor, { at, total, onTensor }: Progress): TensorSource {
  const { reference, union, config } = merge;
  const { shape, storage } = reference.checkpoint.entry(tensor.like);
  const isAligned = union !== undefined && hasTokenRows(reference, tensor.like);
  const ownShape = isAligned ? [sizeOfVocabulary(merge), ...shape.slice(1)] : shape;
  if (!floats.has(storage)) {
    return { name: tensor.name, shape, storage, load: () => reference.checkpoint.readRaw(tensor.like) };
  }
  for (const source of sourcesOf(tensor)) expectSource(merge, source, { name: tensor.like, isAligned });
  const load = () => {
    onTensor?.(tensor.name, at + 1, total);
    return { dtype: "float32", shape: ownShape, data: mergedNumbers(merge, tensor, isAligned) } as const;
  };
  return { name: tensor.name, shape: ownShape, storage: config.storage ?? (storage === "F64" ? "F32" : storage), load };
}

/** The base first, each model once. */
function sourcesOf({ sources, base }: PlannedTensor): PlannedSource[] {
  const rest = sources.filter(({ input }) => input.model !== base?.input.model);
  return base === undefined ? [...sources] : [base, ...rest];
}

function expectSource(
  { models, reference }: Merge,
  { input, name }: PlannedSource,
  compared: { name: string; isAligned: boolean },
): void {
  const model = models.get(input.model)!;
  expectMergeable(model, reference, { ...compared, own: nameIn(model, reference, name) });
}

function mergedNumbers(merge: Merge, tensor: PlannedTensor, isAligned: boolean): Float32Array {
  const { models, reference, method, random, config } = merge;
  const { needsBase } = mergeMethods[method];
  const used = sourcesOf(tensor);
  const read = used.map(({ input, name }) => {
    const model = models.get(input.model)!;
    return readNumbers(model, nameIn(model, reference, name));
  });
  const numbers = isAligned ? aligned(merge, used, read) : read;
  const parts = used.map(({ input }, at) => ({ data: numbers[at]!, settings: [input.settings] }));
  const base = tensor.base && needsBase ? numbers[0] : undefined;
  // A base that is no part of the list gives linear no share.
  const isListed = tensor.sources.some(({ input }) => input.model === tensor.base?.input.model);
  const others = needsBase || (tensor.base !== undefined && !isListed) ? parts.slice(1) : parts;
  const settings = [tensor.slice.settings, config.settings];
  return mergeMethods[method].merge({ place: tensor.place, base, parts: others, settings, random });
}

function aligned(merge: Merge, used: readonly PlannedSource[], read: readonly Float32Array[]): Float32Array[] {
  const { union, models, reference } = merge;
  invariant(union !== undefined, "rows are aligned without a vocabulary");
  const names = [...models.keys()];
  const places = used.map(({ input }) => names.indexOf(input.model));
  const width = reference.checkpoint.entry(reference.embedding).shape[1]!;
  const rows = places.map((place) => union.rows[place]!);
  const base = used.findIndex(({ input }) => input.model === reference.name);
  return alignRows(
    read.map((data) => ({ data, width })),
    {
      union: { rows, vocabularySize: union.vocabularySize },
      base: base < 0 || merge.config.baseModel === undefined ? undefined : base,
      size: sizeOfVocabulary(merge),
    },
  );
}
