/**
 * Gaussians as linear maps: with the squares and products of a vector's numbers as features, every log-density is one
 * product of matrices and every weighted second moment is its transpose.
 *
 * Axes     d dimensions · P features
 */
import { AssayError } from "#base";

/** `full` and `tied` need every product, `diagonal` and `spherical` the squares alone. */
export type CovarianceKind = "full" | "diagonal" | "spherical" | "tied";

/** The kinds of covariance. */
export const covarianceKinds = ["full", "diagonal", "spherical", "tied"] as const satisfies readonly CovarianceKind[];

/** Whether products of different dimensions are features. */
export const hasProducts = (kind: CovarianceKind): boolean => kind === "full" || kind === "tied";

/** P: the quadratic terms, the d linear ones, and 1. */
export const featureCount = (kind: CovarianceKind, d: number): number =>
  (hasProducts(kind) ? (d * (d + 1)) / 2 : d) + d + 1;

/** Writes [x_i x_j for i ≤ j or x_i², x, 1] of each row. Shapes   rows [T, d] → into [T, P] */
export function writeFeatures(
  rows: Float64Array,
  { kind, d, count, into }: { kind: CovarianceKind; d: number; count: number; into: Float64Array },
): void {
  const products = hasProducts(kind);
  let at = 0;
  for (let row = 0; row < count; row++) {
    const base = row * d;
    for (let i = 0; i < d; i++) {
      const value = rows[base + i]!;
      const end = products ? d : i + 1;
      for (let j = i; j < end; j++) into[at++] = value * rows[base + j]!;
    }
    for (let i = 0; i < d; i++) into[at++] = rows[base + i]!;
    into[at++] = 1;
  }
}

/** @throws AssayError OPTION_RANGE */
export function expectKind(kind: string): asserts kind is CovarianceKind {
  if ((covarianceKinds as readonly string[]).includes(kind)) return;
  throw new AssayError("OPTION_RANGE", `concepts: Expected ${covarianceKinds.join(", ")} covariances, got "${kind}"`);
}
