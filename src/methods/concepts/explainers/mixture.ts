/** A plain mixture of Gaussians: no image, no Dirichlet, no label. */
import { batchesOf } from "../batch.ts";
import type { EmbeddingSource } from "../embedded-image.ts";
import { EStep } from "../estep.ts";
import type { Explainer } from "../explanation.ts";
import { type CovarianceKind, featureCount } from "../features.ts";
import { type Gaussians, updateGaussians } from "../gaussians.ts";
import type { Projection } from "../projection.ts";
import { completeSettings } from "../settings.ts";
import { meanVariance, startGaussians } from "../start.ts";
import type { WeightOptions } from "../weights.ts";
import { pooledExplainer } from "./pooled.ts";
import { completeOptions, type EmbeddingOptions, prepare } from "./prepare.ts";

/** Settings of the mixture explainer. */
export interface MixtureOptions extends EmbeddingOptions {
  readonly concepts: number;
  readonly covariance?: CovarianceKind;
  readonly floor?: number;
  readonly epochs?: number;
}

/** A mixture: how common each Gaussian is, and what it was worth after each epoch. */
export interface Mixture {
  readonly gaussians: Gaussians;
  /** π [K] */
  readonly shares: Float64Array;
  /** The mean log-likelihood of a virtual patch, before each epoch's update. */
  readonly trace: readonly number[];
}

/** What an expectation–maximisation run starts from and how long it goes on. */
export interface MixtureRun {
  readonly start: Gaussians;
  readonly projection: Projection;
  readonly weights: WeightOptions;
  readonly floor: number;
  readonly variance: number;
  readonly epochs: number;
}

/** So large a Dirichlet parameter that E[ln θ] is ln π whatever the patches say. */
const certain = 1e12;

/** Room for the most unequal π: e⁻⁶⁰ of the largest. */
const widest = 60;

/** An expectation step whose E is ln π. */
async function mixtureStep(gaussians: Gaussians, shares: Float64Array, epsilon: number) {
  const settings = { mode: "B", rounds: { most: 1, tolerance: 0 } } as const;
  const step = await EStep.with({ settings, gaussians, alpha: new Float64Array(shares.length).fill(1), epsilon });
  const start = shares.map((share) => certain * Math.max(share, 1e-26));
  return { step, start };
}

/**
 * Expectation and maximisation over a source.
 *
 *     r_jk ∝ π_k N(e_j | μ_k, Σ_k)      π_k = Σ w r / Σ w
 *
 * Source   Dempster, Laird & Rubin 1977; compared with scikit-learn's GaussianMixture
 */
export async function runMixture(source: EmbeddingSource, run: MixtureRun): Promise<Mixture> {
  const { projection, weights, floor, variance, epochs } = run;
  let gaussians = run.start;
  const concepts = gaussians.means.length / gaussians.d;
  let shares: Float64Array = new Float64Array(concepts).fill(1 / concepts);
  const features = featureCount(gaussians.kind, gaussians.d);
  const trace: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const { step, start } = await mixtureStep(gaussians, shares, floor * variance);
    const moments = new Float64Array(concepts * features);
    let [total, mass] = [0, 0];
    for await (const batch of batchesOf(source, { projection, weights })) {
      const states = await step.infer(batch, { starts: batch.images.map(() => start), nudgeRange: widest });
      await step.addMoments(moments, batch, states);
      for (const [image, { peak }] of states.states.entries()) {
        for (let j = batch.starts[image]!; j < batch.starts[image + 1]!; j++) {
          total += batch.weights[j]! * (Math.log(states.totals[j]!) + peak + states.candidates.peaks[j]!);
          mass += batch.weights[j]!;
        }
      }
    }
    trace.push(total / mass);
    gaussians = updateGaussians(gaussians, moments, { prior: { floor, strength: 0 }, variance, least: 1e-8 });
    shares = shares.map((_, k) => moments[(k + 1) * features - 1]! / mass);
  }
  return { gaussians, shares, trace };
}

/** Concepts as the parts of a plain mixture: a patch has its responsibilities, an image their mean. */
export function mixtureExplainer({
  concepts,
  covariance = "full",
  floor = 1e-3,
  epochs = 20,
  ...options
}: MixtureOptions): Explainer {
  const shared = completeOptions(options);
  const settings = { concepts, covariance, floor, epochs, ...shared } as never;
  const about = { name: "GMM", level: "full", settings } as const;
  return {
    ...about,
    async fit(source) {
      const { projection, sample } = await prepare(source, shared);
      const variance = meanVariance(sample);
      const prior = { floor, strength: 0 };
      const start = startGaussians(
        sample,
        completeSettings({ concepts, covariance, prior, seed: shared.seed }),
        variance,
      );
      const { weights } = shared;
      const { gaussians, shares } = await runMixture(source, { start, projection, weights, floor, variance, epochs });
      const { step, start: certainStart } = await mixtureStep(gaussians, shares, floor * variance);
      const score = (rows: Float64Array) => responsibilities(rows, { step, start: certainStart, d: projection.d });
      return pooledExplainer({
        ...about,
        model: source.model,
        projection,
        weights,
        score,
        size: concepts,
        showsPatches: true,
      });
    },
  };
}

async function responsibilities(
  rows: Float64Array,
  { step, start, d }: { step: EStep; start: Float64Array; d: number },
): Promise<Float64Array> {
  const patches = rows.length / d;
  const image = { id: "", embeddings: rows, attention: new Float64Array(patches).fill(1) };
  const batch = { images: [image], first: 0, rows, weights: image.attention, starts: [0, patches] };
  const { states, candidates, totals } = await step.infer(batch, { starts: [start], nudgeRange: widest });
  const scores = new Float64Array(patches * start.length);
  for (let j = 0; j < patches; j++) {
    for (let at = candidates.pointers[j]!; at < candidates.pointers[j + 1]!; at++) {
      const k = candidates.concepts[at]!;
      scores[j * start.length + k] = (candidates.shares[at]! * states[0]!.factors[k]!) / totals[j]!;
    }
  }
  return scores;
}
