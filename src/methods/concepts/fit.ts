/**
 * PACE: concepts as Gaussians in the space of patch embeddings, an image as a mixture of concepts.
 *
 *     θ_m ~ Dirichlet(α)    z_mj ~ Categorical(θ_m)    e_mj ~ N(μ_z, Σ_z), w_mj = J a_mj times
 *     maximise L_e + λ_f L_f + λ_s L_s over γ, φ, then over μ, Σ, α, η, β
 *
 * Axes     M images · J patches · K concepts · d dimensions · N classes
 * Source   Wang, Tan & Wang 2024, Probabilistic Conceptual Explainers (arXiv:2406.12649), §3 and §4
 */
import { stream } from "#base";
import type { ConceptModel, EpochRecord } from "./concept-model.ts";
import { learnAlpha } from "./dirichlet.ts";
import type { EmbeddingSource } from "./embedded-image.ts";
import { type PassParameters, type PassSums, runPass } from "./epoch.ts";
import { EStep } from "./estep.ts";
import { featureCount } from "./features.ts";
import { type Gaussians, updateGaussians } from "./gaussians.ts";
import { type LabelMap, stepEta } from "./label-map.ts";
import { stepBeta } from "./pairs.ts";
import { type PatchMoments, type Projection, patchMoments, projectionOf } from "./projection.ts";
import { type ConceptSettings, completeSettings } from "./settings.ts";
import { meanVariance, samplePatches, startGaussians } from "./start.ts";

/** Beside the settings: who watches, and a start of one's own. */
export interface FitOptions extends Partial<ConceptSettings> {
  readonly onEpoch?: (record: EpochRecord, epoch: number) => void;
  readonly signal?: AbortSignal;
  /** A projection that is known already, as for the perturbed images of the same model. */
  readonly given?: Projection;
}

/** What the global step moves. */
interface Parameters {
  readonly gaussians: Gaussians;
  readonly alpha: Float64Array;
  readonly eta: LabelMap;
  readonly beta: Float64Array;
}

/**
 * Finds the concepts of a source.
 *
 * In modes A and B without λ_f and λ_s no epoch lowers the bound, where `keepGamma` is set and no concept begins anew.
 *
 * @throws AssayError OPTION_RANGE, EMBEDDINGS_EMPTY, EMBEDDINGS_CONSTANT, EMBEDDINGS_NOT_FINITE, ATTENTION_INVALID, CONCEPTS_TOO_MANY, COVARIANCE_SINGULAR
 */
export async function fitConcepts(source: EmbeddingSource, options: FitOptions = {}): Promise<ConceptModel> {
  const { onEpoch, signal, given, ...wanted } = options;
  const settings = completeSettings(wanted);
  const moments = await patchMoments(source);
  const { projection, gaussians, variance } = await prepare(source, settings, { moments, given });
  const concepts = settings.concepts;
  const gammas = settings.keepGamma ? new Float64Array(moments.images * concepts) : undefined;
  let parameters: Parameters = {
    gaussians,
    alpha: new Float64Array(concepts).fill(settings.alpha),
    eta: new Float64Array(source.classes * concepts),
    beta: new Float64Array(concepts).fill(1),
  };
  const trace: EpochRecord[] = [];
  let [step, masses, changed]: [EStep | undefined, Float64Array, boolean] = [
    undefined,
    new Float64Array(concepts),
    false,
  ];
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    signal?.throwIfAborted();
    const epsilon = settings.prior.floor * variance;
    step = await EStep.with({ settings, ...parameters, epsilon }, step);
    const pass: PassParameters = {
      ...parameters,
      step,
      settings,
      projection,
      variance,
      isWarm: epoch > 0 && gammas !== undefined,
    };
    const sums = await runPass(source, gammas === undefined ? pass : { ...pass, gammas });
    masses = massesOf(sums.moments, featureCount(settings.covariance, projection.d));
    const record = recordOf(sums, { masses, settings, changed });
    trace.push(record);
    onEpoch?.(record, epoch);
    if (epoch + 1 === settings.epochs || hasSettled(trace, settings.tolerance)) break;
    const next = nextParameters(parameters, sums, { settings, variance, masses, isLate: epoch * 2 >= settings.epochs });
    ({ changed } = next);
    parameters = next.parameters;
  }
  return {
    settings,
    projection,
    variance,
    trace,
    model: source.model,
    classes: source.classes,
    ...byMass(parameters, masses),
    fitted: { source: source.name, images: moments.images, patches: moments.patches },
  };
}

