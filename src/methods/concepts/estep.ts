/** The expectation step over one batch: θ and z of its images, their bound, and the sums that the global step needs. */
import type { Batch } from "./batch.ts";
import { type BoundProblem, imageBound, referenceBound } from "./bound.ts";
import { type Candidates, candidateRoom, findCandidates, widestPrior } from "./candidates.ts";
import { type BatchProducts, batchProducts } from "./densities.ts";
import { featureCount, writeFeatures } from "./features.ts";
import { type DensityMap, densityMap, type Gaussians } from "./gaussians.ts";
import { type ImageProblem, type ImageState, inferImage, normalizers } from "./infer-image.ts";
import { modes } from "./modes.ts";
import type { ConceptSettings } from "./settings.ts";

/** The parameters that an expectation step keeps fixed. */
export interface EStepParameters {
  readonly settings: Pick<ConceptSettings, "mode" | "rounds">;
  readonly gaussians: Gaussians;
  readonly alpha: Float64Array;
  /** ε, absolute. */
  readonly epsilon: number;
}

/** What is inferred of a batch; its arrays are overwritten by the next one. */
export interface BatchStates {
  readonly states: readonly ImageState[];
  readonly candidates: Candidates;
  /** Σ_k n_jk c_k of each patch. */
  readonly totals: Float64Array;
  /** How much each patch counts in γ. */
  readonly counts: Float64Array;
  readonly features: Float64Array;
}

/** What goes into one batch's inference beside the batch. */
export interface InferOptions {
  /** γ to begin with, by place in the batch; the prior plus a fair share of the patches where there is none. */
  readonly starts?: readonly (Float64Array | undefined)[];
  readonly nudges?: readonly (ImageProblem["nudge"] | undefined)[];
  /** The most that nudges can change the distance between two concepts. */
  readonly nudgeRange?: number;
}

/** Runs expectation steps with room that is used again. */
export class EStep {
  readonly parameters: EStepParameters;
  readonly map: DensityMap;
  readonly #products: BatchProducts;
  #features = new Float64Array(0);
  #totals = new Float64Array(0);
  #counts = new Float64Array(0);
  #shares = shareRoom(0);
  #dense = new Float64Array(0);
  #candidates = candidateRoom(0, 0);

  private constructor(parameters: EStepParameters, products: BatchProducts) {
    this.parameters = parameters;
    this.map = densityMap(parameters.gaussians, parameters.epsilon);
    this.#products = products;
  }

  /** @throws AssayError COVARIANCE_SINGULAR */
  static async with(parameters: EStepParameters, room?: EStep): Promise<EStep> {
    const { gaussians, alpha } = parameters;
    const products = await batchProducts(alpha.length, featureCount(gaussians.kind, gaussians.d));
    const step = new EStep(parameters, products);
    if (room !== undefined) {
      step.#features = room.#features;
      step.#totals = room.#totals;
      step.#counts = room.#counts;
      step.#shares = room.#shares;
      step.#dense = room.#dense;
      step.#candidates = room.#candidates;
    }
    return step;
  }

