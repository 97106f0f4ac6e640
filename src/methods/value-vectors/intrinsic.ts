/**
 * What changed inside: the intrinsic numbers of value vectors, and what they would be without any reason.
 *
 * Axes     N pairs of vectors · C hidden size · V vocabulary
 */
import { AssayError, mean, type RandomStream, standardDeviation, stream, type Tensor, tensor } from "#base";
import { type LanguageModel, threadsOf } from "#models";
import { cosine, euclidean, jaccard, normOf } from "./distances.ts";
import { type ProjectOptions, projectToVocabulary, tokensOfRow } from "./project.ts";
import { rowOf, unembeddingOf, valueVectors } from "./read.ts";

type Floats = Tensor<"float32">;

/** The three intrinsic numbers of one vector. */
export interface IntrinsicScore {
  /** Of the top tokens' strings, each vector under its own model's unembedding. */
  readonly jaccard: number;
  readonly cosine: number;
  /** ‖v − v'‖₂ */
  readonly distance: number;
}

/** Vectors before and after, [N, C] each. */
export interface VectorPairs {
  readonly before: Floats;
  readonly after: Floats;
}

/** The models that vectors before and after belong to. */
export interface ModelPair {
  readonly before: LanguageModel;
  readonly after: LanguageModel;
}

/**
 * Compares vectors pair by pair.
 *
 *     J(P_k(v; E), P_k(v'; E'))     cos(v, v')     ‖v − v'‖₂       E, E' the two models' own unembeddings
 *
 * Source   Hong et al. 2024, ConceptVectors, intrinsic evaluation
 *
 * @throws AssayError SHAPE_MISMATCH, TOKENIZER_MISMATCH
 */
export async function compareVectors(
  pairs: VectorPairs,
  models: ModelPair,
  options: ProjectOptions = {},
): Promise<IntrinsicScore[]> {
  expectSameVocabulary(models);
  const project = (vectors: Floats, model: LanguageModel) =>
    projectToVocabulary({ vectors, unembedding: unembeddingOf(model) }, { ...threadsOf(model.config), ...options });
  const [before, after] = [await project(pairs.before, models.before), await project(pairs.after, models.after)];
  return Array.from({ length: pairs.before.shape[0]! }, (_, row) => {
    const [first, second] = [rowOf(pairs.before, row), rowOf(pairs.after, row)];
    return {
      jaccard: jaccard(tokensOfRow(models.before, before, row), tokensOfRow(models.after, after, row)),
      cosine: cosine(first, second),
      distance: euclidean(first, second),
    };
  });
}

/** @throws AssayError TOKENIZER_MISMATCH when two models do not mean the same by a token */
export function expectSameVocabulary({ before, after }: ModelPair): void {
  const [first, second] = [before.config.vocabularySize, after.config.vocabularySize];
  if (first !== second) throw mismatch(`a vocabulary of ${first} tokens and one of ${second}`);
  for (let id = 0; id < first; id++) {
    const [ours, theirs] = [before.tokenizer?.tokenOf(id), after.tokenizer?.tokenOf(id)];
    if (ours !== theirs) throw mismatch(`"${ours}" and "${theirs}" for token ${id}`);
  }
}

const mismatch = (got: string): AssayError =>
  new AssayError(
    "TOKENIZER_MISMATCH",
    `value vectors: Expected the same tokenizer before and after, got ${got}; compare a model with what was made of it`,
  );

/** Some rows of two models' value vectors, side by side. @throws AssayError LAYER_OUT_OF_RANGE */
export function pairsAt({ before, after }: ModelPair, layer: number, columns: readonly number[]): VectorPairs {
  const rows = (model: LanguageModel) => stackRows(columns.map((column) => rowOf(valueVectors(model, layer), column)));
  return { before: rows(before), after: rows(after) };
}

/** Vectors of one length as a matrix. [N, C] */
export function stackRows(rows: readonly Float32Array[]): Floats {
  const stacked = tensor([rows.length, rows[0]!.length], new Float32Array(rows.length * rows[0]!.length));
  for (const [at, row] of rows.entries()) rowOf(stacked, at).set(row);
  return stacked;
}

/** What a vector is compared with: what would its numbers be if … */
export const nullNames = {
  "random-columns": "… it were just another column of the block, in the same two models",
  "matched-norm": "… v' were a random vector of its length",
  "matched-displacement": "… v had gone equally far in a random direction",
} as const;

/** The name of a null distribution that needs no behaviour. */
export type NullName = keyof typeof nullNames;

/** How null distributions are drawn. */
export interface NullOptions extends ProjectOptions {
  /** Draws of each; 50 when left out, and no more than there are other columns. */
  readonly count?: number;
  readonly seed?: number;
}

/** Null distributions for the numbers of one value vector. @throws AssayError as compareVectors(), COLUMN_OUT_OF_RANGE */
export async function nullDistributions(
  models: ModelPair,
  { layer, column }: { readonly layer: number; readonly column: number },
  { count = 50, seed = 0, ...options }: NullOptions = {},
): Promise<Record<NullName, IntrinsicScore[]>> {
  const random = stream(seed, `nulls/${layer}/${column}`);
  const own = pairsAt(models, layer, [column]);
  const [before, after] = [rowOf(own.before, 0), rowOf(own.after, 0)];
  const against = (rows: readonly Float32Array[]) =>
    compareVectors({ before: stackRows(rows.map(() => before)), after: stackRows(rows) }, models, options);
  const draws = Array.from({ length: count }, () => randomDirection(before.length, random));
  const others = otherColumns(models.before.config.intermediateSize, { column, count, random });
  return {
    "random-columns": await compareVectors(pairsAt(models, layer, others), models, options),
    "matched-norm": await against(draws.map((unit) => unit.map((value) => value * normOf(after)))),
    "matched-displacement": await against(draws.map((unit) => moved(before, unit, euclidean(before, after)))),
  };
}

/** v + length · u. */
export const moved = (vector: Float32Array, direction: Float32Array, length: number): Float32Array =>
  vector.map((value, at) => value + length * direction[at]!);

/** A vector of length one, every direction alike. [C] */
export function randomDirection(size: number, random: RandomStream): Float32Array {
  const drawn = Float32Array.from({ length: size }, () => random.normal());
  const norm = normOf(drawn);
  return drawn.map((value) => value / norm);
}

/** Columns other than one, each at most once. */
function otherColumns(
  columns: number,
  { column, count, random }: { column: number; count: number; random: RandomStream },
): number[] {
  const rest = Array.from({ length: columns }, (_, at) => at).filter((at) => at !== column);
  for (let at = 0; at < Math.min(count, rest.length); at++) {
    const other = at + random.int(rest.length - at);
    [rest[at], rest[other]] = [rest[other]!, rest[at]!];
  }
  return rest.slice(0, count);
}

/** When draws have no spread. */
export interface ZScoreOptions {
  /** The share of their mean up to which a spread is nothing but rounding; 0 when left out. */
  readonly rounding?: number;
}

/**
 * How unusual a number is under a null distribution, in its standard deviations.
 *
 *     z = (x − mean) / sd
 *
 * Null where the distribution has no spread.
 */
export function zScore(value: number, draws: readonly number[], { rounding = 0 }: ZScoreOptions = {}): number | null {
  const [spread, centre] = [standardDeviation(draws), mean(draws)];
  return spread > rounding * Math.abs(centre) ? (value - centre) / spread : null;
}
