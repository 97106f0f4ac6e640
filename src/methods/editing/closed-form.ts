/**
 * The closed forms of ROME and MEMIT, on matrices alone, in float64.
 *
 * Axes     I length of a key · C length of a value · n facts. Our maps are y = x W, so ΔW = A B with A [I, r] and B [r, C].
 */
import { AssayError, tensor, zeros } from "#base";
import { type Matrix, product, solvePositiveDefinite } from "#engine";
import { lengthOf } from "./optimize.ts";
import type { KeyStatistics } from "./statistics.ts";

/** A change as two thin matrices, and how exactly its system was solved. */
export interface ClosedForm {
  /** A [I, r] */
  readonly down: Matrix;
  /** B [r, C] */
  readonly up: Matrix;
  /** ‖M X − K‖_F / ‖K‖_F of the system M X = K behind it. */
  readonly residual: number;
}

/** One fact for ROME. */
export interface RankOneFact {
  /** k̄: the mean key over all texts, which gives the direction. */
  readonly meanKey: ArrayLike<number>;
  /** k₁: the key that is mapped to the value exactly; k̄ itself in R-ROME. */
  readonly key: ArrayLike<number>;
  /** v* − W k₁ */
  readonly delta: ArrayLike<number>;
}

/** ROME's change, with the number that decides whether it is safe. */
export interface RankOneForm extends ClosedForm {
  /** k₁ · u */
  readonly keyDotDirection: number;
}

/** Below this share of k̄ · u, k₁ · u blows the change up: twenty times what its fact asks for. */
export const leastAlignment = 0.05;

/**
 * The change of rank one that maps a key to its value and, among all that do, moves the other keys least.
 *
 *     u = C⁻¹ k̄ / ‖C⁻¹ k̄‖,   ΔW = u Λᵀ,   Λ = (v* − W k₁) / (k₁ · u)
 *
 * Source   Meng et al. 2022, ROME, §3.1, eq. 2 (arXiv:2202.05262); k₁ = k̄ as in Gupta et al. 2024, Rebuilding ROME
 *
 * @throws AssayError EDIT_DISABLING when k₁ · u is tiny or negative beside k̄ · u
 */
export async function rankOneForm(
  { meanKey, key, delta }: RankOneFact,
  statistics: Pick<KeyStatistics, "solve" | "multiply">,
): Promise<RankOneForm> {
  const mean = columnOf(meanKey);
  const solved = await statistics.solve(mean);
  const residual = relativeDistance(await statistics.multiply(solved), mean);
  const length = lengthOf(solved.data);
  const direction = solved.data.map((value) => value / length);
  const keyDotDirection = dot(key, direction);
  const expected = dot(meanKey, direction);
  if (!(keyDotDirection >= leastAlignment * expected && expected > 0)) {
    throw disabling(keyDotDirection, expected);
  }
  const lambda = Float64Array.from(delta, (value) => value / keyDotDirection);
  return {
    down: tensor([direction.length, 1], direction, "float64"),
    up: tensor([1, lambda.length], lambda, "float64"),
    residual,
    keyDotDirection,
  };
}

function disabling(keyDotDirection: number, expected: number): AssayError {
  const claim = `Expected the prompt's key along the edit's direction, got k·u = ${keyDotDirection.toPrecision(3)}`;
  const beside = `where the mean key has ${expected.toPrecision(3)}`;
  const wayOut = "the change would wreck the model; use r-rome, or other prefixes";
  return new AssayError("EDIT_DISABLING", `editing: ${claim} ${beside}; ${wayOut}`, {
    details: { keyDotDirection, expected },
  });
}

/** Facts for MEMIT at one layer. */
export interface SpreadFacts {
  /** K [I, n], one key a column. */
  readonly keys: Matrix;
  /** R [n, C], one residual a row. */
  readonly residuals: Matrix;
}

/**
 * The change that maps many keys near their values and moves the others little.
 *
 *     ΔW = A R,   A = (λ C + K Kᵀ)⁻¹ K = C⁻¹ K (λ I + Kᵀ C⁻¹ K)⁻¹
 *
 * The second form, by Woodbury's identity, solves n × n instead of I × I and uses the factor of C again.
 *
 * Source   Meng et al. 2023, MEMIT, §4.2, eq. 14 (arXiv:2210.07229)
 *
 * @throws AssayError OPTION_RANGE unless λ is above zero; NOT_POSITIVE_DEFINITE, NOT_FINITE
 */
export async function spreadForm(
  { keys, residuals }: SpreadFacts,
  { statistics, weight }: { readonly statistics: Pick<KeyStatistics, "solve" | "multiply">; readonly weight: number },
): Promise<ClosedForm> {
  if (!(weight > 0 && Number.isFinite(weight))) {
    throw new AssayError("OPTION_RANGE", `editing: Expected a covariance weight above zero, got ${weight}`);
  }
  const solved = await statistics.solve(keys);
  const gram = symmetric(await product(keys, solved, { transposeA: true }));
  const { solution } = await solvePositiveDefinite(gram, transposed(solved), { ridge: weight });
  const down = transposed(solution);
  return { down, up: residuals, residual: await spreadResidual({ keys, down, weight, statistics }) };
}

interface SpreadSystem {
  readonly keys: Matrix;
  readonly down: Matrix;
  readonly weight: number;
  readonly statistics: Pick<KeyStatistics, "multiply">;
}

/** ‖(λ C + K Kᵀ) A − K‖ / ‖K‖ */
async function spreadResidual({ keys, down, weight, statistics }: SpreadSystem): Promise<number> {
  const fromC = await statistics.multiply(down);
  const fromK = await product(keys, await product(keys, down, { transposeA: true }));
  const sum = { ...fromC, data: fromC.data.map((value, at) => weight * value + fromK.data[at]!) };
  return relativeDistance(sum, keys);
}

function relativeDistance(a: Matrix, b: Matrix): number {
  return lengthOf(a.data.map((value, at) => value - b.data[at]!)) / lengthOf(b.data);
}

/** Averages what rounding made unequal. */
function symmetric({ data, shape }: Matrix): Matrix {
  const n = shape[0]!;
  const even = data.map((value, at) => (value + data[(at % n) * n + Math.floor(at / n)]!) / 2);
  return { dtype: "float64", shape, data: even };
}

/** The transpose of a matrix. */
export function transposed({ data, shape }: Matrix): Matrix {
  const [rows, columns] = shape as [number, number];
  const turned = zeros([columns, rows], "float64");
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned.data[column * rows + row] = data[row * columns + column]!;
  }
  return turned;
}

const columnOf = (values: ArrayLike<number>): Matrix =>
  tensor([values.length, 1], Float64Array.from(values), "float64");

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
