/** One pass over all images: what was inferred, and the sums that the next parameters follow from. */
import { type Batch, batchesOf, pairPatches, perturbedBatch } from "./batch.ts";
import { expectedLog } from "./dirichlet.ts";
import type { EmbeddingSource } from "./embedded-image.ts";
import type { BatchStates, EStep, InferOptions } from "./estep.ts";
import { featureCount } from "./features.ts";
import { type Gaussians, logPrior } from "./gaussians.ts";
import { type ImageProblem, phiBarOf } from "./infer-image.ts";
import { addEtaGradient, type LabelMap, labelBound, labelGradient } from "./label-map.ts";
import { addBetaGradient, type PairBatch, pairBound, pairGradient } from "./pairs.ts";
import type { Projection } from "./projection.ts";
import type { ConceptSettings } from "./settings.ts";

/** The parameters of a pass. */
export interface PassParameters {
  readonly step: EStep;
  readonly settings: ConceptSettings;
  readonly projection: Projection;
  readonly variance: number;
  readonly alpha: Float64Array;
  readonly eta: LabelMap;
  readonly beta: Float64Array;
  /** γ of every image [M, K], read and overwritten; absent when not kept. */
  readonly gammas?: Float64Array;
  /** Whether `gammas` holds an earlier pass. */
  readonly isWarm: boolean;
}

/** Sums over a pass: their size depends on K and d, not on the number of images. */
export interface PassSums {
  images: number;
  patches: number;
  /** Σ w: virtual patches. */
  mass: number;
  rounds: number;
  embeddings: number;
  labels: number;
  pairs: number;
  prior: number;
  readonly moments: Float64Array;
  readonly logs: Float64Array;
  readonly etaGradient: Float64Array;
  readonly gram: Float64Array;
  readonly betaGradient: Float64Array;
  pairImages: number;
  /** The patch that was explained worst, projected. */
  worst: { readonly bound: number; readonly row: Float64Array } | undefined;
}

const emptySums = ({ alpha, eta, step }: PassParameters): PassSums => {
  const { kind, d } = step.parameters.gaussians;
  const zero = {
    images: 0,
    patches: 0,
    mass: 0,
    rounds: 0,
    embeddings: 0,
    labels: 0,
    pairs: 0,
    prior: 0,
    pairImages: 0,
  };
  return {
    ...zero,
    moments: new Float64Array(alpha.length * featureCount(kind, d)),
    logs: new Float64Array(alpha.length),
    etaGradient: new Float64Array(eta.length),
    gram: new Float64Array(alpha.length ** 2),
    betaGradient: new Float64Array(alpha.length),
    worst: undefined,
  };
};

/** Reads every image once. */
export async function runPass(source: EmbeddingSource, parameters: PassParameters): Promise<PassSums> {
  const { settings, projection, variance, step } = parameters;
  const sums = emptySums(parameters);
  const size = settings.stability > 0 ? { patches: pairPatches } : {};
  for await (const batch of batchesOf(source, { projection, weights: settings.weights, ...size })) {
    await addBatch(sums, batch, parameters);
  }
  const { kind } = step.parameters.gaussians as Gaussians;
  sums.prior =
    settings.prior.strength === 0 ? 0 : logPrior(step.map, { kind, strength: settings.prior.strength, variance });
  return sums;
}

/** Rounds in which pairs are drawn together: φ̄ of both sides moves between them. */
const pairRounds = 3;

async function addBatch(sums: PassSums, batch: Batch, parameters: PassParameters): Promise<void> {
  const { step, settings, gammas, isWarm, alpha } = parameters;
  const concepts = alpha.length;
  const at = (image: number) =>
    gammas?.subarray((batch.first + image) * concepts, (batch.first + image + 1) * concepts);
  let starts: (Float64Array | undefined)[] = batch.images.map((_, image) => (isWarm ? at(image)?.slice() : undefined));
  const pairs = settings.stability > 0 ? await perturbedStates(batch, parameters) : undefined;
  let originals = starts.map((gamma) => (gamma === undefined ? undefined : phiBarOf(gamma, alpha)));
  let states: BatchStates | undefined;
  let pairBatch: PairBatch | undefined;
  for (let round = 0; round < (pairs === undefined ? 1 : pairRounds); round++) {
    pairBatch =
      pairs === undefined || originals.some((one) => one === undefined)
        ? undefined
        : { originals: originals as Float64Array[], perturbed: pairs };
    states = await step.infer(batch, inferOptions(batch, { parameters, starts, pairs: pairBatch }));
    starts = states.states.map(({ gamma }) => gamma);
    originals = starts.map((gamma) => phiBarOf(gamma!, alpha));
  }
  const final = pairs === undefined ? undefined : { originals: originals as Float64Array[], perturbed: pairs };
  addStates(sums, { batch, states: states!, parameters, pairs: final });
  for (const [image, { gamma }] of states!.states.entries()) at(image)?.set(gamma);
  await step.addMoments(sums.moments, batch, states!);
  findWorst(sums, batch, states!);
}

