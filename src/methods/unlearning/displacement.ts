import { sum } from "#base";
import type { Schedule } from "#engine";

/** How far Adam can carry a vector, whatever the loss. */
export interface DisplacementBound {
  /** Σ of the learning rates over all steps. */
  readonly rateSum: number;
  /** ‖Δv‖₂ ≲ Σ η_t · √d */
  readonly distance: number;
  /** The least cosine between a vector of that norm and what it can become. */
  readonly cosine: number;
}

/**
 * The distance that learning rate × steps allow a value vector: each step of Adam moves a coordinate by about η at most.
 *
 *     ‖Δv‖ ≲ Σ η_t · √d        cos(v, v + Δ) ≥ √(1 − (‖Δ‖ / ‖v‖)²)   while ‖Δ‖ < ‖v‖, else −1
 *
 * Exact for a constant gradient; a gradient that jumps can move a coordinate by more in one step, and less on the whole.
 * Weight decay is left out.
 */
export function displacementBound(
  rate: Schedule,
  { steps, size, norm }: { readonly steps: number; readonly size: number; readonly norm: number },
): DisplacementBound {
  const rateSum = sum(Array.from({ length: steps }, (_, step) => rate(step)));
  const distance = rateSum * Math.sqrt(size);
  const cosine = distance < norm ? Math.sqrt(1 - (distance / norm) ** 2) : -1;
  return { rateSum, distance, cosine };
}

/** The bound in words where it alone keeps the cosine at a level; undefined where the vector could have turned. */
export function displacementWarning(
  { rateSum, distance, cosine }: DisplacementBound,
  { level = 0.9 }: { readonly level?: number } = {},
): string | undefined {
  if (cosine < level) return undefined;
  const cause = `the learning rates add up to ${rateSum.toPrecision(3)}, so Adam moves a value vector by at most about`;
  // Rounded down: a cosine above 1.0000 would be no bound.
  const effect = `its cosine stays above ${(Math.floor(cosine * 1e4) / 1e4).toFixed(4)} whatever the loss`;
  return `${cause} ${distance.toPrecision(3)}: ${effect}, and the intrinsic numbers say nothing about the method`;
}
