/** How much each patch counts: the attention weight as a virtual number of copies. */
import { AssayError } from "#base";

/** From attention weights to virtual counts. */
export interface WeightOptions {
  /** `attention` counts a patch J a times, `uniform` once. */
  readonly kind: "attention" | "uniform";
  /** `patches`: counts add up to J. `one`: to one, as the paper's equations 11 to 13 print them. */
  readonly scale: "patches" | "one";
  /** No patch counts more than this many times the mean: attention sinks. */
  readonly cap?: number;
  /** Weights are raised to this power first: 0 is uniform, 1 is as they are. */
  readonly temper?: number;
}

/** The lab's default: J a, uncapped. */
export const defaultWeights: WeightOptions = { kind: "attention", scale: "patches" };

/**
 * Virtual counts of an image's patches.
 *
 *     w_j = W min(cap, J a_j^τ / Σ a^τ) / J, with W = J or 1
 *
 * Shapes   attention [J] → w [J]
 */
export function virtualCounts(
  attention: ArrayLike<number>,
  { kind, scale, cap = Number.POSITIVE_INFINITY, temper = 1 }: WeightOptions,
  counts: Float64Array = new Float64Array(attention.length),
): Float64Array {
  const patches = attention.length;
  counts.fill(1);
  if (kind === "attention") {
    for (let at = 0; at < patches; at++) counts[at] = attention[at]! ** temper;
    const total = counts.reduce((sum, value) => sum + value, 0);
    for (let at = 0; at < patches; at++) counts[at] = Math.min(cap, (patches * counts[at]!) / total);
  }
  if (scale === "one") for (let at = 0; at < patches; at++) counts[at]! /= patches;
  return counts;
}

/** What a report prints beside every score. */
export const weightsText = ({ kind, scale, cap, temper }: WeightOptions): string =>
  [
    kind === "uniform" ? "uniform" : "attention",
    scale === "patches" ? "sum J" : "sum 1",
    ...(cap === undefined ? [] : [`cap ${cap}`]),
    ...(temper === undefined ? [] : [`power ${temper}`]),
  ].join(", ");

/** @throws AssayError OPTION_RANGE */
export function expectWeights({ cap = 1, temper = 1 }: WeightOptions): void {
  if (cap > 0 && temper >= 0) return;
  throw new AssayError("OPTION_RANGE", `concepts: Expected a cap above 0 and a power from 0, got ${cap} and ${temper}`);
}
