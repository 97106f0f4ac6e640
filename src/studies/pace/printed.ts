import type { Examined } from "./bench.ts";
import { type ExplainerName, learns } from "./explainer-names.ts";
import type { Settings } from "./settings.ts";

/** α and θ belong to explainers that have them. */
export function printedOf(
  name: ExplainerName,
  { alpha, learnAlpha, weights, weightScale, weightCap, theta }: Settings,
  k: number,
): Examined["printed"] {
  const hasAlpha = name === "pace";
  return {
    k,
    alpha: hasAlpha ? `${alpha}${learnAlpha === "no" ? "" : " learnt"}` : name === "lda" ? "1/K" : "–",
    weights: learns(name) ? weightsText(weights, weightScale, weightCap) : "none",
    theta: !learns(name)
      ? "attribution summed over patches"
      : hasAlpha
        ? thetaText[theta]
        : name === "lda"
          ? thetaText.mean
          : "mean of patches",
  };
}

const thetaText = { mean: "E[θ]", geometric: "exp E[ln θ]", patches: "φ̄" } as const;

const weightsText = (kind: string, scale: string, cap: number): string => {
  const mass = scale === "patches" ? "J" : "1";
  return `${kind === "uniform" ? "uniform" : "a"}, Σ = ${mass}${cap > 0 ? `, ≤ ${cap}` : ""}`;
};
