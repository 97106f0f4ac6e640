import { softplus, type Value } from "#engine";
import type { TextView } from "./text-view.ts";

/** The numbers of SimNPO. */
export interface SimNpoOptions {
  /** β */
  readonly beta: number;
  /** δ: how unlikely a token must be, in nats, before pushing eases off. */
  readonly margin: number;
}

/**
 * Simple negative preference optimisation: no reference, and texts of any length count alike.
 *
 *     L = (2 / β) · mean softplus(−β · (S(x) / |x| − δ))        S(x) = −log π(x)
 *
 * Shapes   logProb, lengths [B]
 * Source   Fan et al. 2024, Simplicity Prevails (arXiv:2410.07163), eq. 5
 */
export function simNpoLoss(
  { logProb, lengths }: Pick<TextView, "logProb" | "lengths">,
  { beta, margin }: SimNpoOptions,
): Value {
  const surprise = logProb.div(lengths).neg();
  return softplus(surprise.sub(margin).mul(-beta))
    .mean()
    .mul(2 / beta);
}
