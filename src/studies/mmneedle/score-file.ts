import { type Answered, countHits, type OfficialHits, type SampleScore, scoreSample } from "./scorer.ts";

/** One line of a response file. */
export interface ResponseEntry extends Answered {
  readonly id: number | string;
}

/** A metric as the official scripts print it. */
export interface PrintedMetric {
  /** Percent, rounded to two decimals. */
  readonly value: number;
  /** The denominator: answered samples, or compared needles for the two `all` metrics. */
  readonly n: number;
}

export type OfficialMetric = "existence" | "index" | "exact" | "firstIndex" | "firstExact" | "allIndex" | "allExact";

/** What `assay score mmneedle` says of one file. */
export interface FileScore {
  /** Names the variant of every metric in `metrics`. */
  readonly signature: string;
  /** Only what the official script would print for this file. */
  readonly metrics: Partial<Readonly<Record<OfficialMetric, PrintedMetric>>>;
  /** How many samples came back without an answer. */
  readonly empty: number;
  readonly emptyIds: readonly (number | string)[];
  /** In the order of the file; null where no answer came. */
  readonly perSample: readonly (SampleScore | null)[];
}

export interface ScoreFileOptions {
  /** Counts a missing answer as a miss of every metric; the official scripts leave it out of every denominator. */
  readonly nullAsWrong?: boolean;
}

/** The variant of the metrics, in one line. */
export function strictSignature({ nullAsWrong = false }: ScoreFileOptions = {}): string {
  return `mmneedle|scorer:official-strict|nulls:${nullAsWrong ? "wrong" : "left-out"}|v:1`;
}

/**
 * Scores a response file and reports what the official script prints for it, to the last digit.
 *
 *     value = 100 · hits / n
 *
 * The scripts print index, exact and what follows them unless the LAST sample of the file is an absent needle that was
 * answered; a file without any answer has no metrics.
 *
 * Source   evaluate.py and evaluate_multi.py at commit debcaae
 *
 * @throws AssayError TRUTH_MALFORMED
 */
export function scoreFile(entries: readonly ResponseEntry[], options: ScoreFileOptions = {}): FileScore {
  const counted = entries.map((entry) => countHits(entry) ?? (options.nullAsWrong ? allMissed(entry) : null));
  const hits = counted.filter((hit) => hit !== null);
  const emptyIds = entries.filter(({ response }) => response === null).map(({ id }) => id);
  return {
    signature: strictSignature(options),
    metrics: hits.length === 0 ? {} : printed(hits, counted.at(-1)?.positive ?? true),
    empty: emptyIds.length,
    emptyIds,
    perSample: entries.map(scoreSample),
  };
}

function allMissed({ needles, truth }: ResponseEntry): OfficialHits {
  const positive = !truth.startsWith("0, ");
  const missed = { positive, existence: 0, index: 0, exact: 0 };
  if (needles === 1) return missed;
  return { ...missed, several: { firstIndex: 0, firstExact: 0, compared: needles, allIndex: 0, allExact: 0 } };
}

function printed(hits: readonly OfficialHits[], endsPresent: boolean): FileScore["metrics"] {
  const several = hits.flatMap((hit) => hit.several ?? []);
  const existence = share(hits, ({ existence }) => existence);
  if (!endsPresent) return { existence };
  const one = { existence, index: share(hits, ({ index }) => index), exact: share(hits, ({ exact }) => exact) };
  if (several.length === 0) return one;
  const compared = sum(several, (hit) => hit.compared);
  return {
    ...one,
    firstIndex: share(several, ({ firstIndex }) => firstIndex),
    firstExact: share(several, ({ firstExact }) => firstExact),
    allIndex: percent(
      sum(several, ({ allIndex }) => allIndex),
      compared,
    ),
    allExact: percent(
      sum(several, ({ allExact }) => allExact),
      compared,
    ),
  };
}

const share = <Hit>(hits: readonly Hit[], count: (hit: Hit) => number): PrintedMetric =>
  percent(sum(hits, count), hits.length);

const sum = <Hit>(hits: readonly Hit[], count: (hit: Hit) => number): number =>
  hits.reduce((total, hit) => total + count(hit), 0);

const percent = (hits: number, n: number): PrintedMetric => ({ value: asPrinted((hits / n) * 100), n });

/** A number as Python's `:.2f` writes it: exact ties, which toFixed() rounds up, go to the even digit. */
export function asPrinted(value: number): number {
  const eighths = value * 8;
  const isTie = Number.isInteger(eighths) && eighths % 2 !== 0;
  if (!isTie) return Number(value.toFixed(2));
  const below = Math.floor(value * 100);
  return (below + (below % 2)) / 100;
}
