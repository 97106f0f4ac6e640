/** Finding the value that makes a model say the new object. */
import { AssayError, type Tensor, tensor } from "#base";
import type { LanguageModel } from "#models";
import type { EncodedRequest } from "./encode.ts";
import { type EditObjective, type LaterOutputs, laterProgram, laterWeights } from "./later-blocks.ts";
import { expectEditLayer } from "./observe.ts";
import { type FixedPart, fixedPart } from "./target-texts.ts";

/** How the value is sought. */
export interface TargetSettings {
  /** Adam's. */
  readonly learningRate: number;
  /** Evaluations of the loss; the last one takes no step. */
  readonly steps: number;
  /** λ_wd */
  readonly decay: number;
  /** λ_KL */
  readonly divergenceWeight: number;
  /** ‖δ‖ stays below so many times ‖v₀‖. */
  readonly clamp: number;
  /** A request whose loss is below is done. */
  readonly enough: number;
}

/** What was found for one request. */
export interface FoundTarget {
  /** v₀ or h₀, and what is added to it. */
  readonly origin: Float32Array;
  readonly delta: Float32Array;
  /** Keys of the bare text and of the prefixed ones. */
  readonly keys: readonly Float32Array[];
  /** The loss at each evaluation. */
  readonly losses: readonly number[];
  /** Mean surprise of the object's tokens over all texts, in nats: before the first step and at the end. */
  readonly surprise: { readonly before: number; readonly after: number };
}

/** Where it is sought. */
export interface TargetOptions extends TargetSettings {
  readonly layer: number;
  readonly origin: "mlp.output" | "residual";
  /** `object` when left out; `entropy` makes the next token uncertain, and `surprise` then holds −H. */
  readonly objective?: EditObjective;
}

/** Texts in one run of the loop: enough for full products, few enough to stay near the cores. */
const textsAtOnce = 128;

/**
 * Optimises a change δ of what one layer writes at the subject's last token, for each request alone; many requests share
 * a run, because none reads another's δ.
 *
 *     L(δ) = mean_j [ mean_q −log P_δ(t_q | x_j, p, t_<q) ] + λ_KL KL(P_δ ‖ P_0) + λ_wd ‖δ‖ / ‖v₀‖²
 *
 * Adam on δ from zero; after each step ‖δ‖ ≤ c ‖v₀‖.
 *
 * Source   Meng et al. 2022, ROME, §3.1, eq. 4 (arXiv:2202.05262), with the terms and stops of the authors' code
 *
 * @throws AssayError LOSS_NOT_FINITE, LAYER_OUT_OF_RANGE, WEIGHTS_STREAMED
 */
export async function optimizeTargets(
  model: LanguageModel,
  requests: readonly EncodedRequest[],
  options: TargetOptions,
): Promise<FoundTarget[]> {
  expectEditLayer(model, options.layer);
  const found: FoundTarget[] = [];
  for (const batch of batchesOf(requests)) {
    const fixed = await fixedPart(model, batch, options);
    const searches = await search(model, { fixed, batch, options });
    found.push(...searches.map((one) => one.found));
  }
  return found;
}

function batchesOf(requests: readonly EncodedRequest[]): EncodedRequest[][] {
  const batches: EncodedRequest[][] = [];
  let texts = Number.POSITIVE_INFINITY;
  for (const request of requests) {
    const more = request.rewrites.length + 1;
    if (texts + more > textsAtOnce) {
      batches.push([]);
      texts = 0;
    }
    batches.at(-1)!.push(request);
    texts += more;
  }
  return batches;
}

interface SearchInput {
  readonly fixed: FixedPart;
  readonly batch: readonly EncodedRequest[];
  readonly options: TargetOptions;
}

async function search(model: LanguageModel, { fixed, batch, options }: SearchInput): Promise<Search[]> {
  const program = await laterProgram(model, {
    layer: options.layer,
    objective: options.objective ?? "object",
    compares: options.divergenceWeight > 0,
  });
  const weights = laterWeights(model, options.layer);
  const searches = batch.map(
    ({ request }, at) => new Search({ id: request.id, origin: fixed.origins[at]!, keys: fixed.keys[at]!, options }),
  );
  for (let step = 0; step < options.steps && searches.some(({ isDone }) => !isDone); step++) {
    const given = { ...fixed.inputs, delta: deltasOf(searches) };
    const { value, gradient } = (await program.run({ weights, given } as never, {
      outputs: "reuse",
    })) as unknown as LaterOutputs;
    for (const [at, one] of searches.entries()) {
      const size = one.delta.length;
      one.take({
        surprise: value.surprise.data[at]!,
        divergence: value.divergence?.data[at] ?? 0,
        gradient: gradient.data.subarray(at * size, (at + 1) * size),
        isLast: step === options.steps - 1,
      });
    }
  }
  return searches;
}

