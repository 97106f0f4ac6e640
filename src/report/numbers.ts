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

/** "95 % interval 48.90 to 55.09 (Wilson)". */
export const intervalText = (interval: Interval, decimals = 2): string =>
  `${Number((100 * interval.level).toFixed(1))} % interval ${rangeText(interval, decimals)} (${interval.method})`;

/** Decimals that tell the ends of an interval apart: shares and small differences need more than percent do. */
export function decimalsFor({ low, high }: Pick<Interval, "low" | "high">): number {
  const most = Math.max(Math.abs(low), Math.abs(high));
  if (most === 0 || !Number.isFinite(most) || most > 1) return 2;
  return Math.min(6, Math.max(3, 2 - Math.floor(Math.log10(most))));
}

/** "1,000". */
export const countText = (count: number): string => count.toLocaleString("en-US");

/** "48.90–55.09", to stand small beside a number; with a minus in it, "−1.20 to 3.40". */
export const shortRangeText = ({ low, high }: Pick<Interval, "low" | "high">, decimals = 2): string =>
  low < 0 || high < 0 ? rangeText({ low, high }, decimals) : `${fixed(low, decimals)}–${fixed(high, decimals)}`;
