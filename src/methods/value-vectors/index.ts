/** Value vectors: reading, projecting, finding, taking away, and comparing them. */
export { type Ablation, type AblationKind, ablate, ablations, meanRow, rootMeanSquare } from "./ablate.ts";
export { type DiscoverOptions, type Discovery, discoverConceptVectors } from "./discover.ts";
export { chanceJaccard, cosine, euclidean, jaccard, normOf } from "./distances.ts";
export {
  compareVectors,
  expectSameVocabulary,
  type IntrinsicScore,
  type ModelPair,
  moved,
  type NullName,
  type NullOptions,
  nullDistributions,
  nullNames,
  pairsAt,
  stackRows,
  type VectorPairs,
  type ZScoreOptions,
  zScore,
} from "./intrinsic.ts";
export {
  type ColumnScore,
  conceptLexicon,
  type Lexicon,
  type LexiconOptions,
  scoreColumns,
  topicEntropy,
  type VocabularySize,
} from "./lexicon.ts";
export {
  type ForgettingNull,
  type ForgettingNullOptions,
  forgettingNull,
  type MatchedForgetting,
  type MatchOptions,
  matchedForgetting,
} from "./matched-forgetting.ts";
export { downMapPath, expectLayer, expectPlace, type ValueVectorPlace } from "./place.ts";
export {
  type ProjectionVariant,
  type ProjectOptions,
  projectLayer,
  projectToVocabulary,
  tokensOfRow,
  vectorsToProject,
} from "./project.ts";
export {
  inverseEdit,
  unembeddingOf,
  type ValueVectorEdit,
  valueVector,
  valueVectors,
  withValueVectors,
} from "./read.ts";
export { principalAngles } from "./subspace.ts";
export type { TopTokens } from "./top-tokens.ts";
export { type CausalEffect, type KeptBehaviour, type ValidateOptions, validateCausally } from "./validate.ts";
