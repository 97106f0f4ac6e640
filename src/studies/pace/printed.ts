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
      ? "Σ attribution"
      : hasAlpha
        ? thetaText[theta]
        : name === "lda"
          ? thetaText.mean
          : "mean of patches",
  };
}

const thetaText = { mean: "E[θ]", geometric: "exp E[ln θ]", patches: "φ̄" } as const;

/** `J a`: the paper's story. `a`: its equations. */
const weightsText = (kind: string, scale: string, cap: number): string => {
  const weight = kind === "uniform" ? (scale === "patches" ? "1" : "1 / J") : scale === "patches" ? "J a" : "a";
  return `${weight}${cap > 0 ? ` ≤ ${cap}` : ""}`;
};
