import { type Interval, wilson } from "#base";
import type { Run } from "#runs";
import { type Configuration, groupOf } from "./configurations.ts";
import { type Position, readTruth } from "./truth.ts";

/** Exact answers among the samples whose needle lies in one place. */
export interface PlaceTally {
  readonly hits: number;
  readonly n: number;
  /** In percent. */
  readonly value: number;
  readonly interval: Interval;
}

/** A name for the places that are counted together: a cell, or a picture. */
export type PlaceName = (place: Position) => string;

/** Places are counted by row and column, over all pictures. */
export const byCell: PlaceName = ({ row, column }) => `r${row}c${column}`;
/** Places are counted by picture, over all cells: the needle's depth in the prompt. */
export const byPicture: PlaceName = ({ picture }) => `${picture}`;

/**
 * Exact accuracy by the place of the needle, one needle, present ones.
 *
 * Deviation: the official depth map shows one number at all depths, since its ten lists are one list (evaluate.py,
 * `[[]] * 10`); here every depth has its own samples.
 *
 * Source   Wang et al. 2025, MMNeedle, Figures 4 to 6
 */
export function accuracyBy(
  nameOf: PlaceName,
  { run, subject, configuration }: { run: Run; subject: string; configuration: Configuration },
): ReadonlyMap<string, PlaceTally> {
  const counts = new Map<string, { hits: number; n: number }>();
  for (const { truth, score } of run.answers<string>({ subject, group: groupOf(configuration, "positive") })) {
    if (typeof score.exact !== "number") continue;
    const [place] = readTruth(truth, configuration.needles);
    const name = nameOf(place!);
    const count = counts.get(name) ?? { hits: 0, n: 0 };
    counts.set(name, { hits: count.hits + score.exact, n: count.n + 1 });
  }
  return new Map([...counts].map(([name, count]) => [name, tallyOf(count)]));
}

function tallyOf({ hits, n }: { hits: number; n: number }): PlaceTally {
  const { low, high, ...how } = wilson(hits, n);
  return { hits, n, value: (100 * hits) / n, interval: { ...how, low: 100 * low, high: 100 * high } };
}
