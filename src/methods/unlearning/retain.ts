import { exp, type Value } from "#engine";
import type { TextView } from "./text-view.ts";

/**
 * What keeps a model as it is by its likelihood.
 *
 *     L = ℓ̄_R         ℓ̄_R mean of −log π over the tokens of the retain set
 */
export function retainLoss({ meanLoss }: Pick<TextView, "meanLoss">): Value {
  return meanLoss;
}

/**
 * What keeps a model as it is by its whole distribution.
 *
 *     L = mean over tokens of KL(π₀ ‖ π) = Σ_v π₀(v) (log π₀(v) − log π(v))
 *
 * Shapes   logProbs, reference.logProbs [B, T, V] · counts [B, T] → scalar
 *
 * Deviation: the authors of ConceptVectors divide by all positions, padding included; here padding does not count.
 */
export function klLoss({ logProbs, counts, reference }: Pick<TextView, "logProbs" | "counts" | "reference">): Value {
  const start = reference.logProbs;
  const divergence = exp(start).mul(start.sub(logProbs)).sum({ axes: -1 }); // [B, T]
  return divergence.mul(counts).sum().div(counts.sum());
}
