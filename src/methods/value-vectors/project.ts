/**
 * Projecting vectors to the vocabulary.
 *
 * Axes     N vectors · C hidden size · V vocabulary · k tokens kept
 */
import { AssayError, type Tensor } from "#base";
import { compile, type Program, tensorType, type Value } from "#engine";
import { type LanguageModel, threadsOf } from "#models";
import { meanRow } from "./ablate.ts";
import { rowOf, unembeddingOf, valueVectors } from "./read.ts";
import { RunningTop, type TopTokens } from "./top-tokens.ts";

type Floats = Tensor<"float32">;

/** How vectors are projected. */
export interface ProjectOptions {
  /** Tokens kept of each; the paper's 200 when left out, and never more than there are. */
  readonly k?: number;
  /** Vectors in a block; 512 when left out. */
  readonly rowsPerBlock?: number;
  /** Tokens in a block; 2048 when left out. */
  readonly tokensPerBlock?: number;
  readonly threads?: number;
}

/**
 * The k tokens that each vector writes most, by logit: E v, without the final norm, as the paper has it.
 *
 *     P_k(v) = the k largest of E v         ordered by logit falling, then id rising
 *
 * One product over blocks of vectors and tokens: no more than one block of scores is ever in memory.
 *
 * Shapes   vectors [N, C] · unembedding [V, C] → ids, scores [N, k]
 * Source   Geva et al. 2022 (arXiv:2203.14680), §3; Hong et al. 2024, ConceptVectors
 *
 * @throws AssayError SHAPE_MISMATCH, OPTION_RANGE
 */
export async function projectToVocabulary(
  { vectors, unembedding }: { readonly vectors: Floats; readonly unembedding: Floats },
  { k = 200, rowsPerBlock = 512, tokensPerBlock = 2048, threads }: ProjectOptions = {},
): Promise<TopTokens> {
  const [rows, size] = vectors.shape as [number, number];
  const [tokens, width] = unembedding.shape as [number, number];
  expectPositive({ k, rowsPerBlock, tokensPerBlock });
  if (size !== width) {
    const got = `got vectors of ${size} and an unembedding of ${width}`;
    throw new AssayError("SHAPE_MISMATCH", `projectToVocabulary: Expected one hidden size, ${got}`);
  }
  const product = await compileProduct(size, threads);
  const kept = Math.min(k, tokens);
  const top = { k: kept, ids: new Int32Array(rows * kept), scores: new Float32Array(rows * kept) };
  for (let row = 0; row < rows; row += rowsPerBlock) {
    const block = rowsFrom(vectors, row, rowsPerBlock);
    const found = await projectBlock(block, { unembedding, product, kept, tokensPerBlock });
    top.ids.set(found.ids, row * kept);
    top.scores.set(found.scores, row * kept);
  }
  return top;
}

interface Projecting {
  readonly unembedding: Floats;
  readonly product: Product;
  readonly kept: number;
  readonly tokensPerBlock: number;
}

async function projectBlock(vectors: Floats, { unembedding, product, kept, tokensPerBlock }: Projecting) {
  const running = new RunningTop(vectors.shape[0]!, kept);
  for (let first = 0; first < unembedding.shape[0]!; first += tokensPerBlock) {
    const tokens = rowsFrom(unembedding, first, tokensPerBlock);
    const { scores } = await product.run({ vectors, tokens } as never, { outputs: "reuse" });
    const { data, shape } = scores as unknown as Floats;
    running.take(data, { rows: shape[0]!, width: shape[1]!, first });
  }
  return running.finish();
}

type Product = Program<unknown, { readonly scores: Value }>;

function compileProduct(size: number, threads: number | undefined): Promise<Product> {
  const signature = { vectors: tensorType("float32", ["N", size]), tokens: tensorType("float32", ["M", size]) };
  const build = ({ vectors, tokens }: { vectors: Value; tokens: Value }) => ({
    scores: vectors.matmul(tokens.swapAxes(0, 1)),
  });
  return compile(build as never, signature, threads === undefined ? {} : { threads }) as never;
}

/** Some rows of a matrix, as a view. */
function rowsFrom({ data, shape }: Floats, first: number, count: number): Floats {
  const [rows, size] = shape as [number, number];
  const last = Math.min(rows, first + count);
  return { dtype: "float32", shape: [last - first, size], data: data.subarray(first * size, last * size) };
}

function expectPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [name, number] of Object.entries(numbers)) {
    if (Number.isInteger(number) && number > 0) continue;
    throw new AssayError("OPTION_RANGE", `projectToVocabulary: Expected ${name} above zero, got ${number}`);
  }
}

/** Variants of the projection: the paper's, one without what all vectors share, one seen through the final norm's scales. */
export type ProjectionVariant = "plain" | "centred" | "scaled";

/**
 * A block's value vectors, made ready to be projected.
 *
 *     plain   v            centred   v − mean_j v_j            scaled   g ⊙ v,   g the final norm's scales
 *
 * Without them frequent tokens are favoured: each vector carries a part of the block's mean.
 *
 * @throws AssayError LAYER_OUT_OF_RANGE, SCALE_MISSING where the final norm has no scales
 */
export function vectorsToProject(model: LanguageModel, layer: number, variant: ProjectionVariant = "plain"): Floats {
  const vectors = valueVectors(model, layer);
  if (variant === "plain") return vectors;
  const copy: Floats = { ...vectors, data: vectors.data.slice() };
  const change = variant === "centred" ? subtract(meanRow(vectors)) : multiply(finalScales(model));
  for (let row = 0; row < copy.shape[0]!; row++) change(rowOf(copy, row));
  return copy;
}

const subtract = (mean: Float32Array) => (row: Float32Array) => {
  for (const [at, value] of mean.entries()) row[at]! -= value;
};

const multiply = (scales: Float32Array) => (row: Float32Array) => {
  for (const [at, value] of scales.entries()) row[at]! *= value;
};

/** The scales as they multiply: some families keep them as what is added to one. */
function finalScales({ name, source, config }: LanguageModel): Float32Array {
  const scale = (source.outer.finalNorm as { readonly scale?: Floats } | undefined)?.scale;
  const { normOffset = 0 } = config as { readonly normOffset?: number };
  if (scale !== undefined) return scale.data.map((value) => value + normOffset);
  throw new AssayError("SCALE_MISSING", `${name}: Expected scales in the final norm, got none; project plain`);
}

/** What one layer's value vectors write. @throws AssayError LAYER_OUT_OF_RANGE, SCALE_MISSING, OPTION_RANGE */
export function projectLayer(
  model: LanguageModel,
  layer: number,
  { variant = "plain", ...options }: ProjectOptions & { readonly variant?: ProjectionVariant } = {},
): Promise<TopTokens> {
  return projectToVocabulary(
    { vectors: vectorsToProject(model, layer, variant), unembedding: unembeddingOf(model) },
    { ...threadsOf(model.config), ...options },
  );
}

/** The tokens of one row, as the vocabulary writes them; numbers where there is no tokenizer. */
export function tokensOfRow({ tokenizer }: LanguageModel, { ids, k }: TopTokens, row: number): string[] {
  return Array.from(ids.subarray(row * k, (row + 1) * k), (id) => tokenizer?.tokenOf(id) ?? String(id));
}
