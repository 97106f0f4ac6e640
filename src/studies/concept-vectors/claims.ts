/** What the paper claims, what its critics ask, and what the lab's controls must show; each test fixed beforehand. */
import {
  type Claim,
  type MeasuredRecord,
  mean,
  meanInterval,
  samplesForMean,
  standardDeviation,
  type Verdict,
} from "#base";
import { jailbreakPrefix } from "./concept.ts";
import { caseOf, differences, isFineTuning, keyOf, matching, meansBy, perConcept, seedsIn } from "./numbers.ts";

/** A claim that the mean of some numbers lies above a threshold, or below it. */
interface MeanClaim extends Omit<Claim, "judge" | "test"> {
  readonly statistic: string;
  readonly side: "above" | "below";
  readonly threshold: number;
  /** What the evidence calls the mean. */
  readonly words: string;
  /** By concept, method and seed, or by concept and seed. */
  numbers(records: readonly MeasuredRecord[]): ReadonlyMap<string, number>;
}

function meanClaim({ statistic, side, threshold, words, numbers, ...claim }: MeanClaim): Claim {
  const test = {
    statistic,
    direction: `${side} ${threshold}`,
    margin: "95 % interval of the mean over concepts (Student) on that side",
  };
  const judge = (records: readonly MeasuredRecord[]): Verdict[] =>
    [...new Set(records.map(({ subject }) => subject))].flatMap((subject) => {
      const own = records.filter((record) => record.subject === subject);
      const found = perConcept(numbers(own));
      const about = { claim: claim.id, subject, seeds: seedsIn(own) };
      return found.length === 0 ? [] : [{ ...about, ...judgeMean(found, { side, threshold, words }) }];
    });
  return { ...claim, test, judge };
}

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
const carrying = ["found", "planted", "released"];
const fineTuned = (records: readonly MeasuredRecord[], metric: string, wanted = {}): MeasuredRecord[] =>
  matching(records, metric, wanted).filter(isFineTuning);
const values = (records: readonly MeasuredRecord[]): Map<string, number> => meansBy(records, keyOf);

/** By how much jailbreaks or relearning get more out of fine-tuned models than out of Needle's, case by case. */
const fineTunedMinusNeedle = (records: readonly MeasuredRecord[]): Map<string, number> =>
  differences(
    meansBy(records.filter(isFineTuning), caseOf),
    meansBy(
      records.filter(({ setting }) => setting.method === "needle"),
      caseOf,
    ),
  );

const ofThePaper: readonly Claim[] = [
  meanClaim({
    id: "noise-hurts-the-concept",
    statement: "Noise on a concept's value vector changes answers about it more than answers about other things",
    place: "§3, causal validation",
    certainty: "recomputed",
    statistic: "BLEU to the original's answers, unrelated minus target, noise on the value vector",
    side: "above",
    threshold: 0,
    words: "unrelated minus target BLEU",
    needs: ["a located value vector"],
    numbers: (records) => {
      const wanted = { arm: carrying, ablation: ["noise", "relative-noise"] };
      const [kept, lost] = ["ablatedUnrelated", "ablatedTarget"].map((metric) =>
        meansBy(matching(records, metric, wanted), caseOf),
      );
      return differences(kept!, lost!);
    },
  }),
  meanClaim({
    id: "fine-tuning-leaves-the-vector",
    statement: "After unlearning by fine-tuning the concept's value vector points where it did",
    place: "abstract; §6",
    certainty: "second hand",
    statistic: "cosine of the value vector before and after, all fine-tuning methods",
    side: "above",
    threshold: 0.95,
    words: "cosine",
    needs: ["a fine-tuning method"],
    numbers: (records) => values(fineTuned(records, "cosine", { arm: carrying })),
  }),
  meanClaim({
    id: "fine-tuning-silences",
    statement: "Fine-tuning changes answers about the concept more than answers about other things",
    place: "abstract; §6",
    certainty: "second hand",
    statistic: "BLEU to the original's answers, unrelated minus target, all fine-tuning methods",
    side: "above",
    threshold: 0,
    words: "unrelated minus target BLEU",
    needs: ["a fine-tuning method"],
    numbers: (records) =>
      differences(
        meansBy(fineTuned(records, "bleu", { group: "far" }), keyOf),
        meansBy(fineTuned(records, "bleu", { group: "target" }), keyOf),
      ),
  }),
  meanClaim({
    id: "needle-breaks-the-vector",
    statement: "Needle leaves no more of the value vector's top tokens than chance would",
    place: "§6",
    certainty: "second hand",
    statistic: "Jaccard index of the top k tokens before and after Needle",
    side: "below",
    threshold: 0.2,
    words: "Jaccard index",
    needs: ["Needle"],
    numbers: (records) => values(matching(records, "jaccard", { method: "needle", arm: carrying })),
  }),
  meanClaim({
    id: "jailbreaks-get-more-from-fine-tuned",
    statement: "Jailbreaks bring back more from fine-tuned models than from Needle's",
    place: "abstract; §7",
    certainty: "second hand",
    statistic: "BLEU under jailbreaks, fine-tuned minus Needle, same concept and seed",
    side: "above",
    threshold: 0,
    words: "fine-tuned minus Needle",
    needs: ["Needle and a fine-tuning method", "a group of jailbreak questions"],
    numbers: (records) =>
      fineTunedMinusNeedle(
        matching(records, "bleu", { arm: carrying }).filter(({ setting }) =>
          String(setting.group).startsWith(jailbreakPrefix),
        ),
      ),
  }),
];