/** φ̄ of the perturbed images, inferred without their originals. */
async function perturbedStates(
  batch: Batch,
  { step, projection, settings, alpha }: PassParameters,
): Promise<Map<number, Float64Array>> {
  const { batch: other, of } = await perturbedBatch(batch, { projection, weights: settings.weights });
  if (of.length === 0) return new Map();
  const { states } = await step.infer(other);
  return new Map(states.map(({ gamma }, at) => [of[at]!, phiBarOf(gamma, alpha)]));
}

interface NudgeContext {
  readonly parameters: PassParameters;
  readonly starts: readonly (Float64Array | undefined)[];
  readonly pairs: PairBatch | undefined;
}

/** What labels and pairs add to E_k: (λ_f F + λ_s S) / W, each step damped. W is the mass of the image in γ. */
function inferOptions(batch: Batch, { parameters, starts, pairs }: NudgeContext): InferOptions {
  const { settings, eta } = parameters;
  const { faithfulness, stability } = settings;
  if (faithfulness === 0 && pairs === undefined) return { starts };
  const nudges = batch.images.map(({ label }, at): ImageProblem["nudge"] => {
    const mass = massOf(batch, at);
    const pull = pairs === undefined ? undefined : pairGradient(parameters.beta, pairs, at);
    return (phiBar, extra) => {
      const wanted = faithfulness > 0 && label !== undefined ? labelGradient(eta, phiBar, label) : undefined;
      for (let k = 0; k < extra.length; k++) {
        const target = (faithfulness * (wanted?.[k] ?? 0) + stability * (pull?.[k] ?? 0)) / mass;
        extra[k]! += settings.damping * (target - extra[k]!);
      }
    };
  });
  const least = Math.min(...batch.images.map((_, at) => massOf(batch, at)));
  return { starts, nudges, nudgeRange: (4 * faithfulness + 2 * stability) / least };
}

function massOf({ starts, weights }: Batch, at: number): number {
  let mass = 0;
  for (let j = starts[at]!; j < starts[at + 1]!; j++) mass += weights[j]!;
  return mass;
}

interface Added {
  readonly batch: Batch;
  readonly states: BatchStates;
  readonly parameters: PassParameters;
  readonly pairs: PairBatch | undefined;
}

function addStates(sums: PassSums, { batch, states, parameters, pairs }: Added): void {
  const { step, settings, alpha, eta, beta } = parameters;
  const logs = new Float64Array(alpha.length);
  sums.patches += batch.weights.length;
  for (const [at, { gamma, rounds }] of states.states.entries()) {
    sums.images++;
    sums.mass += massOf(batch, at);
    sums.rounds += rounds;
    sums.embeddings += step.bound(batch, states, at);
    expectedLog(gamma, logs);
    for (let k = 0; k < alpha.length; k++) sums.logs[k]! += logs[k]!;
    const { label } = batch.images[at]!;
    if (label !== undefined)
      addLabel(sums, { phiBar: phiBarOf(gamma, alpha), label, eta, weight: settings.faithfulness });
    if (pairs === undefined) continue;
    sums.pairs += settings.stability * pairBound(beta, pairs, at);
    sums.pairImages += pairs.perturbed.has(at) ? 1 : 0;
    addBetaGradient(sums.betaGradient, beta, { batch: pairs, at });
  }
}

interface LabelTerm {
  readonly phiBar: Float64Array;
  readonly label: number;
  readonly eta: LabelMap;
  readonly weight: number;
}

function addLabel(sums: PassSums, { phiBar, label, eta, weight }: LabelTerm): void {
  if (weight > 0) sums.labels += weight * labelBound(eta, phiBar, label);
  addEtaGradient(sums.etaGradient, eta, { phiBar, label });
  for (let a = 0; a < phiBar.length; a++) {
    if (phiBar[a] === 0) continue;
    for (let b = 0; b < phiBar.length; b++) sums.gram[a * phiBar.length + b]! += phiBar[a]! * phiBar[b]!;
  }
}

/** The patch with the lowest log-evidence under its image's θ: where a dead concept may begin anew. */
function findWorst(sums: PassSums, batch: Batch, { states, candidates, totals }: BatchStates): void {
  const d = batch.rows.length / batch.weights.length;
  for (const [at, { peak }] of states.entries()) {
    for (let j = batch.starts[at]!; j < batch.starts[at + 1]!; j++) {
      const bound = Math.log(totals[j]!) + peak + candidates.peaks[j]!;
      if (sums.worst !== undefined && bound >= sums.worst.bound) continue;
      sums.worst = { bound, row: batch.rows.slice(j * d, (j + 1) * d) };
    }
  }
}
