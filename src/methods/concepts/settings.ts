/** Everything that decides a fit, with the lab's defaults. */
import { AssayError } from "#base";
import type { AlphaShape } from "./dirichlet.ts";
import { type CovarianceKind, expectKind } from "./features.ts";
import type { CovariancePrior } from "./gaussians.ts";
import type { Rounds } from "./infer-image.ts";
import { type ConceptMode, modes } from "./modes.ts";
import type { ProjectionKind } from "./projection.ts";
import { defaultWeights, expectWeights, type WeightOptions } from "./weights.ts";

/** The settings of a concept model: they are stored with it. */
export interface ConceptSettings {
  /** K */
  readonly concepts: number;
  readonly mode: ConceptMode;
  readonly covariance: CovarianceKind;
  readonly prior: CovariancePrior;
  readonly projection: ProjectionKind;
  /** d of a projection that chooses directions. */
  readonly dimensions: number;
  readonly weights: WeightOptions;
  /** The Dirichlet's parameter to begin with. */
  readonly alpha: number;
  readonly learnAlpha: "no" | AlphaShape;
  readonly epochs: number;
  /** The fit ends when an epoch adds less than this share of the bound. */
  readonly tolerance: number;
  readonly rounds: Rounds;
  /** λ_f: how much the model's labels shape the concepts; 0 for not at all. */
  readonly faithfulness: number;
  /** λ_s: how much perturbed images are drawn to their originals. */
  readonly stability: number;
  /** The share of each step towards new label and pair terms. */
  readonly damping: number;
  /** Ridge on η, in images. */
  readonly ridge: number;
  /** A concept of less mass than this is dead: it keeps its parameters, or begins anew at the worst explained patch. */
  readonly deadBelow: number;
  readonly dead: "keep" | "reseed";
  /** Patches that k-means++ sees. */
  readonly startPatches: number;
  readonly startRounds: number;
  /** Whether each image's γ is kept between epochs: K numbers an image, and a bound that never falls. */
  readonly keepGamma: boolean;
  readonly seed: number;
}

/** The lab's defaults; the paper's numbers stand in the study. */
export const defaultSettings: ConceptSettings = {
  concepts: 20,
  mode: "B",
  covariance: "full",
  projection: "whiten",
  dimensions: 25,
  prior: { floor: 1e-3, strength: 0 },
  weights: defaultWeights,
  alpha: 0.1,
  learnAlpha: "no",
  epochs: 30,
  tolerance: 1e-6,
  rounds: { most: 50, tolerance: 1e-4 },
  faithfulness: 0,
  stability: 0,
  damping: 0.5,
  ridge: 1,
  deadBelow: 1,
  dead: "keep",
  startPatches: 20_000,
  startRounds: 20,
  keepGamma: true,
  seed: 0,
};

/** Settings with defaults for what was left out. @throws AssayError OPTION_RANGE */
export function completeSettings(given: Partial<ConceptSettings>): ConceptSettings {
  const settings = { ...defaultSettings, ...given };
  expectKind(settings.covariance);
  expectWeights(settings.weights);
  const { prior, rounds } = settings;
  const wrong = [
    [settings.mode in modes, `a mode of ${Object.keys(modes).join(", ")}`, settings.mode],
    [isCount(settings.concepts), "at least one concept", settings.concepts],
    [isCount(settings.epochs), "at least one epoch", settings.epochs],
    [isCount(rounds.most) && rounds.tolerance >= 0, "at least one round", rounds.most],
    [settings.alpha > 0 && Number.isFinite(settings.alpha), "an alpha above zero", settings.alpha],
    [
      prior.floor >= 0 && prior.strength >= 0,
      "a floor and a strength from zero",
      `${prior.floor} and ${prior.strength}`,
    ],
    [settings.damping > 0 && settings.damping <= 1, "a damping above 0 and up to 1", settings.damping],
    [settings.faithfulness >= 0 && settings.stability >= 0, "weights from zero", settings.faithfulness],
  ] as const;
  for (const [isRight, expected, got] of wrong) {
    if (!isRight) throw new AssayError("OPTION_RANGE", `concepts: Expected ${expected}, got ${got}`);
  }
  return settings;
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
