/**
 * Embeddings that were made elsewhere: a folder of NPY files, or one safetensors file, with these names.
 *
 *     embeddings [M, J, D] · attention [M, J] or [M, heads, J] · labels [M] · probabilities or logits [M, N]
 *     perturbed_embeddings [M, J, D] · perturbed_attention [M, J], of the same images perturbed
 */
import { AssayError, sizeOf, type Tensor } from "#base";
import { firstFile, hashFile, NpyRows, openCheckpoint } from "#formats";
import type { EmbeddedImage, EmbeddingSource } from "./embedded-image.ts";

/** What a dump's files do not say. */
export interface DumpOptions {
  /** Name or hash of the model that made it; the hash of the embeddings when left out. */
  readonly model?: string;
  /** Whether the first token of each image is the class token, which is no patch: it is left out. */
  readonly classToken?: boolean;
  /** What to do without attention weights: `refuse` (default) or count every patch alike. */
  readonly withoutAttention?: "refuse" | "uniform";
  /** Names of the images, in order. */
  readonly ids?: readonly string[];
}

/** An opened dump, read an image at a time; close it when done. */
export interface EmbeddingDump extends EmbeddingSource {
  /** Whether its images have perturbed selves. */
  readonly hasPerturbed: boolean;
  /** The image at a place, read anew each time. @throws AssayError RANGE_INVALID */
  image(place: number): EmbeddedImage;
  /** What the model said of it, without its embeddings. */
  answer(place: number): Pick<EmbeddedImage, "id" | "label" | "probabilities">;
  close(): void;
  [Symbol.dispose](): void;
}

interface Rows {
  readonly shape: readonly number[];
  read(row: number): Tensor;
}

/**
 * Opens a dump.
 *
 * @throws AssayError FILE_MISSING, ATTENTION_MISSING, DUMP_INVALID when shapes do not agree
 */
