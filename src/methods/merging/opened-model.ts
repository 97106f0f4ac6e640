/** A model's folder as merging sees it: tensors by name, and which of them have a row for each token. */
import { AssayError, sizeOf } from "#base";
import { leavesOf } from "#engine";
import type { Checkpoint } from "#formats";
import { findModel, type ModelFolder, openModelFolder, type StoredWeight } from "#models";

/** One model of a merge, opened and nothing read but names and shapes. */
export interface OpenedModel {
  /** As the configuration names it. */
  readonly name: string;
  readonly folder: string;
  readonly checkpoint: Checkpoint;
  readonly layers: number;
  readonly embedding: string;
  /** Undefined where the embedding serves. */
  readonly unembedding: string | undefined;
  /** Paths of its weights, those of all blocks under one name: `blocks.*.mlp.down.weight`. */
  readonly kinds: ReadonlySet<string>;
  /** Names of what stands behind the last block. */
  readonly after: ReadonlySet<string>;
}

/** Opens a model's folder. @throws AssayError as openModelFolder(), with a hint for a name of the hub */
export async function openMergedModel(name: string): Promise<OpenedModel> {
  let opened: ModelFolder;
  try {
    opened = openModelFolder(await findModel(name));
  } catch (cause) {
    if ((cause as AssayError).code !== "FILE_MISSING" || !/^[\w.-]+\/[\w.-]+$/.test(name)) throw cause;
    const claim = `Expected the folder of a model, got "${name}"`;
    throw new AssayError("MODEL_MISSING", `merge: ${claim}; a model of the hub is hf:${name}`, { cause });
  }
  const { folder, checkpoint, config, plan } = opened;
  const behind = [...leavesOf<StoredWeight>({ norm: plan.finalNorm, head: plan.unembedding }).values()];
  return {
    name,
    folder,
    checkpoint,
    layers: config.layers,
    embedding: plan.embedding.token.name,
    unembedding: plan.unembedding?.name,
    kinds: new Set([...leavesOf(plan).keys()].map((path) => path.replace(/^blocks\.\d+\./, "blocks.*."))),
    after: new Set(behind.filter((leaf) => leaf !== undefined).map((leaf) => leaf.name)),
  };
}

/** Whether a tensor has a row for each token. */
export const hasTokenRows = ({ embedding, unembedding }: OpenedModel, name: string): boolean =>
  name === embedding || name === unembedding;

/** What this model calls a tensor of another: a tied model's head is its embedding. */
export function nameIn(model: OpenedModel, reference: OpenedModel, name: string): string {
  if (name === reference.embedding) return model.embedding;
  return name === reference.unembedding ? (model.unembedding ?? model.embedding) : name;
}

/** A tensor's numbers in float32. */
export function readNumbers({ checkpoint }: OpenedModel, name: string): Float32Array {
  const { data } = checkpoint.read(name);
  return data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
}

/** Compares a tensor's shape with the base's; rows may differ where tokens are aligned. @throws AssayError MERGE_SHAPE */
export function expectMergeable(
  model: OpenedModel,
  reference: OpenedModel,
  { name, own, isAligned }: ComparedTensor,
): void {
  const [expected, got] = [reference.checkpoint.entry(name).shape, model.checkpoint.entry(own).shape];
  const skip = isAligned ? 1 : 0;
  const isSame =
    expected.length === got.length && expected.slice(skip).every((size, axis) => size === got[axis + skip]);
  if (isSame && (isAligned || sizeOf(expected) === sizeOf(got))) return;
  const isRows = hasTokenRows(reference, name) && expected[1] === got[1];
  const wayOut = isRows
    ? "set tokenizer: {source: union}, so that no token's row is cut off"
    : "the models are of different sizes";
  const claim = `Expected "${name}" [${expected.join(", ")}] of ${reference.name} in ${model.name}, got [${got.join(", ")}]`;
  throw new AssayError("MERGE_SHAPE", `merge: ${claim}; ${wayOut}`);
}

/** What the base has no place for would be left out, and the merged model be none of them. @throws AssayError MERGE_SHAPE */
export function expectSameKinds(model: OpenedModel, reference: OpenedModel): void {
  const spare = [...model.kinds].find((kind) => !reference.kinds.has(kind));
  if (spare === undefined) return;
  const isHead = spare.startsWith("unembedding");
  const what = isHead ? "a head of its own, where the base's embedding serves" : `"${spare}", which the base lacks`;
  const wayOut = "make one that has it the base, or merge models of one architecture";
  const claim = `Expected the weights of ${reference.name} alone in ${model.name}, got ${what}`;
  throw new AssayError("MERGE_SHAPE", `merge: ${claim}; ${wayOut}`);
}

/** A tensor under both names. */
export interface ComparedTensor {
  readonly name: string;
  readonly own: string;
  readonly isAligned: boolean;
}
