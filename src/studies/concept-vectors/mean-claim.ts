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
import { controlArms, finds } from "./arms.ts";
import { caseOf, differences, isFineTuning, keyOf, matching, meansBy, perConcept, seedsIn } from "./numbers.ts";

/** A claim that the mean of some numbers lies above a threshold, or below it. */
export interface MeanClaim extends Omit<Claim, "judge" | "test"> {
  readonly statistic: string;
  readonly side: "above" | "below";
  readonly threshold: number;
  /** What the evidence calls the mean. */
  readonly words: string;
  /** The arms that the verdict rests on; the finds unless told, with the controls' means beside them. */
  readonly arms?: readonly string[];
  /** By concept, method and seed, or by concept and seed, from one arm's records. */
  numbers(records: readonly MeasuredRecord[]): ReadonlyMap<string, number>;
}

/** Makes such a claim; its verdict is one for each subject. */
export function meanClaim({ arms = finds, numbers, ...claim }: MeanClaim): Claim {
  const { statistic, side, threshold, words, ...about } = claim;
  const test = {
    statistic,
    direction: `${side} ${threshold}`,
    margin: `95 % interval of the mean over ${arms.join(" or ")} concepts (Student) on that side`,
  };
  const judge = (records: readonly MeasuredRecord[]): Verdict[] =>
    [...new Set(records.map(({ subject }) => subject))].flatMap((subject) => {
      const own = records.filter((record) => record.subject === subject);
      const numbersOf = (arm: string) => perConcept(numbers(own.filter(({ setting }) => setting.arm === arm)));
      const judged = arms.filter((arm) => numbersOf(arm).length > 0);
      if (judged.length === 0) return [];
      const verdict = judgeMean(judged.flatMap(numbersOf), { side, threshold, words, whose: judged.join(" and ") });
      const beside = arms === finds ? controlsBeside(numbersOf) : "";
      const evidence = verdict.evidence + beside;
      return [{ claim: claim.id, subject, seeds: seedsIn(own), ...verdict, evidence }];
    });
  return { ...about, test, judge };
}

/** The same mean for each control: "; controls: planted 0.522 [0.411, 0.633], spread 0.100". */
function controlsBeside(numbersOf: (arm: string) => readonly number[]): string {
  const means = controlArms.flatMap((arm) => {
    const numbers = numbersOf(arm);
    return numbers.length === 0 ? [] : [`${arm} ${meanText(numbers)}`];
  });
  return means.length === 0 ? "" : `; controls: ${means.join(", ")}`;
}

/** "0.522 [0.411, 0.633]"; one number has no interval. */
function meanText(numbers: readonly number[]): string {
  const centre = mean(numbers).toFixed(3);
  if (numbers.length < 2) return centre;
  const { low, high } = meanInterval(numbers);
  return `${centre} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

interface Judging extends Pick<MeanClaim, "side" | "threshold" | "words"> {
  readonly whose: string;
}

function judgeMean(
  numbers: readonly number[],
  { side, threshold, words, whose }: Judging,
): Omit<Verdict, "claim" | "subject" | "seeds"> {
  const n = numbers.length;
  const centre = `${words}: ${meanText(numbers)}`;
  if (n < 2) return { status: "undecided", evidence: `${centre}, one ${whose} concept: no interval`, n, needed: 2 };
  const interval = meanInterval(numbers);
  const [low, high] = side === "above" ? [interval.low, interval.high] : [-interval.high, -interval.low];
  const bar = side === "above" ? threshold : -threshold;
  // An interval that ends on the bar fails too: concepts that all give the threshold itself are not beyond it.
  const status = low > bar ? "holds" : high <= bar ? "fails" : "undecided";
  const decided = samplesForMean({ mean: mean(numbers), spread: standardDeviation(numbers), bound: threshold });
  const needed = status === "undecided" && decided !== null ? { needed: Math.max(n + 1, decided) } : {};
  const evidence = `${centre} over ${n} ${whose} concepts, to be ${side} ${threshold}`;
  return { status, evidence, n, interval, ...needed };
}

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
