import { suggestion, UsageError } from "#base";
import { apiRecallOfCode } from "./api-recall.ts";
import { bNorm } from "./b-norm.ts";
import { bleu } from "./bleu.ts";
import { bleuNltk3 } from "./bleu-nltk3.ts";
import { chrf } from "./chrf.ts";
import { editSimilarity } from "./edit-similarity.ts";
import { exactMatch } from "./exact-match.ts";
import type { TextMetric } from "./metric.ts";
import { rouge } from "./rouge.ts";
import { rougeLPy } from "./rouge-l-py.ts";
import { wordF1 } from "./token-f1.ts";

/** Every metric on pairs of texts, by the name that `assay metric` knows. */
export const textMetrics = {
  chrf: { references: "several", score: (pairs) => chrf(pairs) },
  "chrf++": { references: "several", score: (pairs) => chrf(pairs, { wordOrder: 2 }) },
  bleu: { references: "several", score: (pairs) => bleu(pairs) },
  "b-norm": { references: "one", score: bNorm },
  "rouge-1": { references: "several", score: (pairs) => rouge("rouge-1", pairs) },
  "rouge-2": { references: "several", score: (pairs) => rouge("rouge-2", pairs) },
  "rouge-l": { references: "several", score: (pairs) => rouge("rouge-l", pairs) },
  "edit-similarity": { references: "one", score: editSimilarity },
  "exact-match": { references: "one", score: exactMatch },
  "bleu-nltk3": { references: "several", score: bleuNltk3 },
  "rouge-l-py": { references: "one", score: rougeLPy },
  "word-f1": { references: "one", score: wordF1 },
  "api-recall": { references: "names", score: apiRecallOfCode },
} as const satisfies Record<string, TextMetric>;

/** The name of a metric on pairs of texts. */
export type TextMetricName = keyof typeof textMetrics;

/** The metric with that name. @throws UsageError UNKNOWN_METRIC with the nearest name */
export function textMetric(name: string, otherNames: readonly string[] = []): TextMetric {
  if (Object.hasOwn(textMetrics, name)) return textMetrics[name as TextMetricName];
  const known = [...Object.keys(textMetrics), ...otherNames];
  throw new UsageError(
    "UNKNOWN_METRIC",
    `metric: Expected the name of a metric, got "${name}"${suggestion(name, known)}`,
  );
}
