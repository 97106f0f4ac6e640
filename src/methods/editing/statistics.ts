/** The second moment of keys, which says what else an edit must leave alone. */
import { AssayError, zeros } from "#base";
import { type Matrix, product, solvePositiveDefinite, solveTriangular } from "#engine";

/** What an edit needs of C at one layer. */
export interface KeyStatistics {
  /** Printed beside every result: `C = I`, or what C was estimated from. */
  readonly label: string;
  /** I, the length of a key. */
  readonly size: number;
  /** The layer that it belongs to; undefined where it fits all. */
  readonly layer: number | undefined;
  /** Hash of model, layer, corpus and tokenizer; undefined for the identity. */
  readonly key: string | undefined;
  /** Tokens whose keys were added up. */
  readonly positions: number;
  /** What was added to the diagonal. */
  readonly ridge: number;
  /** An estimate of κ₁(C + ridge). */
  readonly condition: number;
  /** What a person should know before trusting it. */
  readonly warnings: readonly string[];
  /** (C + ridge)⁻¹ X for X [I, n]. */
  solve(right: Matrix): Promise<Matrix>;
  /** (C + ridge) X for X [I, n]. */
  multiply(x: Matrix): Promise<Matrix>;
}

/** No statistics: every direction of keys counts alike, and the label says so. */
export function identityStatistics(size: number): KeyStatistics {
  return {
    label: "C = I",
    size,
    layer: undefined,
    key: undefined,
    positions: 0,
    ridge: 0,
    condition: 1,
    warnings: [],
    solve: async (right) => right,
    multiply: async (x) => x,
  };
}

/** A second moment and where it comes from. */
export interface SecondMoment {
  /** C [I, I], symmetric. */
  readonly moment: Matrix;
  readonly positions: number;
  readonly layer: number;
  /** What the texts were. */
  readonly corpus: string;
  readonly key?: string;
  /** The ridge that goes with the model, see StatisticsOptions. */
  readonly epsilon?: number;
}

/** How a second moment is made fit to be inverted. */
export interface StatisticsOptions {
  /** ε of the ridge ε · tr(C) / I; that of the moment's model when left out, else 1e-4. */
  readonly epsilon?: number;
}

/** Tokens for each number of a key below which C has directions that were hardly seen. */
const leastPositions = 10;

/**
 * C, ready to be solved with, in float64 by Cholesky.
 *
 *     C = (1/N) Σ_i k_i k_iᵀ,   not centred,   plus ε · tr(C) / I on the diagonal
 *
 * Deviation: the published code inverts C in float32 and without a ridge.
 *
 * Source   Meng et al. 2022, ROME, §3.1 and appendix; conditioning after Higham (see the engine's algebra)
 *
 * @throws AssayError NOT_POSITIVE_DEFINITE with a ridge to try, NOT_FINITE, OPTION_RANGE
 */
export async function keyStatistics(
  { moment, positions, layer, corpus, key, epsilon: own = 1e-4 }: SecondMoment,
  { epsilon = own }: StatisticsOptions = {},
): Promise<KeyStatistics> {
  if (!(epsilon >= 0 && Number.isFinite(epsilon))) {
    throw new AssayError("OPTION_RANGE", `editing: Expected an epsilon of zero or more, got ${epsilon}`);
  }
  const size = moment.shape[0]!;
  const ridge = (epsilon * traceOf(moment)) / size;
  const { factor, condition } = await solvePositiveDefinite(moment, zeros([size, 1], "float64"), { ridge });
  const few = `C was estimated from ${positions} tokens, fewer than ${leastPositions} for each of ${size} numbers of a key`;
  return {
    label: `C from ${positions} tokens of ${corpus}`,
    size,
    layer,
    key,
    positions,
    ridge,
    condition,
    warnings: positions < leastPositions * size ? [`${few}: the ridge decides in the directions it has not seen`] : [],
    solve: async (right) => solveTriangular(factor, await solveTriangular(factor, right), { transpose: true }),
    multiply: async (x) => plusScaled(await product(moment, x), x, ridge),
  };
}

function traceOf({ data, shape }: Matrix): number {
  const size = shape[0]!;
  let trace = 0;
  for (let at = 0; at < size; at++) trace += data[at * size + at]!;
  return trace;
}

function plusScaled(a: Matrix, b: Matrix, scale: number): Matrix {
  const sum = zeros(a.shape, "float64");
  for (let at = 0; at < sum.data.length; at++) sum.data[at] = a.data[at]! + scale * b.data[at]!;
  return sum;
}

/** Checks that statistics belong to a layer. @throws AssayError STATISTICS_MISMATCH */
export function expectStatistics(
  { label, size, layer: own }: KeyStatistics,
  { layer, intermediateSize }: { readonly layer: number; readonly intermediateSize: number },
): void {
  if (size === intermediateSize && (own === undefined || own === layer)) return;
  const got = `got ${label} for ${size} numbers${own === undefined ? "" : ` at layer ${own}`}`;
  const claim = `Expected statistics for keys of ${intermediateSize} numbers at layer ${layer}, ${got}`;
  throw new AssayError("STATISTICS_MISMATCH", `editing: ${claim}`);
}
