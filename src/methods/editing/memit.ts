/** MEMIT: many facts at once, spread over several matrices. */
import { AssayError, type Json, type Tensor, tensor } from "#base";
import type { Matrix } from "#engine";
import { blockTap, type LanguageModel } from "#models";
import { downMapPath } from "../value-vectors/place.ts";
import { type CertifiedUpdate, certified, type Edited, withPatched } from "./certify.ts";
import { spreadForm } from "./closed-form.ts";
import type { EncodedRequest } from "./encode.ts";
import type { EditObjective } from "./later-blocks.ts";
import { expectEditLayer, matrixRow, readAt, readKeys, type TextPosition } from "./observe.ts";
import { type FoundTarget, optimizeTargets } from "./optimize.ts";
import { type PrepareOptions, prepareRequests } from "./prepare.ts";
import type { EditRequest } from "./request.ts";
import { meanOf, narrowed, normsOf } from "./rome.ts";
import { type MemitSettings, settingsFor } from "./settings.ts";
import { expectStatistics, identityStatistics, type KeyStatistics } from "./statistics.ts";

/** How facts are rewritten together; every number that is left out comes from the model's settings. */
export interface MemitOptions extends Partial<MemitSettings>, Omit<PrepareOptions, "prefixes"> {
  /** C at a layer, asked for when its turn comes and let go afterwards; the identity, labelled so, when left out. */
  readonly statistics?: (layer: number) => KeyStatistics | Promise<KeyStatistics>;
  /** What the certificate calls it; `memit` when left out. */
  readonly method?: string;
  /** `entropy` makes the model uncertain instead of certain of the object, which it must then move away from. */
  readonly objective?: EditObjective;
  /** Whether an edit that moves nothing is an error (default), or a result with a warning. */
  readonly effect?: "require" | "report";
}

/**
 * Rewrites many facts at once. Targets are sought at the last layer, then each layer takes its share of what is still
 * missing, on the model as it has been edited so far. The given model keeps its weights.
 *
 *     z_e = h_e + δ_e,   r_e = (z_e − h_e) / layers left,   ΔW_ℓ = (λ C_ℓ + K Kᵀ)⁻¹ K R
 *
 * Source   Meng et al. 2023, MEMIT, §4, algorithm 1 (arXiv:2210.07229)
 *
 * @throws AssayError EDIT_REQUEST, LANGUAGE_UNKNOWN, LAYER_OUT_OF_RANGE, STATISTICS_MISMATCH, OPTION_RANGE, LOSS_NOT_FINITE,
 *   EDIT_WITHOUT_EFFECT, WEIGHTS_STREAMED, TOKENIZER_MISSING
 * @example const { model: edited, patch } = await memit(model, requests, { layers: [1, 2] });
 */
export async function memit(
  model: LanguageModel,
  requests: readonly EditRequest[],
  options: MemitOptions = {},
): Promise<Edited> {
  const identity = () => identityStatistics(model.config.intermediateSize);
  const { statistics = identity, method = "memit", objective = "object", effect = "require", ...others } = options;
  const { seed = 0, inflected = false, unfit = "refuse", ...given } = others;
  const settings = { ...settingsFor(model).memit, ...given };
  const layers = ascendingLayers(model, settings.layers);
  const { encoded, excluded } = await prepareRequests(model, requests, { ...settings, seed, inflected, unfit });
  const last = layers.at(-1)!;
  const sought = { layer: last, origin: "residual", objective } as const;
  const targets = await optimizeTargets(model, encoded, { ...settings, ...sought });
  const spread = await spreadOver(model, { encoded, targets, layers, weight: settings.covarianceWeight, statistics });
  return certified(model, {
    method,
    settings: { ...settings, seed } as unknown as Readonly<Record<string, Json>>,
    updates: spread.updates,
    requests: encoded.map((one, at) => ({ encoded: one, target: normsOf(targets[at]!) })),
    effect,
    direction: objective === "object" ? "towards" : "away",
    excluded: excluded as Readonly<Record<string, number>>,
    warnings: spread.warnings,
  });
}

