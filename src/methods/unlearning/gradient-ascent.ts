import type { Value } from "#engine";
import type { TextView } from "./text-view.ts";

/**
 * Gradient ascent: makes the forget set less likely, without a bound.
 *
 *     L = −ℓ̄_F        ℓ̄_F mean of −log π over the tokens of the forget set
 *
 * Source   Jang et al. 2023, Knowledge Unlearning for Mitigating Privacy Risks in Language Models (arXiv:2210.01504)
 */
export function gradientAscentLoss({ meanLoss }: Pick<TextView, "meanLoss">): Value {
  return meanLoss.neg();
}
