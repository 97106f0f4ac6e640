/**
 * Concepts: what a vision transformer sees, as Gaussians of patch embeddings with probabilities, and other explainers of
 * embeddings behind the same contract.
 */
export { type CandidateScore, type Choice, type ChooseOptions, chooseConcepts } from "./choose.ts";
export { type ConceptModel, conceptHash, type EpochRecord, effectiveConcepts } from "./concept-model.ts";
export type { AlphaShape } from "./dirichlet.ts";
export { type DumpOptions, type EmbeddingDump, openDump } from "./dump.ts";
export { type EmbeddedImage, type EmbeddingSource, sourceOfImages, sourcePart } from "./embedded-image.ts";
export {
  type ConceptExplanation,
  type ExplainOptions,
  explainAll,
  explainImages,
  type ThetaEstimator,
  thetaOf,
} from "./explain.ts";
export { classFactorizationExplainer } from "./explainers/class-factorization.ts";
export { type FactorizationOptions, factorizationExplainer } from "./explainers/factorization.ts";
export { type KMeansOptions, kMeansExplainer } from "./explainers/k-means.ts";
export { type ComponentsOptions, componentsExplainer, meanEmbeddingExplainer } from "./explainers/linear.ts";
export { type MixtureOptions, mixtureExplainer } from "./explainers/mixture.ts";
export { paceExplainer } from "./explainers/pace.ts";
export type { EmbeddingOptions } from "./explainers/prepare.ts";
export { type TopicsOptions, topicsExplainer } from "./explainers/topics.ts";
export type { Explainer, FittedExplainer, ImageExplanation, Level } from "./explanation.ts";
export { type CovarianceKind, covarianceKinds } from "./features.ts";
export { type FitOptions, fitConcepts } from "./fit.ts";
export type { CovariancePrior, Gaussians } from "./gaussians.ts";
export { loadConcepts, saveConcepts } from "./model-file.ts";
export { type ConceptMode, modes } from "./modes.ts";
export { type Projection, type ProjectionKind, projectRows } from "./projection.ts";
export { type ConceptSettings, completeSettings, defaultSettings } from "./settings.ts";
export {
  type EmbeddedPictures,
  type EmbedOptions,
  embeddingHash,
  embedPictures,
  layerFromEnd,
  type NamedPicture,
  visionSource,
} from "./vision.ts";
export { defaultWeights, virtualCounts, type WeightOptions, weightsText } from "./weights.ts";
