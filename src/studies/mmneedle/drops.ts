import { type Interval, type MeasuredRecord, mean, newcombe, type Share, samplesForShares } from "#base";

/** Two measured shares of which the paper says that the first is higher. */
export interface Contrast {
  readonly higher: MeasuredRecord;
  readonly lower: MeasuredRecord;
}

/** How far, on average, the first share of each pair lies above the second; in percent points. */
export interface Drop {
  /** Mean of the first shares, in percent. */
  readonly from: number;
  /** Mean of the second shares, in percent. */
  readonly to: number;
  readonly points: number;
  readonly interval: Interval;
  readonly n: number;
  /** Samples a share that would tell the two apart; null when they are equal. */
  readonly needed: number | null;
}

/**
 * The mean difference of several pairs of independent shares, with the variances of all of them recovered from Newcombe's
 * intervals.
 *
 *     d̄ = Σ dᵢ / m      low = d̄ − √(Σ (dᵢ − lᵢ)²) / m      high = d̄ + √(Σ (uᵢ − dᵢ)²) / m
 *
 * Source   Zou and Donner 2008, "Construction of confidence limits about effect measures" (MOVER), eq. 4
 */
export function meanDrop(contrasts: readonly Contrast[]): Drop {
  const differences = contrasts.map(({ higher, lower }) => {
    const [first, second] = [asShare(higher), asShare(lower)];
    return { points: higher.value! - lower.value!, interval: newcombe(first, second) };
  });
  const m = contrasts.length;
  const points = mean(differences.map((difference) => difference.points));
  const below = Math.hypot(...differences.map(({ points: d, interval }) => d - 100 * interval.low));
  const above = Math.hypot(...differences.map(({ points: d, interval }) => 100 * interval.high - d));
  const from = mean(contrasts.map(({ higher }) => higher.value!));
  const to = mean(contrasts.map(({ lower }) => lower.value!));
  return {
    from,
    to,
    points,
    interval: { low: points - below / m, high: points + above / m, level: 0.95, method: "MOVER over Newcombe" },
    n: contrasts.reduce((total, { higher, lower }) => total + higher.n + lower.n, 0),
    needed: samplesForShares({ first: from / 100, second: to / 100 }),
  };
}

function asShare({ value, n }: MeasuredRecord): Share {
  return { successes: Math.round((value! / 100) * n), n };
}