export function openDump(path: string, options: DumpOptions = {}): EmbeddingDump {
  const files = filesOf(path);
  const close = () => files.close();
  try {
    const parts = openParts(path, files);
    expectParts(path, parts, options);
    return { ...dumpOf(path, parts, options), close, [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}

const noEmbeddings = (path: string): AssayError =>
  new AssayError(
    "FILE_MISSING",
    `concepts: Expected embeddings.npy in ${path}, or a safetensors file with a tensor "embeddings" there, found none`,
  );

function openParts(path: string, { open }: Files): Parts {
  const embeddings = open("embeddings");
  if (embeddings === undefined) throw noEmbeddings(path);
  return {
    embeddings,
    attention: open("attention"),
    labels: open("labels"),
    probabilities: open("probabilities"),
    logits: open("logits"),
    perturbed: open("perturbed_embeddings"),
    perturbedAttention: open("perturbed_attention"),
  };
}

function dumpOf(
  path: string,
  parts: Parts,
  options: DumpOptions,
): Omit<EmbeddingDump, "close" | typeof Symbol.dispose> {
  const [count, , width] = parts.embeddings.shape as [number, number, number];
  const scores = parts.probabilities ?? parts.logits;
  const classes = scores?.shape[1] ?? (parts.labels === undefined ? 0 : 1 + highest(parts.labels, count));
  const image = (place: number) => readImage(parts, place, options);
  function* images() {
    for (let at = 0; at < count; at++) yield image(at);
  }
  return {
    name: path,
    width,
    classes,
    count,
    images,
    image,
    model: options.model ?? hashOfDump(path),
    hasPerturbed: parts.perturbed !== undefined,
    answer: (place) => readAnswer(parts, place, options),
  };
}

function hashOfDump(path: string): string {
  return hashFile(firstFile([`${path}/embeddings.npy`, path])!).slice(0, 16);
}

/** The arrays of a folder of NPY files, or of a checkpoint. */
interface Files {
  open(name: string): Rows | undefined;
  close(): void;
}

function filesOf(path: string): Files {
  const fileOf = (name: string) => firstFile([`${path}/${name}.npy`]);
  return fileOf("embeddings") === undefined ? checkpointFiles(path) : npyFiles(fileOf);
}

function npyFiles(fileOf: (name: string) => string | undefined): Files {
  const opened: NpyRows[] = [];
  const open = (name: string) => {
    const file = fileOf(name);
    if (file === undefined) return;
    const rows = new NpyRows(file);
    opened.push(rows);
    return { shape: rows.shape, read: (row: number) => rows.readRows(row, row + 1) };
  };
  const close = () => {
    for (const rows of opened.splice(0)) rows.close();
  };
  return { open, close };
}

/** @throws AssayError FILE_MISSING */
function checkpointFiles(path: string): Files {
  if (firstFile([path]) === undefined) throw noEmbeddings(path);
  const checkpoint = openCheckpoint(path);
  const open = (name: string) => {
    const entry = checkpoint.tensors.get(name);
    if (entry === undefined) return;
    return { shape: entry.shape, read: (row: number) => checkpoint.readRows(name, { from: row, to: row + 1 }) };
  };
  return { open, close: () => checkpoint.close() };
}

type Parts = Readonly<
  Record<"attention" | "labels" | "probabilities" | "logits" | "perturbed" | "perturbedAttention", Rows | undefined>
> & {
  readonly embeddings: Rows;
};

function expectParts(path: string, parts: Parts, { withoutAttention = "refuse" }: DumpOptions): void {
  const [images, patches, width] = parts.embeddings.shape;
  const shown = (shape: readonly number[]) => `[${shape.join(", ")}]`;
  const invalid = (expected: string, { shape }: Rows) =>
    new AssayError("DUMP_INVALID", `concepts: Expected ${expected} in ${path}, got ${shown(shape)}`);
  if (width === undefined || parts.embeddings.shape.length !== 3)
    throw invalid("embeddings [images, patches, width]", parts.embeddings);
  if (parts.attention === undefined && withoutAttention === "refuse") {
    const wayOut = 'ask the model for attention outputs, or count patches alike with withoutAttention: "uniform"';
    throw new AssayError("ATTENTION_MISSING", `concepts: Expected attention weights in ${path}, found none; ${wayOut}`);
  }
  for (const [name, rows] of Object.entries(parts)) {
    if (rows !== undefined && rows.shape[0] !== images) throw invalid(`${images} rows of ${name}`, rows);
  }
  for (const name of ["attention", "perturbedAttention"] as const) {
    const rows = parts[name];
    if (rows !== undefined && (rows.shape.at(-1) !== patches || rows.shape.length > 3))
      throw invalid(`${patches} weights an image, or a head, in ${name}`, rows);
  }
  if (parts.perturbed !== undefined && parts.perturbedAttention === undefined && parts.attention !== undefined) {
    throw invalid(
      "perturbed_attention beside perturbed_embeddings: a perturbed image has attention of its own",
      parts.perturbed,
    );
  }
}

function highest(labels: Rows, count: number): number {
  let most = 0;
  for (let at = 0; at < count; at++) most = Math.max(most, Number(labels.read(at).data[0]));
  return most;
}

function readImage(parts: Parts, at: number, options: DumpOptions): EmbeddedImage {
  const answer = readAnswer(parts, at, options);
  const place = { at, id: answer.id, skipped: options.classToken ? 1 : 0 };
  const image = { ...sideOf(parts.embeddings, parts.attention, place), ...answer };
  if (parts.perturbed === undefined) return image;
  const perturbed = { ...place, id: `${answer.id} perturbed` };
  return { ...image, perturbed: sideOf(parts.perturbed, parts.perturbedAttention, perturbed) };
}

function readAnswer(parts: Parts, at: number, { ids }: DumpOptions): ReturnType<EmbeddingDump["answer"]> {
  const scores = parts.probabilities?.read(at) ?? parts.logits?.read(at);
  const probabilities = scores === undefined ? undefined : asProbabilities(scores, parts.probabilities === undefined);
  const bad = probabilities?.find((one) => !Number.isFinite(one));
  if (bad !== undefined) {
    const claim = `Expected finite ${parts.probabilities === undefined ? "logits" : "probabilities"} for image ${at}`;
    throw new AssayError("DUMP_INVALID", `concepts: ${claim}, got ${bad}; drop the image or embed it anew`);
  }
  const label =
    parts.labels === undefined
      ? probabilities?.indexOf(Math.max(...probabilities))
      : Number(parts.labels.read(at).data[0]);
  return {
    id: ids?.[at] ?? String(at),
    ...(label === undefined ? {} : { label }),
    ...(probabilities === undefined ? {} : { probabilities }),
  };
}

function sideOf(
  embeddings: Rows,
  attention: Rows | undefined,
  { at, id, skipped }: { at: number; id: string; skipped: number },
): Pick<EmbeddedImage, "id" | "embeddings" | "attention"> {
  const [, patches, width] = embeddings.shape as [number, number, number];
  const rows = embeddings.read(at).data as Float32Array;
  const weights =
    attention === undefined ? new Float64Array(patches).fill(1) : meanOfHeads(attention.read(at), patches);
  return { id, embeddings: rows.subarray(skipped * width), attention: weights.subarray(skipped) };
}

function meanOfHeads({ data, shape }: Tensor, patches: number): Float64Array {
  const weights = new Float64Array(patches);
  const heads = sizeOf(shape) / patches;
  for (let at = 0; at < data.length; at++) weights[at % patches]! += Number(data[at]) / heads;
  return weights;
}

function asProbabilities({ data }: Tensor, isLogits: boolean): Float64Array {
  const scores = Float64Array.from(data as Float32Array);
  if (!isLogits) return scores;
  const peak = Math.max(...scores);
  const raw = scores.map((score) => Math.exp(score - peak));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}
