/** For each patch the concepts that can matter, with the exponentials taken once. */
import { digamma } from "#base";
import type { DensityMap } from "./gaussians.ts";
import type { ModeRule } from "./modes.ts";

/** Sparse rows: entries `pointers[j]` to `pointers[j + 1]` belong to patch j. */
export interface Candidates {
  readonly pointers: Int32Array;
  readonly concepts: Int32Array;
  /** exp(density − the patch's largest). */
  readonly shares: Float64Array;
  /** The patch's largest density. */
  readonly peaks: Float64Array;
  /** ln N of each entry, unweighted: what modes without an objective of their own are judged by. */
  readonly logDensities: Float64Array;
}

/** Room for T patches of K concepts, used again for every batch. */
export const candidateRoom = (patches: number, concepts: number): Candidates => ({
  pointers: new Int32Array(patches + 1),
  concepts: new Int32Array(patches * concepts),
  shares: new Float64Array(patches * concepts),
  peaks: new Float64Array(patches),
  logDensities: new Float64Array(patches * concepts),
});

/** Shares below e⁻³⁶ of the largest are lost in rounding. */
const lost = 36;

/**
 * How far apart E[ln θ] of two concepts can be: a concept that is less likely than another by more than this and by
 * rounding can never matter.
 *
 *     ψ(max α + W) − ψ(min α)
 */
export const widestPrior = (alpha: Float64Array, mass: number): number => {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const value of alpha) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return digamma(most + mass) - digamma(least);
};

/** What the candidates of a batch follow from. */
export interface CandidateOptions {
  /** −½ Mahalanobis [T, K]. */
  readonly densities: Float64Array;
  readonly map: DensityMap;
  readonly rule: ModeRule;
  readonly weights: Float64Array;
  readonly starts: readonly number[];
  /** The widest prior of each image. */
  readonly margins: readonly number[];
}

/** Fills the rows of a batch. */
export function findCandidates(into: Candidates, options: CandidateOptions): void {
  const { densities, map, rule, weights, starts, margins } = options;
  const concepts = map.halfLogDet.length;
  const row = new Float64Array(concepts);
  let at = 0;
  for (let image = 0; image + 1 < starts.length; image++) {
    const [start, end] = [starts[image]!, starts[image + 1]!];
    for (let j = start; j < end; j++) {
      const [quadratic, logarithm] = [
        rule.quadratic(weights[j]!, end - start),
        rule.logarithm(weights[j]!, end - start),
      ];
      const peak = fillRow(row, { densities, offset: j * concepts, map, quadratic, logarithm });
      into.pointers[j] = at;
      into.peaks[j] = peak;
      at = keep(into, {
        row,
        at,
        peak,
        least: peak - lost - margins[image]!,
        raw: { densities, offset: j * concepts, map },
      });
    }
  }
  into.pointers[starts.at(-1)!] = at;
}

interface RawRow {
  readonly densities: Float64Array;
  readonly offset: number;
  readonly map: DensityMap;
}

function fillRow(
  row: Float64Array,
  { densities, offset, map, quadratic, logarithm }: RawRow & { quadratic: number; logarithm: number },
): number {
  const { halfLogDet, blur, constant } = map;
  let peak = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < row.length; k++) {
    const value = quadratic * (densities[offset + k]! - blur[k]!) - logarithm * (halfLogDet[k]! + constant);
    row[k] = value;
    if (value > peak) peak = value;
  }
  return peak;
}

interface Kept {
  readonly row: Float64Array;
  readonly at: number;
  readonly peak: number;
  readonly least: number;
  readonly raw: RawRow;
}

function keep(into: Candidates, { row, at, peak, least, raw }: Kept): number {
  const { densities, offset, map } = raw;
  let next = at;
  for (let k = 0; k < row.length; k++) {
    if (row[k]! < least) continue;
    into.concepts[next] = k;
    into.shares[next] = Math.exp(row[k]! - peak);
    into.logDensities[next] = densities[offset + k]! - map.blur[k]! - map.halfLogDet[k]! - map.constant;
    next++;
  }
  return next;
}
