import { AssayError } from "#base";
import type { LanguageModel } from "#models";
import type { EditRequest } from "./request.ts";
import { type RomeOptions, rome } from "./rome.ts";
import type { KeyStatistics } from "./statistics.ts";

/** How layers are compared. */
export interface ScanOptions extends Omit<RomeOptions, "layer" | "statistics"> {
  /** All of them when left out. */
  readonly layers?: readonly number[];
  /** C of a layer, asked for when its turn comes; the identity when left out. */
  readonly statistics?: (layer: number) => KeyStatistics | Promise<KeyStatistics>;
}

/** What edits at one layer come to, the mean over requests; all in nats but the shares. */
export interface LayerScan {
  readonly layer: number;
  /** The loss that the value was left with, before anything was written: what a change here could do at best. */
  readonly sought: number;
  /** Surprise of the object after the edit, and the share of requests whose object is then said first. */
  readonly reached: number;
  readonly efficacy: number;
  /** ‖ΔW‖ / ‖W‖ */
  readonly relativeNorm: number;
  /** Requests that an editor refused at this layer. */
  readonly refused: number;
}

/**
 * Tries every layer on some facts: which one to edit, for a model that nobody has settings for. Scan with other facts than
 * those that are reported afterwards.
 *
 * @throws AssayError as rome(), where it is not of one edit alone
 * @example const scan = await scanLayers(model, requests, { steps: 20 });
 */
export async function scanLayers(
  model: LanguageModel,
  requests: readonly EditRequest[],
  { layers, statistics, ...options }: ScanOptions = {},
): Promise<LayerScan[]> {
  const scans: LayerScan[] = [];
  for (const layer of layers ?? Array.from({ length: model.config.layers }, (_, at) => at)) {
    const own = await statistics?.(layer);
    scans.push(
      await scanLayer(model, requests, { ...options, layer, ...(own === undefined ? {} : { statistics: own }) }),
    );
  }
  return scans;
}

async function scanLayer(
  model: LanguageModel,
  requests: readonly EditRequest[],
  options: RomeOptions & { readonly layer: number },
): Promise<LayerScan> {
  const rows: { sought: number; reached: number; isGreedy: boolean; norm: number }[] = [];
  for (const request of requests) {
    const edited = await rome(model, request, options).catch(ofTheEdit);
    if (edited === undefined) continue;
    const [own] = edited.patch.certificate.requests;
    const { surprise, isGreedy, target } = own!;
    rows.push({
      sought: target!.loss,
      reached: surprise.after,
      isGreedy,
      norm: edited.patch.certificate.matrices[0]!.relativeNorm,
    });
  }
  const mean = (pick: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + pick(row), 0) / rows.length;
  return {
    layer: options.layer,
    sought: mean(({ sought }) => sought),
    reached: mean(({ reached }) => reached),
    efficacy: rows.filter(({ isGreedy }) => isGreedy).length / requests.length,
    relativeNorm: mean(({ norm }) => norm),
    refused: requests.length - rows.length,
  };
}

/** Errors that say something of one edit at one layer. */
const codes = ["EDIT_DISABLING", "EDIT_WITHOUT_EFFECT", "LOSS_NOT_FINITE", "VALUE_OVERFLOW"];

function ofTheEdit(error: unknown): undefined {
  if (error instanceof AssayError && codes.includes(error.code)) return undefined;
  throw error;
}
