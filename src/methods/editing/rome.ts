/** ROME: one fact, one matrix, one change of rank one. */
import { type Json, type Tensor, tensor } from "#base";
import type { Matrix } from "#engine";
import type { LanguageModel } from "#models";
import { downMapPath } from "../value-vectors/place.ts";
import { certified, type Edited } from "./certify.ts";
import { rankOneForm } from "./closed-form.ts";
import { expectEditLayer } from "./observe.ts";
import { type FoundTarget, lengthOf, optimizeTargets } from "./optimize.ts";
import { certifiedTarget, type PatchUpdate } from "./patch.ts";
import { type PrepareOptions, prepareRequests } from "./prepare.ts";
import type { EditRequest } from "./request.ts";
import { type RomeSettings, settingsFor } from "./settings.ts";
import { expectStatistics, identityStatistics, type KeyStatistics } from "./statistics.ts";

/** How a fact is rewritten; every number that is left out comes from the model's settings. */
export interface RomeOptions extends Partial<RomeSettings>, Pick<PrepareOptions, "seed" | "inflected"> {
  /** `r-rome` uses the mean key in both places, `rome` the bare prompt's key in the second, as published. Default `r-rome`. */
  readonly variant?: "rome" | "r-rome";
  /** C at the layer; the identity, labelled so, when left out. */
  readonly statistics?: KeyStatistics;
}

/**
 * Rewrites one fact in one matrix. The given model keeps its weights.
 *
 *     W' = W + u Λᵀ,   u ∝ C⁻¹ k̄,   Λ = δ / (k · u)
 *
 * Source   Meng et al. 2022, ROME (arXiv:2202.05262); Gupta et al. 2024, Rebuilding ROME (arXiv:2403.07175)
 *
 * @throws AssayError EDIT_REQUEST, LANGUAGE_UNKNOWN, LAYER_OUT_OF_RANGE, STATISTICS_MISMATCH, EDIT_DISABLING, LOSS_NOT_FINITE,
 *   EDIT_WITHOUT_EFFECT, WEIGHTS_STREAMED, TOKENIZER_MISSING
 * @example const { model: edited, patch } = await rome(model, { subject: "Japan", prompt: "The currency of {} is the", target: "euro" });
 */
export async function rome(model: LanguageModel, request: EditRequest, options: RomeOptions = {}): Promise<Edited> {
  const { variant = "r-rome", statistics = identityStatistics(model.config.intermediateSize), ...rest } = options;
  const { seed = 0, inflected = false, ...given } = rest;
  const settings = { ...settingsFor(model).rome, ...given };
  const { layer } = settings;
  expectEditLayer(model, layer);
  expectStatistics(statistics, { layer, intermediateSize: model.config.intermediateSize });
  const { encoded } = await prepareRequests(model, [request], { ...settings, seed, inflected });
  const [target] = await optimizeTargets(model, encoded, { ...settings, origin: "mlp.output" });
  const meanKey = meanOf(target!.keys);
  const key = variant === "r-rome" ? meanKey : target!.keys[0]!;
  const { down, up, residual, keyDotDirection } = await rankOneForm({ meanKey, key, delta: target!.delta }, statistics);
  const update: PatchUpdate = { path: downMapPath(layer), kind: "low-rank", down: narrowed(down), up: narrowed(up) };
  const { label, condition, ridge, warnings } = statistics;
  return certified(model, {
    method: variant,
    settings: { ...settings, seed } as unknown as Readonly<Record<string, Json>>,
    updates: [{ update, layer, system: { statistics: label, condition, ridge, residual } }],
    requests: [{ encoded: encoded[0]!, target: normsOf(target!), keyDotDirection }],
    warnings,
  });
}

/** The mean of vectors, added up in float64. */
export function meanOf(vectors: readonly ArrayLike<number>[]): Float64Array<ArrayBuffer> {
  const total = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let at = 0; at < total.length; at++) total[at]! += vector[at]!;
  return total.map((value) => value / vectors.length);
}

/** A matrix as a patch keeps it. */
export const narrowed = ({ shape, data }: Matrix): Tensor<"float32"> => tensor(shape, Float32Array.from(data));

/** What a certificate says of a target. */
export const normsOf = (target: FoundTarget) =>
  certifiedTarget(target, { deltaNorm: lengthOf(target.delta), originNorm: lengthOf(target.origin) });
