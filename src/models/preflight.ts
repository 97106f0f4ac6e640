import { AssayError, sizeOf, type Tensor, tensor, zeros } from "#base";
import { compile, leavesOf, tensorType } from "#engine";
import { byteLengthOf, type Checkpoint } from "#formats";
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
  /** What it was computed from, all measured now: bytes of the file, bytes of float32 made of them, operations. */
  readonly measured: {
    readonly fileBytesPerSecond: number;
    readonly readBytesPerSecond: number;
    readonly flopsPerSecond: number;
  };
}

/**
 * Predicts memory and time before anything is loaded, from the sizes in the header, the speed of one matrix product of
 * the model's own shape, that of the disk, and that of making float32 in our orientation of what it gives.
 *
 *     reading = bytes in the file / file speed + bytes of float32 / widening speed
 *     pass    = 2 · parameters in products · tokens / speed   (+ reading of the blocks, where they are streamed)
 */
export async function preflight(model: ModelFolder, { tokens, memory }: PreflightOptions): Promise<Preflight> {
  const sizes = sizesOf(model);
  const isStreamed = sizes.all > memory;
  const reading = measureReading(model);
  const speed = await productSpeed(model.config, tokens);
  const slow = await productSpeed(model.config, 1);
  const inFile = storageOfCheckpoint(model).bytes / (4 * model.parameters);
  const blockSeconds = sizes.blocks / reading.used + (sizes.blocks * inFile) / reading.file;
  const loaded = isStreamed ? sizes.outer : sizes.all;
  const passes = { many: (2 * sizes.multiplied * tokens) / speed, one: (2 * sizes.multiplied) / slow };
  return {
    isStreamed,
    memoryBytes: process.memoryUsage().rss + (isStreamed ? sizes.streamed : sizes.all) + activationBytes(model, tokens),
    loadSeconds: loaded / reading.fresh + (loaded * inFile) / reading.file,
    passSeconds: passes.many + (isStreamed ? blockSeconds : 0),
    decodeSeconds: passes.one + (isStreamed ? blockSeconds : 0),
    tokens,
    measured: { fileBytesPerSecond: reading.file, readBytesPerSecond: reading.used, flopsPerSecond: speed },
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

/** Bytes a second. */
interface ReadingSpeed {
  /** Of the file, from wherever it lies into the system's cache and on. */
  readonly file: number;
  /** Of float32, from that cache into memory that the process has used before, as a pass reads its blocks. */
  readonly used: number;
  /** The same into new memory, as a model is loaded: every page is a fault first. */
  readonly fresh: number;
}

/** Reading, and widening and turning what was read, each alone: the one depends on the disk, the other on the processor. */
function measureReading({ plan, checkpoint }: ModelFolder): ReadingSpeed {
  const blocks = plan.blocks.map(matricesOf);
  const [first, second] = blocks[0]!.toSorted((a, b) => sizeOf(a.shape) - sizeOf(b.shape)).filter(isEnd);
  if (first === undefined)
    throw new AssayError("CONFIG_INVALID", "models: Expected a matrix in the first block, got none");
  const file = measureFile(blocks, checkpoint);
  const weights = second === undefined ? [first] : [first, second];
  const room = new Float32Array(Math.max(...weights.map(({ shape }) => sizeOf(shape))));
  const again = (weight: StoredWeight) =>
    readWeight(checkpoint, weight, { into: room.subarray(0, sizeOf(weight.shape)) });
  // Once for the cache and for what the compiler makes of the loops.
  for (const weight of weights) again(weight);
  return { file, used: speedOf(weights, again), fresh: speedOf(weights, (weight) => readWeight(checkpoint, weight)) };
}

const matricesOf = (block: object): StoredWeight[] =>
  [...leavesOf<StoredWeight>(block).values()].filter(({ shape }) => shape.length === 2);

/** The smallest matrix of a block and the largest: how fast one turns depends a little on its shape. */
const isEnd = (_: StoredWeight, at: number, all: readonly StoredWeight[]): boolean => at === 0 || at === all.length - 1;

const placesRead = 8;
const bytesOfPlace = 2 ** 25;
/** As much as is read at once when weights are widened. */
const bytesAtOnce = 2 ** 20;

/**
 * Bytes of the file that come in a second, from places all over it: a part of it may lie in the system's cache, and
 * another not.
 */
function measureFile(blocks: readonly (readonly StoredWeight[])[], checkpoint: Checkpoint): number {
  const names = Array.from({ length: placesRead }, (_, place) => {
    const block = blocks[Math.floor((place * blocks.length) / placesRead)]!;
    return block[place % block.length]!.name;
  });
  const buffer = new Uint8Array(bytesAtOnce);
  const start = performance.now();
  let bytes = 0;
  for (const name of new Set(names)) bytes += readSome(checkpoint.entry(name), buffer);
  return (bytes * 1000) / (performance.now() - start);
}

function readSome(entry: ReturnType<Checkpoint["entry"]>, buffer: Uint8Array): number {
  const length = Math.min(byteLengthOf(entry), bytesOfPlace);
  for (let at = 0; at < length; at += buffer.length) {
    entry.file.readInto(buffer.subarray(0, Math.min(buffer.length, length - at)), entry.position + at);
  }
  return length;
}

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
