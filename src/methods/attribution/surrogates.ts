/**
 * Attribution by hiding: a linear model of the model's word on pictures of which parts are hidden.
 *
 * Axes     N maskings · F features: patches, or dimensions of the embedding
 */
import { AssayError, type RandomStream, stream, type Tensor } from "#base";
import { solvePositiveDefinite } from "#engine";
import { type AttributionInput, expectCount, preparePicture } from "./attribution.ts";
import { featureCount, type MaskedFeatures, maskedLogits } from "./masked.ts";

/** What is hidden, and how often. */
export interface SurrogateOptions {
  /** `patches` when left out. */
  readonly over?: MaskedFeatures;
  /** Maskings; 1000 when left out. */
  readonly samples?: number;
  readonly seed?: number;
}

/** What each feature counts for the class's logit. */
export interface SurrogateAttribution {
  readonly label: number;
  readonly over: MaskedFeatures;
  /** [F] */
  readonly values: Float64Array;
  /** The logit of the whole picture, and of one without content. */
  readonly whole: number;
  readonly empty: number;
}

type Mask = readonly number[];

interface Asked {
  readonly label: number;
  readonly over: MaskedFeatures;
  readonly features: number;
  logitsOf(masks: readonly Mask[]): Promise<number[]>;
}

async function ask(input: AttributionInput, over: MaskedFeatures): Promise<Asked> {
  const ready = await preparePicture(input);
  const { label } = ready;
  const logitsOf = async (masks: readonly Mask[]) =>
    (await maskedLogits(input.model, ready, { masks, over })).map((logits) => logits[label]!);
  return { label, over, features: featureCount(input.model, ready, over), logitsOf };
}

const full = (features: number, value: number): Mask => new Array<number>(features).fill(value);

/** How a neighbourhood is fitted. */
export interface LimeOptions extends SurrogateOptions {
  /** How fast maskings that hide more count less; 0.25 when left out, as in the authors' code for pictures. */
  readonly kernelWidth?: number;
  /** λ of the ridge; 1 when left out, as in the authors' code. */
  readonly ridge?: number;
}

/**
 * A ridge regression of the logit on what is shown, nearer pictures counting more.
 *
 *     w(m) = exp(−d² / σ²),  d = 1 − cos(m, 1) = 1 − √(shown / F)
 *
 * Deviation: the kernel is the paper's; the authors' code takes its square root.
 *
 * Source   Ribeiro et al. 2016, "Why Should I Trust You?" (arXiv:1602.04938), eq. 1 and 2
 *
 * @throws AssayError OPTION_RANGE, and as observe()
 */
export async function lime(input: AttributionInput, options: LimeOptions = {}): Promise<SurrogateAttribution> {
  const { over = "patches", samples = 1000, seed = 0, kernelWidth = 0.25, ridge = 1 } = options;
  expectCount("lime", "samples", samples);
  const asked = await ask(input, over);
  const { features } = asked;
  const random = stream(seed, "attribution/lime");
  const drawn = Array.from({ length: samples }, () => Array.from({ length: features }, () => random.int(2)));
  const masks = [full(features, 1), full(features, 0), ...drawn];
  const logits = await asked.logitsOf(masks);
  const weights = masks.map((mask) => {
    const shown = mask.reduce((sum, one) => sum + one, 0);
    return Math.exp(-((1 - Math.sqrt(shown / features)) ** 2) / kernelWidth ** 2);
  });
  const values = await centredRidge(masks, { logits, weights, ridge });
  return { label: asked.label, over, values, whole: logits[0]!, empty: logits[1]! };
}

interface Regression {
  readonly logits: readonly number[];
  readonly weights: readonly number[];
  readonly ridge: number;
}

/** Weighted ridge regression with an intercept that is not shrunk. [N, F] → [F] */
async function centredRidge(masks: readonly Mask[], { logits, weights, ridge }: Regression): Promise<Float64Array> {
  const mass = weights.reduce((sum, weight) => sum + weight, 0);
  const features = masks[0]!.length;
  const means = new Float64Array(features);
  let mean = 0;
  for (const [row, mask] of masks.entries()) {
    const share = weights[row]! / mass;
    mean += share * logits[row]!;
    for (let at = 0; at < features; at++) means[at]! += share * mask[at]!;
  }
  const centred = masks.map((mask) => mask.map((one, at) => one - means[at]!));
  const targets = logits.map((logit) => logit - mean);
  return solveWeighted(centred, { targets, weights, ridge });
}

interface System {
  readonly targets: readonly number[];
  readonly weights: readonly number[];
  readonly ridge: number;
}

