/** Claims that the mean of some numbers lies on one side of a threshold, a number a concept. */
import {
  type Claim,
  type MeasuredRecord,
  mean,
  meanInterval,
  samplesForMean,
  standardDeviation,
  type Verdict,
} from "#base";
import { caseOf, differences, isFineTuning, keyOf, matching, meansBy, perArm, perConcept, seedsIn } from "./numbers.ts";

/** A claim that the mean of some numbers lies above a threshold, or below it. */
export interface MeanClaim extends Omit<Claim, "judge" | "test"> {
  readonly statistic: string;
  readonly side: "above" | "below";
  readonly threshold: number;
  /** What the evidence calls the mean. */
  readonly words: string;
  /** By concept, method and seed, or by concept and seed. */
  numbers(records: readonly MeasuredRecord[]): ReadonlyMap<string, number>;
}

/** Makes such a claim; its verdict is one for each subject. */
export function meanClaim({ statistic, side, threshold, words, numbers, ...claim }: MeanClaim): Claim {
  const test = {
    statistic,
    direction: `${side} ${threshold}`,
    margin: "95 % interval of the mean over concepts (Student) on that side",
  };
  const judge = (records: readonly MeasuredRecord[]): Verdict[] =>
    [...new Set(records.map(({ subject }) => subject))].flatMap((subject) => {
      const own = records.filter((record) => record.subject === subject);
      const keyed = numbers(own);
      const found = perConcept(keyed);
      const about = { claim: claim.id, subject, seeds: seedsIn(own) };
      const apart = armsApart(perArm(keyed, own));
      return found.length === 0 ? [] : [{ ...about, ...judgeMean(found, { side, threshold, words: words + apart }) }];
    });
  return { ...claim, test, judge };
}

/** What each arm's mean is, where there are several: " (found 0.000, planted 0.522)". */
const armsApart = (arms: readonly { readonly arm: string; readonly numbers: readonly number[] }[]): string =>
  arms.length < 2 ? "" : ` (${arms.map(({ arm, numbers }) => `${arm} ${mean(numbers).toFixed(3)}`).join(", ")})`;

function judgeMean(
  numbers: readonly number[],
  { side, threshold, words }: Pick<MeanClaim, "side" | "threshold" | "words">,
): Omit<Verdict, "claim"> {
  const n = numbers.length;
  const centre = `${words}: ${mean(numbers).toFixed(3)}`;
  if (n < 2) return { status: "undecided", evidence: `${centre}, one concept: no interval`, n, needed: 2 };
  const interval = meanInterval(numbers);
  const [low, high] = side === "above" ? [interval.low, interval.high] : [-interval.high, -interval.low];
  const bar = side === "above" ? threshold : -threshold;
  const status = low > bar ? "holds" : high < bar ? "fails" : "undecided";
  const decided = samplesForMean({ mean: mean(numbers), spread: standardDeviation(numbers), bound: threshold });
  const needed = status === "undecided" && decided !== null ? { needed: Math.max(n + 1, decided) } : {};
  const range = `[${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
  return {
    status,
    evidence: `${centre} ${range} over ${n} concepts, to be ${side} ${threshold}`,
    n,
    interval,
    ...needed,
  };
}

/** Arms whose value vector is said to carry the concept. */
export const carrying = ["found", "planted", "released"];

/** Records of fine-tuning methods. */
export const fineTuned = (records: readonly MeasuredRecord[], metric: string, wanted = {}): MeasuredRecord[] =>
  matching(records, metric, wanted).filter(isFineTuning);

/** Their means by concept, method and seed. */
export const values = (records: readonly MeasuredRecord[]): Map<string, number> => meansBy(records, keyOf);

/** By how much jailbreaks or relearning get more out of fine-tuned models than out of Needle's, case by case. */
export const fineTunedMinusNeedle = (records: readonly MeasuredRecord[]): Map<string, number> =>
  differences(
    meansBy(records.filter(isFineTuning), caseOf),
    meansBy(
      records.filter(({ setting }) => setting.method === "needle"),
      caseOf,
    ),
  );