const beyondThePaper: readonly Claim[] = [
  meanClaim({
    id: "the-vector-moves-more-than-others",
    statement: "Fine-tuning moves the concept's value vector more than other columns of its block",
    place: "not in the paper: a null distribution",
    certainty: "from memory",
    statistic: "z of the distance among random columns of the block, all fine-tuning methods",
    side: "above",
    threshold: 0,
    words: "z",
    needs: ["a fine-tuning method"],
    numbers: (records) => values(fineTuned(records, "distanceZ", { arm: carrying, null: "random-columns" })),
  }),
  meanClaim({
    id: "the-vector-turns-away",
    statement: "Fine-tuning moves the value vector against its own direction",
    place: "not in the paper: the update's direction",
    certainty: "from memory",
    statistic: "cosine between the update and the value vector, all fine-tuning methods",
    side: "below",
    threshold: 0,
    words: "cosine of update and vector",
    needs: ["a fine-tuning method"],
    numbers: (records) => values(fineTuned(records, "direction", { arm: carrying })),
  }),
  meanClaim({
    id: "bfloat16-swallows-steps",
    statement: "The same method moves the value vector less when weights are kept in bfloat16",
    place: "not in the paper: number format",
    certainty: "from memory",
    statistic: "distance in float32 minus distance in bfloat16, same method, concept and seed",
    side: "above",
    threshold: 0,
    words: "float32 minus bfloat16 distance",
    needs: ["a method with and without /bfloat16"],
    numbers: (records) => {
      const moved = matching(records, "distance");
      const plain = (record: MeasuredRecord) => keyOf(record).replace("/bfloat16", "");
      const isRounded = ({ setting }: MeasuredRecord) => String(setting.method).endsWith("/bfloat16");
      const [rounded, fine] = [moved.filter(isRounded), moved.filter((record) => !isRounded(record))];
      return differences(meansBy(fine, plain), meansBy(rounded, plain));
    },
  }),
  meanClaim({
    id: "fine-tuned-relearn-faster",
    statement: "Reading a tenth of the article again brings back more in fine-tuned models than in Needle's",
    place: "not in the paper: relearning",
    certainty: "from memory",
    statistic: "BLEU gained by the longest relearning, fine-tuned minus Needle, same concept and seed",
    side: "above",
    threshold: 0,
    words: "gain of fine-tuned minus gain of Needle",
    needs: ["Needle and a fine-tuning method", "two lengths of relearning"],
    numbers: (records) => fineTunedMinusNeedle(gains(records)),
  }),
  meanClaim({
    id: "the-coefficient-falls",
    statement: "After fine-tuning questions about the concept wake its value vector less",
    place: "abstract: suppression at inference",
    certainty: "second hand",
    statistic: "change of |coefficient| at the last token of target questions over its start, all fine-tuning methods",
    side: "below",
    threshold: 0,
    words: "relative change",
    needs: ["a fine-tuning method"],
    numbers: (records) => {
      const before = meansBy(fineTuned(records, "coefficientBefore", { arm: carrying }), keyOf);
      const after = meansBy(fineTuned(records, "coefficientAfter", { arm: carrying }), keyOf);
      return new Map([...before].flatMap(([key, start]) => (start > 0 ? [[key, after.get(key)! / start - 1]] : [])));
    },
  }),
];

/** What relearning adds, one record a case. */
function gains(records: readonly MeasuredRecord[]): MeasuredRecord[] {
  const points = matching(records, "relearntBleu", { arm: carrying });
  return [...Map.groupBy(points, keyOf).values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => Number(a.setting.relearning) - Number(b.setting.relearning));
    const [first, last] = [sorted[0]!, sorted.at(-1)!];
    return sorted.length < 2 ? [] : [{ ...last, value: last.value! - first.value! }];
  });
}

const controls: readonly Claim[] = [
  meanClaim({
    id: "control-planted-knowledge-goes",
    statement: "Control: Needle on the vector that a concept was planted in takes the knowledge away",
    place: "the lab's own control",
    certainty: "recomputed",
    statistic: "gold recall of unrelated minus target questions after Needle, planted concepts",
    side: "above",
    threshold: 0.5,
    words: "unrelated minus target gold recall",
    needs: ["the miniature", "Needle"],
    numbers: (records) => recallGap(records, "planted"),
  }),
  meanClaim({
    id: "control-spread-knowledge-stays",
    statement: "Control: Needle on one vector does not erase knowledge that is spread over many",
    place: "the lab's own control",
    certainty: "recomputed",
    statistic: "gold recall of unrelated minus target questions after Needle, spread concepts",
    side: "below",
    threshold: 0.5,
    words: "unrelated minus target gold recall",
    needs: ["the miniature", "Needle"],
    numbers: (records) => recallGap(records, "spread"),
  }),
];

function recallGap(records: readonly MeasuredRecord[], arm: string): Map<string, number> {
  const wanted = (group: string) => matching(records, "goldRecall", { arm, method: "needle", group });
  return differences(meansBy(wanted("far"), caseOf), meansBy(wanted("target"), caseOf));
}

/** Every claim of the study. */
export const claims: readonly Claim[] = [...ofThePaper, ...beyondThePaper, ...controls];
