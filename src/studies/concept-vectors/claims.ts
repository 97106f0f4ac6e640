/** What the paper claims, what its critics ask, and what the lab's controls must show; each test fixed beforehand. */
import type { Claim, MeasuredRecord } from "#base";
import { beyondThePaper } from "./claims-beyond.ts";
import { jailbreakPrefix } from "./concept.ts";
import { harmGrowsWithEnrichment } from "./enrichment-claim.ts";
import { fineTuned, fineTunedMinusNeedle, meanClaim, values } from "./mean-claim.ts";
import { caseOf, differences, keyOf, matching, meansBy } from "./numbers.ts";

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
    numbers: noiseGap,
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
    numbers: (records) => values(fineTuned(records, "cosine")),
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
    numbers: (records) => values(matching(records, "jaccard", { method: "needle" })),
  }),
  meanClaim({
    id: "jailbreaks-get-more-from-fine-tuned",
    statement: "Jailbreaks bring back more from fine-tuned models than from Needle's",
    place: "abstract; §7",
    certainty: "second hand",
    statistic: "BLEU under jailbreaks, fine-tuned minus Needle, same concept and seed, where Needle changed an answer",
    side: "above",
    threshold: 0,
    words: "fine-tuned minus Needle",
    needs: ["a found concept that Needle changes answers about", "a fine-tuning method", "jailbreak questions"],
    numbers: (records) =>
      fineTunedMinusNeedle(
        matching(records, "bleu").filter(({ setting }) => String(setting.group).startsWith(jailbreakPrefix)),
        records,
      ),
  }),
];

/** What the measurement must be able to see before a find that it does not see means anything: no claims of the paper. */
const controls: readonly Claim[] = [
  meanClaim({
    id: "control-noise-hurts-the-planted",
    statement: "Control: noise on the vector that a concept was planted in changes answers about it most",
    place: "the lab's own control",
    certainty: "recomputed",
    statistic: "BLEU to the original's answers, unrelated minus target, noise on the value vector, planted concepts",
    side: "above",
    threshold: 0,
    words: "unrelated minus target BLEU",
    needs: ["the miniature"],
    arms: ["planted"],
    numbers: noiseGap,
  }),
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
    arms: ["planted"],
    numbers: recallGap,
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
    arms: ["spread"],
    numbers: recallGap,
  }),
];

function noiseGap(records: readonly MeasuredRecord[]): Map<string, number> {
  const wanted = { ablation: ["noise", "relative-noise"] };
  const of = (metric: string) => meansBy(matching(records, metric, wanted), caseOf);
  return differences(of("ablatedUnrelated"), of("ablatedTarget"));
}

function recallGap(records: readonly MeasuredRecord[]): Map<string, number> {
  const of = (group: string) => meansBy(matching(records, "goldRecall", { method: "needle", group }), caseOf);
  return differences(of("far"), of("target"));
}

/** Every claim of the study. */
export const claims: readonly Claim[] = [...ofThePaper, harmGrowsWithEnrichment, ...beyondThePaper, ...controls];
