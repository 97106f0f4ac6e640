/** Latent Dirichlet allocation over visual words: patches become the number of their nearest centre. */
import { digamma, stream } from "#base";
import { batchesOf } from "../batch.ts";
import { refineCentres, spreadCentres } from "../clusters.ts";
import { expectedLog } from "../dirichlet.ts";
import type { Explainer, ImageExplanation } from "../explanation.ts";
import type { Projection } from "../projection.ts";
import { expectModel } from "./pooled.ts";
import { completeOptions, type EmbeddingOptions, prepare } from "./prepare.ts";

/** Settings of the topic explainer. */
export interface TopicsOptions extends EmbeddingOptions {
  /** Topics. */
  readonly concepts: number;
  /** Visual words; 200 when left out. */
  readonly words?: number;
  /** Dirichlet of topics in an image, and of words in a topic; one over the number of topics when left out. */
  readonly alpha?: number;
  readonly beta?: number;
  readonly epochs?: number;
}

/** Weighted counts of words by image. Shapes   [M][V] */
export type WordCounts = readonly Float64Array[];

/** λ [K, V] of topics, and the priors. */
export interface Topics {
  readonly lambda: Float64Array;
  readonly words: number;
  readonly alpha: number;
  readonly beta: number;
}

const [innerRounds, innerTolerance] = [100, 1e-3];

/**
 * One image's topics, from a start of ones.
 *
 *     γ_k = α + exp(E[ln θ_k]) Σ_v n_v exp(E[ln β_kv]) / Σ_k exp(E[ln θ_k] + E[ln β_kv])
 *
 * Source   Hoffman, Blei & Bach 2010, Online learning for LDA, algorithm 1; stops as scikit-learn's batch version does
 */
export function imageTopics(
  counts: Float64Array,
  { words, alpha }: Topics,
  expBeta: Float64Array,
): { gamma: Float64Array; expTheta: Float64Array } {
  const topics = expBeta.length / words;
  const used = [...counts.keys()].filter((word) => counts[word]! > 0);
  let gamma: Float64Array = new Float64Array(topics).fill(1);
  let expTheta = expectedLog(gamma).map(Math.exp);
  for (let round = 0; round < innerRounds; round++) {
    const last = gamma;
    gamma = new Float64Array(topics).fill(alpha);
    for (const word of used) {
      let total = 2.220446049250313e-16;
      for (let k = 0; k < topics; k++) total += expTheta[k]! * expBeta[k * words + word]!;
      for (let k = 0; k < topics; k++) gamma[k]! += (expTheta[k]! * counts[word]! * expBeta[k * words + word]!) / total;
    }
    expTheta = expectedLog(gamma).map(Math.exp);
    if (gamma.reduce((sum, value, k) => sum + Math.abs(value - last[k]!), 0) / topics < innerTolerance) break;
  }
  return { gamma, expTheta };
}

/** exp(E[ln β]) of every topic and word. */
export function expectedWords({ lambda, words }: Topics): Float64Array {
  const found = new Float64Array(lambda.length);
  for (let k = 0; k < lambda.length / words; k++) {
    const row = lambda.subarray(k * words, (k + 1) * words);
    const whole = digamma(row.reduce((sum, value) => sum + value, 0));
    for (let word = 0; word < words; word++) found[k * words + word] = Math.exp(digamma(row[word]!) - whole);
  }
  return found;
}

/** Epochs over all images: θ of each, then λ. */
export function learnTopics(documents: WordCounts, start: Topics, epochs: number): Topics {
  let topics = start;
  const { words, beta } = start;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const expBeta = expectedWords(topics);
    const sums = new Float64Array(topics.lambda.length);
    for (const counts of documents) {
      const { expTheta } = imageTopics(counts, topics, expBeta);
      for (const [word, count] of counts.entries()) {
        if (count === 0) continue;
        let total = 2.220446049250313e-16;
        for (let k = 0; k < expTheta.length; k++) total += expTheta[k]! * expBeta[k * words + word]!;
        for (let k = 0; k < expTheta.length; k++) sums[k * words + word]! += (expTheta[k]! * count) / total;
      }
    }
    topics = { ...topics, lambda: sums.map((value, at) => beta + value * expBeta[at]!) };
  }
  return topics;
}

