import { logSigmoid, type Value } from "#engine";

/** How sharply preference losses turn. */
export interface PreferenceOptions {
  /** β: small keeps close to gradient ascent, large stops pushing soon. */
  readonly beta: number;
}

/** Log-probabilities of whole texts, [B] each, under the changing model and its frozen start. */
export interface PolicyAndReference {
  readonly policy: Value;
  readonly reference: Value;
}

/**
 * Negative preference optimisation: push the policy away from the forget set, gently near the reference.
 *
 *     L = −(2 / β) · mean log σ(−β · (log π(x) − log π₀(x)))
 *
 * At π = π₀ it is (2 / β) · ln 2, with the gradient of log π(x): gradient ascent on the summed loss; β → 0 keeps it so.
 *
 * Shapes   policy, reference [B], summed over a text's tokens
 * Source   Zhang et al. 2024, Negative Preference Optimization (arXiv:2404.05868), eq. 3
 */
export function npoLoss({ policy, reference }: PolicyAndReference, { beta }: PreferenceOptions): Value {
  return logSigmoid(policy.sub(reference).mul(-beta))
    .mean()
    .mul(-2 / beta);
}

/**
 * Direct preference optimisation with a text of the retain set as the chosen answer.
 *
 *     L = −(2 / β) · mean log σ(β · (r(chosen) − r(rejected)))        r(x) = log π(x) − log π₀(x)
 *
 * Shapes   [B] each; the factor 2 is ConceptVectors', DPO has 1 / β in place of it
 * Source   Rafailov et al. 2023, Direct Preference Optimization (arXiv:2305.18290), eq. 7
 */
export function dpoLoss(
  { chosen, rejected }: { readonly chosen: PolicyAndReference; readonly rejected: PolicyAndReference },
  { beta }: PreferenceOptions,
): Value {
  const margin = chosen.policy.sub(chosen.reference).sub(rejected.policy.sub(rejected.reference));
  return logSigmoid(margin.mul(beta))
    .mean()
    .mul(-2 / beta);
}
