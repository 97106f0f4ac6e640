import { AssayError } from "../errors.ts";

/**
 * Holm's adjusted p-values: below α they keep the chance of even one false alarm at α, whatever the dependence.
 *
 *     p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎)      p₍₁₎ ≤ … ≤ p₍ₘ₎
 *
 * For a few claims that must each stand.
 *
 * Source   Holm 1979, "A simple sequentially rejective multiple test procedure"
 *
 * @returns one adjusted p-value for each, in the order given
 * @throws AssayError STATISTICS_INPUT for what is no p-value
 */
export function holm(pValues: readonly number[]): number[] {
  const order = ascending("holm", pValues);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, at] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[at]!));
    adjusted[at] = largest;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg's adjusted p-values: among those below q, at most a share q is expected to be false alarms.
 *
 *     p̃₍ᵢ₎ = min over j ≥ i of min(1, m p₍ⱼ₎ / j)      p₍₁₎ ≤ … ≤ p₍ₘ₎
 *
 * For a screen over many cells whose finds are looked at again; it assumes tests that are independent or positively
 * dependent.
 *
 * Source   Benjamini and Hochberg 1995, "Controlling the false discovery rate"
 *
 * @returns one adjusted p-value for each, in the order given
 * @throws AssayError STATISTICS_INPUT for what is no p-value
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = ascending("benjaminiHochberg", pValues);
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  for (const [rank, at] of [...order.entries()].reverse()) {
    smallest = Math.min(smallest, (pValues.length / (rank + 1)) * pValues[at]!);
    adjusted[at] = smallest;
  }
  return adjusted;
}

/** The positions of the p-values, smallest first. */
function ascending(who: string, pValues: readonly number[]): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined)
    throw new AssayError("STATISTICS_INPUT", `${who}: Expected p-values from 0 to 1, got ${wrong}`);
  return pValues.map((_, at) => at).sort((a, b) => pValues[a]! - pValues[b]!);
}