/** argmin Σ w (x·β − y)² + λ ‖β‖² */
async function solveWeighted(rows: readonly Mask[], { targets, weights, ridge }: System): Promise<Float64Array> {
  const size = rows[0]!.length;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const [row, x] of rows.entries()) {
    for (let i = 0; i < size; i++) {
      const scaled = weights[row]! * x[i]!;
      if (scaled === 0) continue;
      right[i]! += scaled * targets[row]!;
      for (let j = 0; j < size; j++) gram[i * size + j]! += scaled * x[j]!;
    }
  }
  const matrix = (data: Float64Array, columns: number): Tensor<"float64"> => {
    return { dtype: "float64", shape: [size, columns], data };
  };
  const { solution } = await solvePositiveDefinite(matrix(gram, size), matrix(right, 1), { ridge });
  return solution.data;
}

/** Pictures with up to so many features are asked for every subset. */
const mostEnumerated = 12;

/**
 * Shapley values of the logit: what a feature adds, over all orders in which features may be shown. Exact with up to 12
 * features, else from samples that are drawn with their complements.
 *
 *     w(m) = (F − 1) / (C(F, s) s (F − s)),  Σ values = whole − empty
 *
 * Source   Lundberg & Lee 2017, A Unified Approach to Interpreting Model Predictions (arXiv:1705.07874), theorem 2
 *
 * @throws AssayError OPTION_RANGE, and as observe()
 */
export async function kernelShap(
  input: AttributionInput,
  { over = "patches", samples = 1000, seed = 0 }: SurrogateOptions = {},
): Promise<SurrogateAttribution> {
  expectCount("kernelShap", "samples", samples);
  const asked = await ask(input, over);
  const { features, label } = asked;
  const { masks, weights } =
    features <= mostEnumerated
      ? everySubset(features)
      : sampledSubsets(features, { samples, random: stream(seed, "attribution/kernel-shap") });
  const [whole, empty, ...logits] = await asked.logitsOf([full(features, 1), full(features, 0), ...masks]);
  if (features === 1) return { label, over, values: Float64Array.of(whole! - empty!), whole: whole!, empty: empty! };
  const values = await constrained(masks, { logits, weights, gap: whole! - empty!, empty: empty! });
  return { label, over, values, whole: whole!, empty: empty! };
}

interface Subsets {
  readonly masks: readonly Mask[];
  readonly weights: readonly number[];
}

function everySubset(features: number): Subsets {
  const numbers = Array.from({ length: 2 ** features - 2 }, (_, at) => at + 1);
  const masks = numbers.map((number) => Array.from({ length: features }, (_, at) => (number >> at) & 1));
  const weights = masks.map((mask) => {
    const shown = mask.reduce((sum, one) => sum + one, 0);
    return (features - 1) / (choose(features, shown) * shown * (features - shown));
  });
  return { masks, weights };
}

function choose(n: number, k: number): number {
  let found = 1;
  for (let at = 1; at <= k; at++) found = (found * (n - k + at)) / at;
  return found;
}

/** Sizes are drawn by the weight of all subsets of that size, so that every drawn one counts alike. */
function sampledSubsets(features: number, { samples, random }: { samples: number; random: RandomStream }): Subsets {
  const sizes = Array.from({ length: features - 1 }, (_, at) => (features - 1) / ((at + 1) * (features - at - 1)));
  const total = sizes.reduce((sum, weight) => sum + weight, 0);
  const places = Array.from({ length: features }, (_, at) => at);
  const masks: Mask[] = [];
  while (masks.length < samples) {
    const shown = new Set(random.sample(places, 1 + drawSize(sizes, random.next() * total)));
    const mask = places.map((at) => (shown.has(at) ? 1 : 0));
    masks.push(
      mask,
      mask.map((one) => 1 - one),
    );
  }
  return { masks, weights: masks.map(() => 1) };
}

function drawSize(sizes: readonly number[], level: number): number {
  let rest = level;
  const found = sizes.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return found < 0 ? sizes.length - 1 : found;
}

interface Constrained {
  readonly logits: readonly number[];
  readonly weights: readonly number[];
  /** What all values add up to. */
  readonly gap: number;
  readonly empty: number;
}

/** The last value follows from the others, since all add up to `gap`. */
async function constrained(
  masks: readonly Mask[],
  { logits, weights, gap, empty }: Constrained,
): Promise<Float64Array> {
  const last = masks[0]!.length - 1;
  const rows = masks.map((mask) => mask.slice(0, last).map((one) => one - mask[last]!));
  const targets = logits.map((logit, row) => logit - empty - masks[row]![last]! * gap);
  const values = await solveOrExplain(rows, { targets, weights, ridge: 1e-9 });
  const rest = values.reduce((sum, value) => sum + value, 0);
  return Float64Array.of(...values, gap - rest);
}

async function solveOrExplain(rows: readonly Mask[], system: System): Promise<Float64Array> {
  if (rows.length >= rows[0]!.length) return solveWeighted(rows, system);
  const claim = `Expected at least ${rows[0]!.length} samples for as many features, got ${rows.length}`;
  throw new AssayError("OPTION_RANGE", `kernelShap: ${claim}; ask for more`);
}
