import type { Value } from "#engine";
import type { TextView } from "./text-view.ts";

/**
 * Representation misdirection: what a layer makes of the forget set is steered to one random direction.
 *
 *     L_F = mean over tokens and dimensions of (h(x) − c · u)²        ‖u‖ = 1
 *
 * Shapes   residual [B, T, C] · counts [B, T] · direction [C], already of length c → scalar
 * Source   Li et al. 2024, The WMDP Benchmark (arXiv:2403.03218), §4
 */
export function misdirectionLoss({ residual, counts }: Pick<TextView, "residual" | "counts">, direction: Value): Value {
  return meanOverTokens(residual.sub(direction).square(), counts);
}

/**
 * What the same layer makes of the retain set stays where it was.
 *
 *     L_R = mean over tokens and dimensions of (h(x) − h₀(x))²
 */
export function steadinessLoss({
  residual,
  counts,
  reference,
}: Pick<TextView, "residual" | "counts" | "reference">): Value {
  return meanOverTokens(residual.sub(reference.residual).square(), counts);
}

function meanOverTokens(squares: Value, counts: Value): Value {
  return squares.mean({ axes: -1 }).mul(counts).sum().div(counts.sum());
}