/** The same parameters with the commonest concept first: its number says something, and starts are easier to compare. */
function byMass(
  { gaussians, alpha, eta, beta }: Parameters,
  masses: Float64Array,
): Parameters & { readonly masses: Float64Array } {
  const order = Array.from(masses.keys()).sort((a, b) => masses[b]! - masses[a]! || a - b);
  const { d } = gaussians;
  const rows = (values: Float64Array, width: number) =>
    Float64Array.from(
      { length: values.length },
      (_, at) => values[order[Math.floor(at / width)]! * width + (at % width)]!,
    );
  const concepts = masses.length;
  return {
    gaussians: { ...gaussians, means: rows(gaussians.means, d), covariances: rows(gaussians.covariances, d * d) },
    alpha: rows(alpha, 1),
    beta: rows(beta, 1),
    eta: eta.map((_, at) => eta[at - (at % concepts) + order[at % concepts]!]!),
    masses: rows(masses, 1),
  };
}

async function prepare(
  source: EmbeddingSource,
  settings: ConceptSettings,
  { moments, given }: { moments: PatchMoments; given: Projection | undefined },
) {
  const { seed, projection: kind, dimensions, startPatches: count, weights } = settings;
  const d = Math.min(dimensions, source.width);
  const projection = given ?? projectionOf(moments, { kind, d, random: stream(seed, "concepts/projection") });
  const random = stream(seed, "concepts/sample");
  const sample = await samplePatches(source, { projection, weights, count, random });
  const variance = meanVariance(sample);
  return { projection, variance, gaussians: startGaussians(sample, settings, variance) };
}

const massesOf = (moments: Float64Array, features: number): Float64Array =>
  Float64Array.from({ length: moments.length / features }, (_, k) => moments[(k + 1) * features - 1]!);

function recordOf(
  { images, rounds, embeddings, labels, pairs, prior }: PassSums,
  { masses, settings, changed }: { masses: Float64Array; settings: ConceptSettings; changed: boolean },
): EpochRecord {
  return {
    bound: embeddings + labels + pairs + prior,
    changed,
    alive: masses.filter((mass) => mass >= settings.deadBelow).length,
    rounds: rounds / images,
    parts: { embeddings, labels, pairs, prior },
  };
}

function hasSettled(trace: readonly EpochRecord[], tolerance: number): boolean {
  const [before, last] = trace.slice(-2);
  if (before === undefined || last === undefined || last.changed) return false;
  return Math.abs(last.bound - before.bound) < tolerance * Math.abs(last.bound);
}

interface NextOptions {
  readonly settings: ConceptSettings;
  readonly variance: number;
  readonly masses: Float64Array;
  /** In the second half no concept begins anew: it could not settle. */
  readonly isLate: boolean;
}

function nextParameters(current: Parameters, sums: PassSums, { settings, variance, masses, isLate }: NextOptions) {
  const { prior, faithfulness, stability, ridge } = settings;
  const least = settings.deadBelow;
  const updated = updateGaussians(current.gaussians, sums.moments, { prior, variance, least });
  const dead = masses.findIndex((mass) => mass < least);
  const reseeds = settings.dead === "reseed" && dead >= 0 && !isLate && sums.worst !== undefined;
  const gaussians = reseeds ? reseeded(updated, dead, { row: sums.worst!.row, masses }) : updated;
  const evidence = { images: sums.images, logs: sums.logs };
  const alpha = settings.learnAlpha === "no" ? current.alpha : learnAlpha(current.alpha, evidence, settings.learnAlpha);
  const eta =
    faithfulness > 0 ? stepEta(current.eta, { gradient: sums.etaGradient, gram: sums.gram }, ridge) : current.eta;
  const beta = stability > 0 ? stepBeta(current.beta, sums.betaGradient, { images: sums.pairImages }) : current.beta;
  return { parameters: { gaussians, alpha, eta, beta }, changed: reseeds };
}

/** Puts a dead concept on a patch that others explain worst, with the covariance of the largest. */
function reseeded(
  { kind, d, means, covariances }: Gaussians,
  dead: number,
  { row, masses }: { row: Float64Array; masses: Float64Array },
): Gaussians {
  const largest = masses.indexOf(Math.max(...masses));
  const [moved, spread] = [means.slice(), covariances.slice()];
  moved.set(row, dead * d);
  spread.set(covariances.subarray(largest * d * d, (largest + 1) * d * d), dead * d * d);
  return { kind, d, means: moved, covariances: spread };
}
