/**
 * Attribution by gradients of the class's score.
 *
 * Axes     T tokens · C hidden size
 */
import { stream, type Tensor } from "#base";
import { classGradient } from "#models";
import {
  type Attribution,
  type AttributionInput,
  embeddingTap,
  expectCount,
  type Prepared,
  preparePicture,
  repeated,
  summed,
} from "./attribution.ts";

type Input = Omit<AttributionInput, "label">;

interface Sloping {
  /** [N, T, C] */
  readonly value: Tensor;
  /** Of each row. */
  readonly classes: readonly number[];
  readonly of: "logit" | "log-probability";
}

/** Each row's slope of its class's score by the embedding, with all logits. [N, T, C] */
async function slopes({ model }: Input, { pixels }: Pick<Prepared, "pixels">, { value, classes, of }: Sloping) {
  const asked = { pixels: repeated(pixels, classes.length), classes, at: embeddingTap, value, of };
  const { gradient, logits } = await classGradient(model, asked);
  return { gradient: gradient.data as Float32Array, logits: logits.data as Float32Array };
}

const sizesOf = ({ model }: Input, label: number) => ({
  width: model.config.hiddenSize,
  specials: model.specialTokens,
  label,
});

/**
 * How strongly the class's logit would react to each part.
 *
 *     a = |∂ logit / ∂ x|
 *
 * Source   Simonyan et al. 2014, Deep Inside Convolutional Networks (arXiv:1312.6034), §3, by the embedding of patches
 *
 * @throws AssayError as classGradient()
 */
export async function saliency(input: AttributionInput): Promise<Attribution> {
  const ready = await preparePicture(input);
  const { gradient } = await slopes(input, ready, { value: ready.embedding, classes: [ready.label], of: "logit" });
  return summed(gradient.map(Math.abs), sizesOf(input, ready.label));
}

/** Points of a path in one run. */
const pointsAtOnce = 16;

/** How a path is walked. */
export interface IntegratedOptions {
  /** Points on the path; 32 when left out. */
  readonly steps?: number;
}

/**
 * What each part adds on the straight way from a picture without content. All parts add up to the difference of the two
 * logits, up to the steps.
 *
 *     a = (x − x') ⊙ 1/m Σ_k ∂ logit(x' + (k + ½)/m (x − x')) / ∂ x
 *
 * Source   Sundararajan et al. 2017, Axiomatic Attribution for Deep Networks (arXiv:1703.01365), eq. 3, midpoint rule
 *
 * @throws AssayError OPTION_RANGE, and as classGradient()
 */
export async function integratedGradients(
  input: AttributionInput,
  { steps = 32 }: IntegratedOptions = {},
): Promise<Attribution> {
  expectCount("integratedGradients", "steps", steps);
  const ready = await preparePicture(input);
  const [from, to] = [ready.baseline.data as Float32Array, ready.embedding.data as Float32Array];
  const mean = new Float64Array(to.length);
  for (let first = 0; first < steps; first += pointsAtOnce) {
    const count = Math.min(pointsAtOnce, steps - first);
    const data = new Float32Array(count * to.length);
    for (let at = 0; at < data.length; at++) {
      const [share, place] = [(first + Math.floor(at / to.length) + 0.5) / steps, at % to.length];
      data[at] = from[place]! + share * (to[place]! - from[place]!);
    }
    const value = { ...repeated(ready.embedding, count), data } as Tensor;
    const classes = new Array<number>(count).fill(ready.label);
    const { gradient } = await slopes(input, ready, { value, classes, of: "logit" });
    for (let at = 0; at < gradient.length; at++) mean[at % to.length]! += gradient[at]! / steps;
  }
  return summed(
    mean.map((value, at) => value * (to[at]! - from[at]!)),
    sizesOf(input, ready.label),
  );
}

/** How adversarial paths are walked. */
export interface AdversarialOptions {
  /** Length of a step along each number of the embedding, in its own deviations; 0.05 when left out. */
  readonly stepSize?: number;
  /** The most steps towards one class; 15 when left out. */
  readonly steps?: number;
  /** Other classes to walk to, drawn at random; 15, or all there are, when left out. */
  readonly classes?: number;
  readonly seed?: number;
}

/**
 * What each part loses of the class on the way to other classes, where no baseline has to be chosen.
 *
 *     x ← x + Δ,  Δ = ε sign(∂ p_i / ∂ x),  a = Σ over classes i and steps of −(∂ p_label / ∂ x) ⊙ Δ
 *
 * A way ends where the model says class i. Deviation: by the embedding of patches rather than pixels, so that nothing has to
 * be kept between 0 and 1; ∂ p = p ∂ log p.
 *
 * Source   Pan et al. 2021, Explaining Deep Neural Network Models with Adversarial Gradient Integration (IJCAI), algorithm 1
 *
 * @throws AssayError OPTION_RANGE, and as classGradient()
 */
export async function adversarialGradients(
  input: AttributionInput,
  options: AdversarialOptions = {},
): Promise<Attribution> {
  const { stepSize = 0.05, steps = 15, classes = 15, seed = 0 } = options;
  expectCount("adversarialGradients", "steps", steps);
  expectCount("adversarialGradients", "classes", classes);
  const ready = await preparePicture(input);
  const others = input.model.requireLabels().flatMap((_, at) => (at === ready.label ? [] : [at]));
  const goals = stream(seed, "attribution/adversarial").sample(others, Math.min(classes, others.length));
  const epsilon = stepSize * deviationOf(ready.embedding.data as Float32Array);
  const sum = new Float64Array(ready.embedding.data.length);
  await walk(input, { ready, goals, steps, epsilon, sum });
  return summed(sum, sizesOf(input, ready.label));
}

interface Walking {
  readonly ready: Prepared;
  readonly goals: readonly number[];
  readonly steps: number;
  readonly epsilon: number;
  /** What is added to. */
  readonly sum: Float64Array;
}

/** Walks to all goals side by side; a goal that is reached stands still and adds nothing more. */
async function walk(input: Input, { ready, goals, steps, epsilon, sum }: Walking): Promise<void> {
  const value = repeated(ready.embedding, goals.length);
  const data = value.data as Float32Array;
  const own = goals.map(() => ready.label);
  for (let step = 0; step < steps; step++) {
    const from = await slopes(input, ready, { value, classes: own, of: "log-probability" });
    const classes = from.logits.length / goals.length;
    const rows = goals.map((_, row) => from.logits.subarray(row * classes, (row + 1) * classes));
    const walks = rows.map((logits, row) => logits.some((logit) => logit > logits[goals[row]!]!));
    if (!walks.includes(true)) return;
    const towards = await slopes(input, ready, { value, classes: goals, of: "log-probability" });
    for (let at = 0; at < data.length; at++) {
      const row = Math.floor(at / sum.length);
      if (!walks[row]) continue;
      const move = epsilon * Math.sign(towards.gradient[at]!);
      sum[at % sum.length]! -= probabilityOf(rows[row]!, ready.label) * from.gradient[at]! * move;
      data[at]! += move;
    }
  }
}

function probabilityOf(logits: Float32Array, label: number): number {
  return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - logits[label]!), 0);
}

function deviationOf(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
