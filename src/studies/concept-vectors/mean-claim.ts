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
export function meanClaim(made: MeanClaim): Claim {
  const { statistic, side, threshold, words: _, arms = finds, numbers: __, ...claim } = made;
  const test = {
    statistic,
    direction: `${side} ${threshold}`,
    margin: `95 % interval of the mean over ${arms.join(" or ")} concepts (Student) on that side`,
  };
  const judge = (records: readonly MeasuredRecord[]): Verdict[] =>
    [...Map.groupBy(records, ({ subject }) => subject)].flatMap(([subject, own]) =>
      judgeArms(own, made).map((verdict) => ({ claim: claim.id, subject, seeds: seedsIn(own), ...verdict })),
    );
  return { ...claim, test, judge };
}

/** What decided, without whom it is about. */
type Judged = Omit<Verdict, "claim" | "subject" | "seeds">;

/** One verdict on the arms that count, or none where nothing at all was measured. */
function judgeArms(records: readonly MeasuredRecord[], { arms = finds, numbers, needs, ...rest }: MeanClaim): Judged[] {
  const byArm = Map.groupBy(records, ({ setting }) => setting.arm);
  const numbersOf = (arm: string) => perConcept(numbers(byArm.get(arm) ?? []));
  const judged = arms.filter((arm) => numbersOf(arm).length > 0);
  const beside = arms === finds ? controlsBeside(numbersOf) : "";
  if (judged.length === 0) return beside === "" ? [] : [onControlsAlone(needs, beside)];
  const verdict = judgeMean(judged.flatMap(numbersOf), { ...rest, whose: judged.join(" and ") });
  return [{ ...verdict, evidence: verdict.evidence + beside }];
}

/** What no find can be asked is not tested, whatever controls say. */
const onControlsAlone = (needs: readonly string[], beside: string): Judged => ({
  status: "not testable here",
  evidence: `no found concept to judge${beside}`,
  missing: [needs.find((need) => need.startsWith(aFind)) ?? aFind],
});

const aFind = "a found concept";

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

function judgeMean(numbers: readonly number[], { side, threshold, words, whose }: Judging): Judged {
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

/**
 * By how much jailbreaks or relearning get more out of fine-tuned models than out of Needle's, case by case. Concepts on
 * which Needle changed no answer are left out: where nothing was forgotten, nothing comes back.
 */
export function fineTunedMinusNeedle(
  records: readonly MeasuredRecord[],
  all: readonly MeasuredRecord[],
): Map<string, number> {
  const changed = changedByNeedle(all);
  const own = records.filter(({ setting }) => changed.has(setting.concept));
  const byNeedle = own.filter(({ setting }) => setting.method === "needle");
  return differences(meansBy(own.filter(isFineTuning), caseOf), meansBy(byNeedle, caseOf));
}

function changedByNeedle(records: readonly MeasuredRecord[]): Set<MeasuredRecord["setting"][string] | undefined> {
  const target = matching(records, "bleu", { method: "needle", group: "target" });
  return new Set(target.filter(({ value }) => value! < 1 - 1e-9).map(({ setting }) => setting.concept));
}
