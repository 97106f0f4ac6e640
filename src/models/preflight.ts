import { AssayError, sizeOf, type Tensor, tensor, zeros } from "#base";
import { compile, leavesOf, tensorType } from "#engine";
import { byteLengthOf } from "#formats";
import type { DecoderConfig } from "./family.ts";
import type { ModelFolder } from "./load-model.ts";
import { readWeight, type StoredWeight } from "./stored-weight.ts";

/** What the prediction is for. */
export interface PreflightOptions {
  /** Tokens of one pass. */
  readonly tokens: number;
  /** Bytes that weights may take before they are streamed. */
  readonly memory: number;
}

/** What loading and running a model will take on this machine. */
export interface Preflight {
  readonly isStreamed: boolean;
  /** Of the whole process. */
  readonly memoryBytes: number;
  readonly loadSeconds: number;
  /** One pass over so many tokens, and one more token after it. */
  readonly passSeconds: number;
  readonly decodeSeconds: number;
  readonly tokens: number;
  /** What it was computed from, both measured now. */
  readonly measured: { readonly readBytesPerSecond: number; readonly flopsPerSecond: number };
}

/**
 * Predicts memory and time before anything is loaded, from the sizes in the header, the speed of one matrix product of
 * the model's own shape, and that of reading one of its blocks.
 *
 *     pass = 2 · parameters in products · tokens / speed   (+ bytes of the blocks / reading speed, where they are streamed)
 */
export async function preflight(model: ModelFolder, { tokens, memory }: PreflightOptions): Promise<Preflight> {
  const sizes = sizesOf(model);
  const isStreamed = sizes.all > memory;
  const reading = measureReading(model);
  const speed = await productSpeed(model.config, tokens);
  const slow = await productSpeed(model.config, 1);
  const blockSeconds = sizes.blocks / reading.used;
  const passes = { many: (2 * sizes.multiplied * tokens) / speed, one: (2 * sizes.multiplied) / slow };
  return {
    isStreamed,
    memoryBytes: process.memoryUsage().rss + (isStreamed ? sizes.streamed : sizes.all) + activationBytes(model, tokens),
    loadSeconds: sizes.outer / reading.plain + (isStreamed ? 0 : sizes.blocks / reading.fresh),
    passSeconds: passes.many + (isStreamed ? blockSeconds : 0),
    decodeSeconds: passes.one + (isStreamed ? blockSeconds : 0),
    tokens,
    measured: { readBytesPerSecond: reading.used, flopsPerSecond: speed },
  };
}

const numbersIn = (tree: unknown): number =>
  leavesOf<StoredWeight>(tree)
    .values()
    .reduce((total, { shape }) => total + sizeOf(shape), 0);

/** In bytes of float32, and in numbers that take part in products. */
function sizesOf({ plan, parameters, config }: ModelFolder) {
  const { blocks, ...outer } = plan;
  const [inBlocks, inBlock] = [numbersIn(blocks), numbersIn(blocks[0])];
  const outside = numbersIn(outer);
  return {
    all: parameters * 4,
    outer: outside * 4,
    blocks: inBlocks * 4,
    streamed: (outside + inBlock) * 4,
    multiplied: inBlocks + config.vocabularySize * config.hiddenSize,
  };
}

/** The largest intermediate results that are alive at once: an MLP's, attention's scores, the logits. */
function activationBytes({ config }: ModelFolder, tokens: number): number {
  const { intermediateSize, hiddenSize, vocabularySize, heads } = config;
  const inBlock = tokens * (3 * intermediateSize + 4 * hiddenSize) + 2 * heads * tokens * tokens;
  return 4 * Math.max(inBlock, 2 * tokens * vocabularySize);
}

/** Bytes of float32 a second. */
interface ReadingSpeed {
  /** Into memory that the process has used before, as a pass reads its blocks. */
  readonly used: number;
  /** Into new memory, as a model is loaded: every page is a fault first. */
  readonly fresh: number;
  /** The same for what is not turned: embedding and unembedding. */
  readonly plain: number;
}

/**
 * What reading, widening and turning a block's matrices gives in a second. The block is the last one: what was just read
 * lies in the system's cache, and would flatter the disk. The first block is read before it and not counted: the loops
 * run twice as fast for their first second as they do from then on, and the memory is new.
 */
function measureReading({ plan, checkpoint }: ModelFolder): ReadingSpeed {
  const blocks = plan.blocks.map(matricesOf);
  const [first, last] = [blocks[0]!, blocks.at(-1)!];
  if (first.length === 0)
    throw new AssayError("CONFIG_INVALID", "models: Expected a matrix in the first block, got none");
  const room = new Float32Array(Math.max(...last.map(({ shape }) => sizeOf(shape))));
  const read = (weight: StoredWeight) =>
    readWeight(checkpoint, weight, { into: room.subarray(0, sizeOf(weight.shape)) });
  for (const weight of first) read(weight);
  const anew = (weight: StoredWeight) => readWeight(checkpoint, weight);
  const elsewhere = (blocks.at(-2) ?? first).slice(-1);
  return {
    used: speedOf(last, read),
    fresh: speedOf(elsewhere, anew),
    plain: speedOf([someRows(plan.embedding.token)], anew),
  };
}

/** So many rows of a table at most. */
const rowsMeasured = 8192;

function someRows(table: StoredWeight): StoredWeight {
  const [rows, ...rest] = table.shape as [number, ...number[]];
  const count = Math.min(rows, rowsMeasured);
  return { ...table, shape: [count, ...rest], rows: [[0, count]] };
}

const matricesOf = (block: object): StoredWeight[] =>
  [...leavesOf<StoredWeight>(block).values()].filter(({ shape }) => shape.length === 2);

function speedOf(weights: readonly StoredWeight[], read: (weight: StoredWeight) => unknown): number {
  const start = performance.now();
  for (const weight of weights) read(weight);
  const bytes = weights.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  return (bytes * 1000) / (performance.now() - start);
}

/** Floating point operations a second of an MLP's product over so many tokens, the median of five runs. */
export async function productSpeed(
  { hiddenSize, intermediateSize }: Pick<DecoderConfig, "hiddenSize" | "intermediateSize">,
  tokens: number,
): Promise<number> {
  const signature = {
    x: tensorType("float32", [tokens, hiddenSize]),
    weight: tensorType("float32", [hiddenSize, intermediateSize]),
  };
  const program = await compile(({ x, weight }) => x.matmul(weight), signature);
  const given = { x: filled([tokens, hiddenSize]), weight: filled([hiddenSize, intermediateSize]) };
  const times: number[] = [];
  for (let run = 0; run < 6; run++) {
    const start = performance.now();
    await program.run(given, { outputs: "reuse" });
    times.push(performance.now() - start);
  }
  const median = times.slice(1).toSorted((a, b) => a - b)[2]!;
  return (2 * tokens * hiddenSize * intermediateSize * 1000) / median;
}

function filled(shape: readonly number[]): Tensor<"float32"> {
  const { data } = zeros(shape);
  return tensor(shape, data.fill(0.01));
}

/** Bytes of the checkpoint's tensors on disk, and how many there are of each number type. */
export function storageOfCheckpoint({ checkpoint }: Pick<ModelFolder, "checkpoint">) {
  const types = new Map<string, number>();
  let bytes = 0;
  for (const tensor of checkpoint.tensors.values()) {
    types.set(tensor.storage, (types.get(tensor.storage) ?? 0) + sizeOf(tensor.shape));
    bytes += byteLengthOf(tensor);
  }
  return { bytes, types: Object.fromEntries(types) as Readonly<Record<string, number>> };
}