/** @throws AssayError LAYER_OUT_OF_RANGE, OPTION_RANGE where a layer is named twice, or none is */
function ascendingLayers(model: LanguageModel, layers: readonly number[]): number[] {
  for (const layer of layers) expectEditLayer(model, layer);
  if (layers.length > 0 && new Set(layers).size === layers.length) return layers.toSorted((a, b) => a - b);
  const got = layers.length === 0 ? "none" : layers.join(", ");
  throw new AssayError("OPTION_RANGE", `editing: Expected layers to spread the change over, each once, got ${got}`);
}

/** What is spread over which layers. */
export interface SpreadInput {
  readonly encoded: readonly EncodedRequest[];
  readonly targets: readonly FoundTarget[];
  readonly layers: readonly number[];
  readonly weight: number;
  readonly statistics: NonNullable<MemitOptions["statistics"]>;
}

/** Each layer takes its share of what is missing, on the model as edited so far; for a golden test on given ids too. */
export async function spreadOver(model: LanguageModel, { encoded, targets, layers, weight, statistics }: SpreadInput) {
  const wanted = targets.map(({ origin, delta }) => origin.map((value, at) => value + delta[at]!));
  const updates: CertifiedUpdate[] = [];
  const warnings = new Set<string>();
  let current = model;
  for (const [at, layer] of layers.entries()) {
    const own = await statistics(layer);
    expectStatistics(own, { layer, intermediateSize: model.config.intermediateSize });
    const keys = await meanKeys(current, encoded, layer);
    const residuals = await missing(current, { encoded, wanted, layer: layers.at(-1)!, share: layers.length - at });
    const { down, up, residual } = await spreadForm({ keys, residuals }, { statistics: own, weight });
    const update = { path: downMapPath(layer), kind: "low-rank", down: narrowed(down), up: narrowed(up) } as const;
    const { label, condition, ridge } = own;
    updates.push({ update, layer, system: { statistics: label, condition, ridge, residual } });
    for (const warning of own.warnings) warnings.add(warning);
    current = withPatched(current, [update]);
  }
  return { updates, warnings: [...warnings] };
}

/** K [I, n]: half the bare text's key, half the mean of the prefixed ones'. */
async function meanKeys(model: LanguageModel, encoded: readonly EncodedRequest[], layer: number): Promise<Matrix> {
  const texts = encoded.flatMap(({ rewrites }) => rewrites);
  const rows = await readKeys(model, texts, layer);
  const [size, count] = [model.config.intermediateSize, encoded.length];
  const keys = tensor([size, count], new Float64Array(size * count), "float64");
  let from = 0;
  for (const [column, { rewrites }] of encoded.entries()) {
    const own = rewrites.map((_, at) => matrixRow(rows, from + at));
    const key = balancedMean(own);
    for (let at = 0; at < size; at++) keys.data[at * count + column] = key[at]!;
    from += rewrites.length;
  }
  return keys;
}

function balancedMean([bare, ...prefixed]: readonly Float32Array[]): Float64Array {
  return prefixed.length === 0 ? Float64Array.from(bare!) : meanOf([bare!, meanOf(prefixed)]);
}

interface MissingInput {
  readonly encoded: readonly EncodedRequest[];
  readonly wanted: readonly Float32Array[];
  readonly layer: number;
  readonly share: number;
}

/** R [n, C]: each request's share of what its residual still misses. */
async function missing(model: LanguageModel, { encoded, wanted, layer, share }: MissingInput): Promise<Matrix> {
  const tap = blockTap(layer, "residual");
  const bare: TextPosition[] = encoded.map(({ rewrites }) => rewrites[0]!);
  const now: Tensor<"float32"> = (await readAt(model, bare, [tap]))[tap]!;
  const data = Float64Array.from(now.data, (value, at) => {
    const [row, column] = [Math.floor(at / now.shape[1]!), at % now.shape[1]!];
    return (wanted[row]![column]! - value) / share;
  });
  return tensor(now.shape, data, "float64");
}