  /** Infers every image of a batch. */
  async infer(batch: Batch, options: InferOptions = {}): Promise<BatchStates> {
    const { alpha, settings } = this.parameters;
    this.#makeRoom(batch.weights.length);
    const counts = this.#counts;
    writeCounts(batch, modes[settings.mode].count, counts);
    await this.#findCandidates(batch, counts, options.nudgeRange ?? 0);
    const states: ImageState[] = [];
    for (let at = 0; at < batch.images.length; at++) {
      const [start, end] = [batch.starts[at]!, batch.starts[at + 1]!];
      const nudge = options.nudges?.[at];
      const problem = { candidates: this.#candidates, start, end, counts, alpha, rounds: settings.rounds };
      const begin = options.starts?.[at] ?? fairStart(alpha, counts.subarray(start, end));
      const state = inferImage(nudge === undefined ? problem : { ...problem, nudge }, begin);
      normalizers(problem, state.factors, this.#totals);
      states.push(state);
    }
    return { states, counts, candidates: this.#candidates, totals: this.#totals, features: this.#features };
  }

  #makeRoom(patches: number): void {
    const { gaussians, alpha } = this.parameters;
    const needed = patches * featureCount(gaussians.kind, gaussians.d);
    if (this.#features.length < needed) this.#features = new Float64Array(needed);
    if (this.#totals.length >= patches) return;
    this.#totals = new Float64Array(patches);
    this.#counts = new Float64Array(patches);
    this.#candidates = candidateRoom(patches, alpha.length);
  }

  async #findCandidates(batch: Batch, counts: Float64Array, nudgeRange: number): Promise<void> {
    const { gaussians, alpha, settings } = this.parameters;
    const { kind, d } = gaussians;
    const count = batch.weights.length;
    writeFeatures(batch.rows, { kind, d, count, into: this.#features });
    const densities = await this.#products.densities(this.#features, this.map.quadratic, count);
    const margins = batch.images.map((_, at) => {
      let mass = 0;
      for (let j = batch.starts[at]!; j < batch.starts[at + 1]!; j++) mass += counts[j]!;
      return widestPrior(alpha, mass) + nudgeRange;
    });
    const rule = modes[settings.mode];
    const { map } = this;
    findCandidates(this.#candidates, { densities, map, rule, weights: batch.weights, starts: batch.starts, margins });
  }

  /** The bound of one image of a batch, without labels and pairs. */
  bound(batch: Batch, { states, candidates, totals, counts }: BatchStates, at: number): number {
    const { alpha, settings } = this.parameters;
    const rule = modes[settings.mode];
    const problem: BoundProblem = {
      candidates,
      totals,
      alpha,
      counts,
      start: batch.starts[at]!,
      end: batch.starts[at + 1]!,
    };
    return rule.isMonotone ? imageBound(problem, states[at]!) : referenceBound(problem, states[at]!, batch.weights);
  }

  /** Adds Σ w φ f of every patch and concept. Shapes   into [K, P] */
  async addMoments(into: Float64Array, batch: Batch, states: BatchStates): Promise<void> {
    const most = states.candidates.pointers[batch.weights.length]!;
    if (this.#shares.entries.length < most) this.#shares = shareRoom(most);
    const shares = phiWeights(batch, states, this.#shares);
    const width = into.length / this.parameters.alpha.length;
    if (shares.entries.length < sparseUpTo * batch.weights.length)
      addSparse(into, shares, { features: states.features, width });
    else await this.#addDense(into, shares, states.features);
  }

  async #addDense(
    into: Float64Array,
    { entries, patches, concepts }: SparseShares,
    features: Float64Array,
  ): Promise<void> {
    const count = this.parameters.alpha.length;
    const rows = patches.at(-1)! + 1;
    if (this.#dense.length < rows * count) this.#dense = new Float64Array(rows * count);
    const dense = this.#dense;
    dense.fill(0, 0, rows * count);
    for (let at = 0; at < entries.length; at++) dense[patches[at]! * count + concepts[at]!] = entries[at]!;
    const sums = await this.#products.moments(dense, features, rows);
    for (let at = 0; at < into.length; at++) into[at]! += sums[at]!;
  }
}

function writeCounts(
  { starts, weights }: Batch,
  count: (w: number, patches: number) => number,
  into: Float64Array,
): void {
  for (let at = 0; at + 1 < starts.length; at++) {
    const [start, end] = [starts[at]!, starts[at + 1]!];
    for (let j = start; j < end; j++) into[j] = count(weights[j]!, end - start);
  }
}

/** γ = α + the patches' mass in equal parts. */
function fairStart(alpha: Float64Array, counts: Float64Array): Float64Array {
  const mass = counts.reduce((sum, count) => sum + count, 0);
  return alpha.map((value) => value + mass / alpha.length);
}

/** Entries up to which, a patch, plain loops beat a product of matrices that are nearly all zero. */
const sparseUpTo = 4;

/** Responsibilities below this share of a patch vanish in any sum of float64. */
const negligible = 1e-17;

interface SparseShares {
  readonly entries: Float64Array;
  readonly patches: Int32Array;
  readonly concepts: Int32Array;
}

const shareRoom = (size: number): SparseShares => ({
  entries: new Float64Array(size),
  patches: new Int32Array(size),
  concepts: new Int32Array(size),
});

/** w_j φ_jk of a batch where it is not nothing. */
function phiWeights(
  { weights, starts }: Batch,
  { states, candidates, totals }: BatchStates,
  found: SparseShares,
): SparseShares {
  const { pointers, concepts, shares } = candidates;
  let next = 0;
  for (const [image, { factors }] of states.entries()) {
    for (let j = starts[image]!; j < starts[image + 1]!; j++) {
      const scale = weights[j]! / totals[j]!;
      for (let at = pointers[j]!; at < pointers[j + 1]!; at++) {
        const value = scale * shares[at]! * factors[concepts[at]!]!;
        if (!(value > negligible)) continue;
        found.entries[next] = value;
        found.patches[next] = j;
        found.concepts[next++] = concepts[at]!;
      }
    }
  }
  const part = <Values extends Float64Array | Int32Array>(values: Values) => values.subarray(0, next) as Values;
  return { entries: part(found.entries), patches: part(found.patches), concepts: part(found.concepts) };
}

function addSparse(
  into: Float64Array,
  { entries, patches, concepts }: SparseShares,
  { features, width }: { features: Float64Array; width: number },
): void {
  for (let at = 0; at < entries.length; at++) {
    const value = entries[at]!;
    const [to, from] = [concepts[at]! * width, patches[at]! * width];
    for (let p = 0; p < width; p++) into[to + p]! += value * features[from + p]!;
  }
}
