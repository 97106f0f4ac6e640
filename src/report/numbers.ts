import type { Interval } from "#base";

/** "52.00"; a dash where nothing was measured. Minus is the sign that is as wide as a digit. */
export const fixed = (value: number | null, decimals = 2): string =>
  value === null || !Number.isFinite(value)
    ? "–"
    : value
        .toFixed(decimals)
        .replace(/^-(?=.*[1-9])/, "−")
        .replace(/^-/, "");

/** "48.90 to 55.09". */
export const rangeText = ({ low, high }: Pick<Interval, "low" | "high">, decimals = 2): string =>
  `${fixed(low, decimals)} to ${fixed(high, decimals)}`;

/** "95 % Wilson interval 48.90 to 55.09". */
export const intervalText = (interval: Interval, decimals = 2): string =>
  `${Number((100 * interval.level).toFixed(1))} % ${interval.method} interval ${rangeText(interval, decimals)}`;

/** "1,000". */
export const countText = (count: number): string => count.toLocaleString("en-US");

/** "48.90–55.09", to stand small beside a number; with a minus in it, "−1.20 to 3.40". */
export const shortRangeText = ({ low, high }: Pick<Interval, "low" | "high">, decimals = 2): string =>
  low < 0 || high < 0 ? rangeText({ low, high }, decimals) : `${fixed(low, decimals)}–${fixed(high, decimals)}`;
