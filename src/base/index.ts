/// <reference types="node" preserve="true" />
export { AssayError, type AssayErrorOptions, invariant, UsageError } from "./errors.ts";
export { canonicalJson, hashOf, type Json, sha256 } from "./json.ts";
export { nearest, suggestion } from "./nearest.ts";
export { PythonRandom } from "./random/python-random.ts";
export type { PythonSeed } from "./random/python-seed.ts";
export { RandomStream, type RandomStreamState, stream } from "./random/streams.ts";
export { assignment } from "./statistics/assignment.ts";
export {
  type BcaEvidence,
  type BootstrapOptions,
  bcaInterval,
  bootstrapDistribution,
  bootstrapInterval,
  type IndexStatistic,
  jackknife,
  meanOf,
  percentileInterval,
  type ResampleOptions,
  statisticOf,
} from "./statistics/bootstrap.ts";
export { pearson, ranks, spearman } from "./statistics/correlation.ts";
export {
  type Binomial,
  betaQuantile,
  binomialCdf,
  binomialPmf,
  digamma,
  lgamma,
  normalCdf,
  normalQuantile,
  studentQuantile,
} from "./statistics/distributions.ts";
export { type DrawnCorrelation, drawnPearson, drawnSpearman } from "./statistics/drawn-correlation.ts";
export { hypergeometricTail, logHypergeometricTail, type Urn } from "./statistics/hypergeometric.ts";
export {
  clopperPearson,
  type LevelOption,
  type MeanIntervalOptions,
  meanInterval,
  newcombe,
  type Share,
  wilson,
  zeroEventLimit,
} from "./statistics/intervals.ts";
export { benjaminiHochberg, holm } from "./statistics/multiplicity.ts";
export {
  type Discordance,
  discordance,
  mcnemarExact,
  mcnemarMidP,
  type PairedBootstrapOptions,
  pairedBootstrap,
  type TestResult,
} from "./statistics/paired.ts";
export {
  detectableDifference,
  detectablePairedDifference,
  type PowerOptions,
  samplesForMean,
  samplesForPairs,
  samplesForShare,
  samplesForShares,
  samplesForZeroEvents,
} from "./statistics/power.ts";
export { clusters, clustersThenMembers, members, type Resampling } from "./statistics/resampling.ts";
export { type SignFlipOptions, signFlip } from "./statistics/sign-flip.ts";
export { mean, median, quantile, standardDeviation, sum } from "./statistics/summary.ts";
export { type ArrayOf, arrayTypes, type DType, isTensor, sizeOf, type Tensor, tensor, zeros } from "./tensor.ts";
export type {
  Answer,
  Certainty,
  Claim,
  Comparability,
  ErrorKind,
  FinishReason,
  ImagePart,
  Interval,
  MeasuredRecord,
  Part,
  PublishedColumn,
  PublishedTable,
  Question,
  Sample,
  Sampling,
  Score,
  Scorer,
  Subject,
  TextPart,
  TokenLogProb,
  Verdict,
  VerdictStatus,
} from "./words.ts";
