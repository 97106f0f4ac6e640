/** What explainers are examined with, and what is kept of each. */
import type { Json } from "#base";
import type { VisionModel } from "#models";
import type { Run } from "#runs";
import type { CurveAreas } from "./curves.ts";
import type { SeenPicture } from "./embed.ts";
import type { Gallery, ShownPatch } from "./gallery.ts";
import type { Measured, Scene, Sources } from "./measures.ts";
import type { Settings } from "./settings.ts";

/** Everything that explainers of one subject are examined with. */
export interface Bench {
  readonly run: Run;
  /** The model and the pictures that it saw; absent of embeddings that were made elsewhere. */
  readonly seen: Seen | undefined;
  readonly scene: Scene;
  readonly sources: Sources;
  readonly settings: Settings;
  readonly subject: string;
  /** The run's first seed: the one that is shown. */
  readonly first: number;
}

/** A model and its pictures. */
export interface Seen {
  readonly model: VisionModel;
  readonly train: readonly SeenPicture[];
  readonly test: readonly SeenPicture[];
}

/** What a step stores. */
export interface Examined {
  /** As its row is named. */
  readonly explainer: string;
  /** `main`, or how a control differs. */
  readonly variant: string;
  readonly seed: number;
  readonly level: string;
  /** K, α, weights, θ: printed beside every score. */
  readonly printed: { readonly k: number; readonly alpha: string; readonly weights: string; readonly theta: string };
  readonly settings: Json;
  readonly tuning: { readonly tried: number; readonly scores: readonly number[]; readonly chosen: number };
  readonly scores: Readonly<Record<string, Measured>>;
  readonly curves: CurveAreas | null;
  readonly randomCurves: CurveAreas | null;
  readonly gallery: Gallery | null;
  readonly comparison: Comparison | null;
}

/** The same model from another start. */
export interface Comparison {
  readonly seeds: readonly [number, number];
  /** For each concept of the first start its partner in the second. */
  readonly partners: readonly number[];
  /** Correlations of θ over test pictures, [K][K']. */
  readonly table: readonly (readonly number[])[];
  /** Patches of each concept of the second start, by its number. */
  readonly examples: readonly (readonly ShownPatch[])[];
}
