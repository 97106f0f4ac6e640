/** Five readings of what the attention weight multiplies. */

/** `B` replicated tokens (default) · `A` one z, repeated emission · `C` the paper's equations · `D` official training · `E` official inference. */
export type ConceptMode = "A" | "B" | "C" | "D" | "E";

/**
 * One reading, as factors for a patch of virtual count w in an image of J patches.
 *
 *     φ_jk ∝ exp(E_k − ½ quadratic · maha_jk − ½ logarithm · ln |Σ_k|)      γ_k = α_k + Σ_j count · φ_jk
 */
export interface ModeRule {
  readonly meaning: string;
  readonly quadratic: (w: number, patches: number) => number;
  readonly logarithm: (w: number, patches: number) => number;
  readonly count: (w: number, patches: number) => number;
  /** Whether the updates climb one objective. */
  readonly isMonotone: boolean;
}

const one = () => 1;
const weight = (w: number) => w;

/** The five modes; the global step weighs each patch by w φ in all of them. */
export const modes: Readonly<Record<ConceptMode, ModeRule>> = {
  A: {
    meaning: "one z a patch, emitted w times",
    quadratic: weight,
    logarithm: weight,
    count: one,
    isMonotone: true,
  },
  B: {
    meaning: "w copies of each patch, each with a z of its own",
    quadratic: one,
    logarithm: one,
    count: weight,
    isMonotone: true,
  },
  C: {
    meaning: "equations 10 to 13 as printed: a on the quadratic form alone",
    quadratic: (w, patches) => w / patches,
    logarithm: one,
    count: (w, patches) => w / patches,
    isMonotone: false,
  },
  D: {
    meaning: "official training: no determinant, no attention in φ",
    quadratic: one,
    logarithm: () => 0,
    count: one,
    isMonotone: false,
  },
  E: {
    meaning: "official inference: temperature 100, no attention in φ",
    quadratic: () => 0.01,
    logarithm: one,
    count: one,
    isMonotone: false,
  },
};