/** Concepts as topics of visual words: an image has γ, a patch what its word says of topics there. */
export function topicsExplainer(options: TopicsOptions): Explainer {
  const { concepts, words = 200, alpha = 1 / concepts, beta = 1 / concepts, epochs = 20, ...rest } = options;
  const shared = completeOptions(rest);
  const about = {
    name: "LDA",
    level: "full",
    settings: { concepts, words, alpha, beta, epochs, ...shared } as never,
  } as const;
  return {
    ...about,
    async fit(source) {
      const { projection, sample } = await prepare(source, shared);
      const random = stream(shared.seed, "concepts/topics");
      const { centres } = refineCentres(sample, spreadCentres(sample, words, random), 50);
      const code: Code = { centres, projection, words };
      const documents: Float64Array[] = [];
      for await (const { counts } of wordsOf(source, code, shared.weights)) documents.push(counts);
      const lambda = Float64Array.from({ length: concepts * words }, () => 0.5 + random.next());
      const topics = learnTopics(documents, { lambda, words, alpha, beta }, epochs);
      const explain = (images: typeof source) =>
        explainTopics(images, { ...code, topics, model: source.model, weights: shared.weights });
      return { ...about, size: concepts, explain };
    },
  };
}

interface Code {
  readonly centres: Float64Array;
  readonly projection: Projection;
  readonly words: number;
}

async function* wordsOf(
  source: Parameters<typeof batchesOf>[0],
  { centres, projection, words }: Code,
  weights: Parameters<typeof batchesOf>[1]["weights"],
) {
  for await (const batch of batchesOf(source, { projection, weights })) {
    const data = { rows: batch.rows, weights: batch.weights, d: projection.d };
    const { labels } = refineCentres(data, centres, 0);
    for (const [at, { id }] of batch.images.entries()) {
      const own = labels.slice(batch.starts[at]!, batch.starts[at + 1]!);
      const counts = new Float64Array(words);
      for (const [j, word] of own.entries()) counts[word]! += batch.weights[batch.starts[at]! + j]!;
      yield { id, counts, own };
    }
  }
}

async function* explainTopics(
  source: Parameters<typeof batchesOf>[0],
  {
    topics,
    model,
    weights,
    ...code
  }: Code & { topics: Topics; model: string; weights: Parameters<typeof batchesOf>[1]["weights"] },
): AsyncGenerator<ImageExplanation> {
  expectModel("LDA", model, source);
  const expBeta = expectedWords(topics);
  for await (const { id, counts, own } of wordsOf(source, code, weights)) {
    const { gamma, expTheta } = imageTopics(counts, topics, expBeta);
    const total = gamma.reduce((sum, value) => sum + value, 0);
    yield {
      id,
      theta: gamma.map((value) => value / total),
      patches: patchTopics(own, expTheta, { expBeta, words: code.words }),
    };
  }
}

/** φ of each patch. Shapes   words [J] → [J, K] */
function patchTopics(
  own: Int32Array,
  expTheta: Float64Array,
  { expBeta, words }: { expBeta: Float64Array; words: number },
): Float64Array {
  const topics = expTheta.length;
  const patches = new Float64Array(own.length * topics);
  for (const [j, word] of own.entries()) {
    let total = 0;
    for (let k = 0; k < topics; k++) total += expTheta[k]! * expBeta[k * words + word]!;
    for (let k = 0; k < topics; k++) patches[j * topics + k] = (expTheta[k]! * expBeta[k * words + word]!) / total;
  }
  return patches;
}
