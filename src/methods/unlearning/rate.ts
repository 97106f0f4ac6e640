import { AssayError } from "#base";
import type { Schedule } from "#engine";

/** A learning rate that rises to its peak and falls to zero. */
export interface UnlearningRate {
  readonly peak: number;
  readonly steps: number;
  /** Steps until the peak; the first of them has the rate zero. */
  readonly warmUp: number;
}

/**
 * The learning rate of the authors' runs: a straight line up from zero, a straight line down to zero.
 *
 *     η(t) = peak · t / W              t < W
 *     η(t) = peak · (T − t) / (T − W)  t ≥ W
 *
 * With W = 1 epoch and T = 1 epoch nothing but the rise is left: three steps have the rates 0, ⅓ and ⅔ of the peak.
 */
export function unlearningRate({ peak, steps, warmUp }: UnlearningRate): Schedule {
  return (step) => {
    if (step < warmUp) return (peak * step) / warmUp;
    return peak * Math.max(0, (steps - step) / Math.max(1, steps - warmUp));
  };
}

/**
 * How many steps so many epochs over so many texts are, as the authors count them.
 *
 *     T = ⌊⌊epochs · texts⌋ / batch⌋
 *
 * @throws AssayError ARTICLE_TOO_SHORT where that is no step at all: there the authors' trainer falls back to another number of epochs
 */
export function countSteps({ texts, epochs, batchSize }: { texts: number; epochs: number; batchSize: number }): number {
  const steps = Math.floor(Math.floor(epochs * texts) / batchSize);
  if (steps > 0) return steps;
  const got = `got ${texts} for ${epochs} epochs in batches of ${batchSize}, which makes no step`;
  const wayOut = "lower the batch size, or raise the epochs";
  throw new AssayError("ARTICLE_TOO_SHORT", `unlearning: Expected enough paragraphs for one step, ${got}; ${wayOut}`);
}
