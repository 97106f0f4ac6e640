import type { DisplacementBound } from "#methods/unlearning";
import type { ValueVectorPlace } from "#methods/value-vectors";
import type { LanguageModel } from "#models";
import type { Settings } from "./settings.ts";

/** A model that forgot, and what its learning rates alone allowed. */
export interface Forgotten {
  readonly model: LanguageModel;
  readonly steps: number;
  /** Absent for Needle, which no learning rate binds, and for a model that was given. */
  readonly bound?: DisplacementBound;
  readonly warning?: string | undefined;
}

/** What is forgotten how. */
export interface Forgetting {
  readonly method: string;
  readonly place: ValueVectorPlace;
  readonly settings: Settings;
  readonly seed: number;
  /** The model that was given, for the method `given`. */
  readonly after: LanguageModel | undefined;
}