function deltasOf(searches: readonly Search[]): Tensor<"float32"> {
  const size = searches[0]!.delta.length;
  const data = new Float32Array(searches.length * size);
  for (const [at, { delta }] of searches.entries()) data.set(delta, at * size);
  return tensor([searches.length, size], data);
}

interface Evaluation {
  readonly surprise: number;
  readonly divergence: number;
  readonly gradient: Float32Array;
  readonly isLast: boolean;
}

interface SearchParts {
  readonly id: string;
  readonly origin: Float32Array;
  readonly keys: readonly Float32Array[];
  readonly options: TargetOptions;
}

/** Adam's memory of its first and second moments, and what keeps it from dividing by zero. */
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** One request's δ on its way. */
class Search {
  readonly delta: Float32Array;
  isDone = false;
  readonly #parts: SearchParts;
  readonly #scale: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #losses: number[] = [];
  readonly #surprises: number[] = [];

  constructor(parts: SearchParts) {
    this.#parts = parts;
    this.#scale = lengthOf(parts.origin);
    this.delta = new Float32Array(parts.origin.length);
    this.#first = new Float64Array(this.delta.length);
    this.#second = new Float64Array(this.delta.length);
  }

  get found(): FoundTarget {
    const { origin, keys } = this.#parts;
    const surprise = { before: this.#surprises[0]!, after: this.#surprises.at(-1)! };
    return { origin, delta: this.delta, keys, losses: this.#losses, surprise };
  }

  /** Looks at one evaluation and takes a step, unless it was the last or good enough. */
  take({ surprise, divergence, gradient, isLast }: Evaluation): void {
    if (this.isDone) return;
    const { decay, divergenceWeight, enough } = this.#parts.options;
    const length = lengthOf(this.delta);
    const loss = surprise + divergenceWeight * divergence + (decay * length) / this.#scale ** 2;
    this.#losses.push(loss);
    this.#surprises.push(surprise);
    expectFiniteLoss({ id: this.#parts.id, step: this.#losses.length - 1, loss, gradient });
    this.isDone = loss < enough || isLast;
    if (this.isDone) return;
    // The norm has no derivative at zero; the decay pulls nowhere there.
    const pull = length === 0 ? 0 : decay / (this.#scale ** 2 * length);
    this.#step(gradient, pull);
    this.#clamp();
  }

  #step(gradient: Float32Array, pull: number): void {
    const slopes = gradient.map((slope, at) => slope + pull * this.delta[at]!);
    const { learningRate } = this.#parts.options;
    const moments = { first: this.#first, second: this.#second };
    adamStep(this.delta, slopes, { ...moments, time: this.#losses.length, learningRate });
  }

  #clamp(): void {
    const [length, most] = [lengthOf(this.delta), this.#parts.options.clamp * this.#scale];
    if (length <= most) return;
    for (let at = 0; at < this.delta.length; at++) this.delta[at]! *= most / length;
  }
}

/** Where a run of Adam stands. */
export interface AdamState {
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** 1 at the first step. */
  readonly time: number;
  readonly learningRate: number;
}

/**
 * One step of Adam, in place, its moments in float64.
 *
 *     m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  x ← x − η m̂ / (√v̂ + ε)
 */
export function adamStep(values: Float32Array, gradient: Float32Array, state: AdamState): void {
  const { beta1, beta2, epsilon } = adam;
  const { first, second, time, learningRate } = state;
  const rate = learningRate / (1 - beta1 ** time);
  const correction = 1 - beta2 ** time;
  for (let at = 0; at < values.length; at++) {
    const slope = gradient[at]!;
    first[at] = beta1 * first[at]! + (1 - beta1) * slope;
    second[at] = beta2 * second[at]! + (1 - beta2) * slope ** 2;
    values[at]! -= (rate * first[at]!) / (Math.sqrt(second[at]! / correction) + epsilon);
  }
}

/** The Euclidean norm, added up in double precision. */
export function lengthOf(vector: ArrayLike<number>): number {
  let squares = 0;
  for (let at = 0; at < vector.length; at++) squares += vector[at]! ** 2;
  return Math.sqrt(squares);
}

/** What one evaluation gave. */
export interface EvaluatedLoss {
  readonly id: string;
  readonly step: number;
  readonly loss: number;
  readonly gradient: Float32Array;
}

/** Stops before a number that is none gets into a weight. @throws AssayError LOSS_NOT_FINITE */
export function expectFiniteLoss({ id, step, loss, gradient }: EvaluatedLoss): void {
  if (Number.isFinite(loss) && gradient.every(Number.isFinite)) return;
  const got = Number.isFinite(loss) ? "a gradient that is not" : `${loss}`;
  const claim = `Expected a finite loss and gradient for request ${id}, got ${got} at step ${step}`;
  throw new AssayError("LOSS_NOT_FINITE", `editing: ${claim}; lower the learning rate, nothing was written`, {
    details: { id, step },
  });
}
