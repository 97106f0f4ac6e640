/** An axis with numbers on it. */
export interface NumberAxis {
  readonly label: string;
  /** Equal steps for equal factors; every value must be above zero. */
  readonly log?: boolean;
  /** First and last value; from the points when absent. */
  readonly domain?: readonly [number, number];
  /** Values to mark, where the usual ones would mislead: the settings that were measured. */
  readonly ticks?: readonly number[];
}

/** The values that an axis spans: as given, else what is drawn with a little room; a log axis has no zero. */
export function spanOf({ domain, log }: NumberAxis, values: readonly number[]): readonly [number, number] {
  if (domain !== undefined) return domain;
  const drawn = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (drawn.length === 0) return log ? [1, 10] : [0, 1];
  const [low, high] = drawn.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  if (low === high) return log ? [low / 2, high * 2] : [low - 1, high + 1];
  return [low, high];
}

/** The same with zero in it, for measures whose size counts from zero. */
export function spanWithZero(axis: NumberAxis, values: readonly number[]): readonly [number, number] {
  if (axis.domain !== undefined || axis.log) return spanOf(axis, values);
  const [low, high] = spanOf(axis, values);
  return [Math.min(0, low), Math.max(0, high)];
}

/** Plot's scale for an axis. */
export const scaleOf = ({ label, log, ticks }: NumberAxis, domain: readonly [number, number]) => ({
  ...({ type: log ? "log" : "linear", domain: [...domain], label, labelArrow: "none", tickSize: 4 } as const),
  ...(ticks !== undefined && { ticks: [...ticks], tickFormat: (value: number) => String(value) }),
});
