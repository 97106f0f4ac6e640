/** What a fit ends with. */
import { AssayError, canonicalJson, hashOf } from "#base";
import type { EmbeddingSource } from "./embedded-image.ts";
import type { Gaussians } from "./gaussians.ts";
import type { LabelMap } from "./label-map.ts";
import type { Projection } from "./projection.ts";
import type { ConceptSettings } from "./settings.ts";

/** Concepts, and all that is needed to read them in new images. */
export interface ConceptModel {
  readonly settings: ConceptSettings;
  readonly projection: Projection;
  readonly gaussians: Gaussians;
  /** The mean variance of the projected patches: the unit of the floor. */
  readonly variance: number;
  /** α [K] */
  readonly alpha: Float64Array;
  /** η [N, K] */
  readonly eta: LabelMap;
  /** β [K] */
  readonly beta: Float64Array;
  /** Virtual patches of each concept in the data that it was fitted to, [K]. */
  readonly masses: Float64Array;
  /** The bound of every epoch. */
  readonly trace: readonly EpochRecord[];
  /** Hash of the model whose embeddings these are, and how many classes it tells apart. */
  readonly model: string;
  readonly classes: number;
  /** Where it was fitted: name, images, patches. */
  readonly fitted: { readonly source: string; readonly images: number; readonly patches: number };
}

/** One pass over the data. */
export interface EpochRecord {
  readonly bound: number;
  /** Whether the objective itself changed since the epoch before, and the bounds cannot be compared: a concept began anew. */
  readonly changed: boolean;
  /** Concepts above `deadBelow`. */
  readonly alive: number;
  /** The mean number of inner rounds. */
  readonly rounds: number;
  /** The parts of the bound: embeddings, labels, pairs, prior. */
  readonly parts: {
    readonly embeddings: number;
    readonly labels: number;
    readonly pairs: number;
    readonly prior: number;
  };
}

/** How many concepts hold a share of the mass that is not nothing: e to the entropy of the masses. */
export function effectiveConcepts({ masses }: Pick<ConceptModel, "masses">): number {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const entropy = masses.reduce((sum, mass) => (mass > 0 ? sum - (mass / total) * Math.log(mass / total) : sum), 0);
  return Math.exp(entropy);
}

/** A name for a model's concepts: hash of all its numbers. */
export function conceptHash({ settings, projection, gaussians, alpha, model }: ConceptModel): string {
  const numbers = [
    projection.centre,
    projection.map ?? projection.scale!,
    gaussians.means,
    gaussians.covariances,
    alpha,
  ];
  return hashOf([model, canonicalJson(settings as never), ...numbers.map((array) => Array.from(array))] as never);
}

/** Concepts speak of one model's embeddings only. @throws AssayError MODEL_MISMATCH, EMBEDDINGS_INVALID */
export function expectSameModel(
  { model, projection }: Pick<ConceptModel, "model" | "projection">,
  source: EmbeddingSource,
): void {
  if (source.model !== model) {
    const got = `"${source.model}" in ${source.name}`;
    const claim = `Expected embeddings of model "${model}", got ${got}`;
    const wayOut = "explain a model with concepts of its own, learned from the same layer and tokens";
    throw new AssayError("MODEL_MISMATCH", `concepts: ${claim}; ${wayOut}`);
  }
  if (source.width === projection.width) return;
  const claim = `Expected embeddings of width ${projection.width}, got ${source.width} in ${source.name}`;
  throw new AssayError("EMBEDDINGS_INVALID", `concepts: ${claim}`);
}
