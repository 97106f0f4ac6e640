import { cosineRate, type Schedule, warmUp } from "#engine";

/** How fast a miniature learns. */
export interface RateSettings {
  readonly learningRate: number;
  readonly lastRate: number;
  /** Steps until the full rate; a quarter of a short training. */
  readonly warmUp: number;
}

/** Rises to the full rate, then falls along half a cosine until the last step. */
export function learningRateOf({ learningRate, lastRate, warmUp: rising }: RateSettings, steps: number): Schedule {
  const warm = Math.max(1, Math.min(rising, Math.floor(steps / 4)));
  return warmUp(warm, cosineRate({ from: learningRate, to: lastRate, steps: Math.max(1, steps - warm) }));
}
