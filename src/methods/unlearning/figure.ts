import { withTaps } from "#engine";
import { blockTap, type DecoderWeights, type LanguageModel } from "#models";
import type { FigureValues, TextValues } from "./text-view.ts";

/** What the figure is traced with. */
export interface FigureParts {
  readonly texts: TextValues;
  readonly weights: DecoderWeights;
  /** The layer whose residual comes out too. */
  readonly layer: number | undefined;
}

/** A model's figure over a batch. */
export function figureOf({ family, config }: LanguageModel, { texts, weights, layer }: FigureParts): FigureValues {
  const logits = () => family.logits(texts.inputIds, weights, { config });
  if (layer === undefined) return { logits: logits() };
  const name = blockTap(layer, "residual");
  const { result, taps } = withTaps({ read: [name] }, logits);
  return { logits: result, residual: taps[name]! };
}

/** A tree of values, as a family takes it. */
export const valuesAt = (tree: unknown): DecoderWeights => tree as DecoderWeights;
