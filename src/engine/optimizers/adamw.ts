import { type AdamWScalars, stepAdamW } from "./adamw-kernel.ts";
import { expectInRange } from "./ranges.ts";
import type { OptimizerRule, StepNumbers } from "./rule.ts";

/** The numbers of Adam; all have the usual defaults. */
export interface AdamWOptions {
  /** β₁; 0.9 when left out. */
  readonly beta1?: number;
  /** β₂; 0.999 when left out. */
  readonly beta2?: number;
  /** ε; 1e-8 when left out. */
  readonly epsilon?: number;
  /** λ; 0.01 when left out. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay and bias correction, at step t = 1, 2, …
 *
 *     m' = β₁ m + (1 − β₁) g
 *     v' = β₂ v + (1 − β₂) g²
 *     w' = (1 − η λ) w − η · m' / (1 − β₁ᵗ) / (√(v' / (1 − β₂ᵗ)) + ε)
 *
 * The corrections are pulled out of the fraction, so that each is one number a step:
 * w' = (1 − η λ) w − r · m' / (√v' + e) with r = η √(1 − β₂ᵗ) / (1 − β₁ᵗ) and e = ε √(1 − β₂ᵗ).
 *
 * Source   Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization (arXiv:1711.05101), algorithm 2, with λ scaled
 *          by the learning rate as in PyTorch
 *
 * @throws AssayError OPTION_RANGE
 */
export function adamW(options: AdamWOptions = {}): OptimizerRule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  expectInRange("adamW", { beta1, beta2 }, { from: 0, below: 1 });
  expectInRange("adamW", { epsilon, weightDecay }, { from: 0 });
  return {
    name: "adamw",
    settings: { beta1, beta2, epsilon, weightDecay },
    weightDecay,
    slots: ["firstMoment", "secondMoment"],
    scalars: ["epsilon", "firstShare", "keep", "rate", "secondShare"],
    numbers: (step) => numbersOf(step, { beta1, beta2, epsilon }),
    update({ weight, gradient, slots, numbers }) {
      const first = slots.firstMoment!.mul(beta1).add(gradient.mul(numbers.firstShare!));
      const second = slots.secondMoment!.mul(beta2).add(gradient.mul(numbers.secondShare!).square());
      const direction = first.div(second.sqrt().add(numbers.epsilon!));
      const kept = weight.mul(numbers.keep!);
      return {
        weight: kept.sub(direction.mul(numbers.rate!)),
        slots: { firstMoment: first, secondMoment: second },
      };
    },
    kernel: (piece, numbers) => stepAdamW(piece as never, numbers as AdamWScalars, { beta1, beta2 }),
  };
}

function numbersOf(
  step: StepNumbers,
  { beta1, beta2, epsilon }: Required<Omit<AdamWOptions, "weightDecay">>,
): AdamWScalars {
  const { learningRate, gradientScale } = step;
  const secondCorrection = Math.sqrt(1 - beta2 ** step.step);
  return {
    epsilon: epsilon * secondCorrection,
    firstShare: (1 - beta1) * gradientScale,
    keep: 1 - learningRate * step.weightDecay,
    rate: (learningRate * secondCorrection) / (1 - beta1 ** step.step),
    secondShare: Math.sqrt(1 - beta2) * gradientScale,
  };
}
