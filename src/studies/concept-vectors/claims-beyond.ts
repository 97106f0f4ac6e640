/** What the paper's critics ask; each test fixed beforehand. */
import type { Claim, MeasuredRecord } from "#base";
import { fineTuned, fineTunedMinusNeedle, meanClaim, values } from "./mean-claim.ts";
import { differences, keyOf, matching, meansBy } from "./numbers.ts";

/** Claims that are not the paper's. */
export const beyondThePaper: readonly Claim[] = [
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
    numbers: (records) => values(fineTuned(records, "distanceZ", { null: "random-columns" })),
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
    numbers: (records) => values(fineTuned(records, "direction")),
  }),
  meanClaim({
    id: "the-move-breaks-at-needles-distance",
    statement:
      "Fine-tuning's move of the value vector, stretched to Needle's distance, leaves no more of its top tokens",
    place: "not in the paper: matched displacement",
    certainty: "from memory",
    statistic: "Jaccard index of the top k tokens after the stretched move, all fine-tuning methods",
    side: "below",
    threshold: 0.2,
    words: "Jaccard index",
    needs: ["a fine-tuning method"],
    numbers: (records) => values(fineTuned(records, "scaled-jaccard")),
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
    statistic:
      "BLEU gained by the longest relearning, fine-tuned minus Needle, same concept and seed, where Needle changed an answer",
    side: "above",
    threshold: 0,
    words: "gain of fine-tuned minus gain of Needle",
    needs: ["a found concept that Needle changes answers about", "a fine-tuning method", "two lengths of relearning"],
    numbers: (records) => fineTunedMinusNeedle(gains(records), records),
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
      const before = meansBy(fineTuned(records, "coefficientBefore"), keyOf);
      const after = meansBy(fineTuned(records, "coefficientAfter"), keyOf);
      return new Map([...before].flatMap(([key, start]) => (start > 0 ? [[key, after.get(key)! / start - 1]] : [])));
    },
  }),
];

/** What relearning adds, one record a case. */
function gains(records: readonly MeasuredRecord[]): MeasuredRecord[] {
  const points = matching(records, "relearntBleu");
  return [...Map.groupBy(points, keyOf).values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => Number(a.setting.relearning) - Number(b.setting.relearning));
    const [first, last] = [sorted[0]!, sorted.at(-1)!];
    return sorted.length < 2 ? [] : [{ ...last, value: last.value! - first.value! }];
  });
}
