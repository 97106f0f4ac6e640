/** What every explainer says of an image, and what it says of itself. */
import type { Json } from "#base";
import type { EmbeddingSource } from "./embedded-image.ts";

/** One image in the words of an explainer. K concepts, or quasi-concepts · J patches */
export interface ImageExplanation {
  readonly id: string;
  /** [K] */
  readonly theta: Float64Array;
  /** [J, K], where the explainer speaks of patches. */
  readonly patches?: Float64Array;
}

/** Data set, image and patch: `full` speaks of all three, `partial` of two, `no` of images alone. */
export type Level = "full" | "partial" | "no";

/** An explainer with its settings, ready to learn from a source. */
export interface Explainer {
  readonly name: string;
  readonly level: Level;
  /** Its settings as they are recorded beside every score. */
  readonly settings: Json;
  /** @throws AssayError EMBEDDINGS_CONSTANT, CONCEPTS_TOO_MANY and what else a source may be refused for */
  fit(source: EmbeddingSource): Promise<FittedExplainer>;
}

/** An explainer that has learnt. */
export interface FittedExplainer {
  readonly name: string;
  readonly level: Level;
  /** K, or the number of quasi-concepts: parsimony. */
  readonly size: number;
  readonly settings: Json;
  /** @throws AssayError MODEL_MISMATCH */
  explain(source: EmbeddingSource): AsyncIterable<ImageExplanation>;
}
