import { textWidth } from "./drawing.ts";

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

/** Between the lines of a label. */
const labelLine = 12;

/** A label broken between words into lines that have room, and how much higher it is than on one line. */
export function labelWithin(label: string, room: number): { readonly label: string; readonly more: number } {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer) <= room) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return { label: lines.join("\n"), more: labelLine * (lines.length - 1) };
}

/** The room of a label that stands in the middle between two margins. */
export const centredRoom = (
  width: number,
  { left, right }: { readonly left: number; readonly right: number },
): number => width - left - right + 2 * Math.min(left, right);

/** Plot's scale for an axis. */
export const scaleOf = ({ label, log, ticks }: NumberAxis, domain: readonly [number, number]) => ({
  ...({ type: log ? "log" : "linear", domain: [...domain], label, labelArrow: "none", tickSize: 4 } as const),
  ...(ticks !== undefined && { ticks: [...ticks], tickFormat: (value: number) => String(value) }),
});
