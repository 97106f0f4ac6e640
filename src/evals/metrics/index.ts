export { apiRecall, apiRecallOfCode, type CalledNames, calledNamesFinder } from "./api-recall.ts";
export { bNorm, sentenceBNorm } from "./b-norm.ts";
export { readBertBaseline } from "./bert-baseline.ts";
export {
  type BertScore,
  type BertScoreBaseline,
  type BertScoreOptions,
  bertScore,
  bertScoreLayer,
  bertScoreSignature,
  type TextVectors,
  type VectorEncoder,
} from "./bert-score.ts";
export { type BleuOptions, bleu, bleuSignature, sentenceBleu } from "./bleu.ts";
export { bleuNltk3, sentenceBleuNltk3 } from "./bleu-nltk3.ts";
export { tokenize13a } from "./bleu-tokens.ts";
export { type ChrfOptions, chrf, chrfSignature, sentenceChrf } from "./chrf.ts";
export { type CompScore, compScore, type Judgement, type Preference, preferenceOf } from "./comp-score.ts";
export {
  type ConceptMap,
  type LabelAgreement,
  labelAgreement,
  type Pointing,
  pointing,
  type SeedAgreement,
  seedAgreement,
} from "./concept-maps.ts";
export {
  type CounterfactCase,
  type CounterfactScores,
  counterfactScores,
  counterfactSignature,
  harmonicMean,
  type ObjectProbabilities,
} from "./counterfact.ts";
export { curveArea, deletionOrder, deletionSteps } from "./deletion.ts";
export { editSimilarity } from "./edit-similarity.ts";
export { type ClassMatch, type CompletedLine, exactMatch, exactMatchByClass } from "./exact-match.ts";
export {
  type Faithfulness,
  type FaithfulnessData,
  faithfulness,
  type Stability,
  sparsity,
  stability,
} from "./explanations.ts";
export {
  averagePrecision,
  type FileSet,
  type Localization,
  precisionAt,
  type RankMetrics,
  type RankOptions,
  rankMetrics,
  rankSignature,
  recallAt,
  reciprocalRank,
  type SetMetrics,
  type SetReport,
  setMetrics,
  setSignature,
} from "./localization.ts";
export {
  type Labelled,
  type LogisticOptions,
  type LogisticRegression,
  logisticRegression,
} from "./logistic-regression.ts";
export { type MetricResult, meanResult, type TextMetric, type TextPair } from "./metric.ts";
export { fluency, nGramEntropy } from "./n-gram-entropy.ts";
export {
  type JobOutcome,
  type JobResult,
  type PassRate,
  type PassRates,
  passAtK,
  passRates,
  passSignature,
} from "./pass-rate.ts";
export { type RankedPair, type RankWeights, rankC } from "./rank-consistency.ts";
export { type ReadPairsOptions, readPairs } from "./read-pairs.ts";
export { type RecordMetric, type RecordMetricName, type RecordMetricResult, recordMetrics } from "./record-metrics.ts";
export { type RougeKind, rouge, sentenceRouge } from "./rouge.ts";
export { rougeLPy, sentenceRougeLPy } from "./rouge-l-py.ts";
export { tokenAccuracy } from "./teacher-forcing.ts";
export { type TextMetricName, textMetric, textMetrics } from "./text-metrics.ts";
export { tokenF1, tokenProduct, wordF1 } from "./token-f1.ts";
