import { expectInRange } from "./ranges.ts";
import type { OptimizerRule } from "./rule.ts";

/** Momentum and decay; none of either when left out. */
export interface SgdOptions {
  /** μ; 0 (default) keeps no state. */
  readonly momentum?: number;
  /** Looks ahead along the momentum. */
  readonly nesterov?: boolean;
  /** λ, added to the gradient (not decoupled); 0 when left out. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum.
 *
 *     d  = g + λ w
 *     b' = μ b + d
 *     w' = w − η d         without momentum
 *     w' = w − η b'        with momentum
 *     w' = w − η (d + μ b')  with Nesterov momentum
 *
 * Source   Sutskever et al. 2013, On the importance of initialization and momentum, §2, in PyTorch's form (no dampening)
 *
 * @throws AssayError OPTION_RANGE
 */
export function sgd({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions = {}): OptimizerRule {
  expectInRange("sgd", { momentum }, { from: 0, below: 1 });
  expectInRange("sgd", { weightDecay }, { from: 0 });
  const hasMomentum = momentum > 0;
  return {
    name: "sgd",
    settings: { momentum, nesterov, weightDecay },
    weightDecay,
    slots: hasMomentum ? ["momentum"] : [],
    scalars: ["decay", "rate", "scale"],
    numbers: (step) => ({ decay: step.weightDecay, rate: step.learningRate, scale: step.gradientScale }),
    update({ weight, gradient, slots, numbers }) {
      const direction = gradient.mul(numbers.scale!).add(weight.mul(numbers.decay!));
      if (!hasMomentum) return { weight: weight.sub(direction.mul(numbers.rate!)), slots: {} };
      const kept = slots.momentum!.mul(momentum).add(direction);
      const taken = nesterov ? direction.add(kept.mul(momentum)) : kept;
      return { weight: weight.sub(taken.mul(numbers.rate!)), slots: { momentum: kept } };
    },
  };
}
