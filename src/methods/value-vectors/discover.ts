import { AssayError } from "#base";
import type { LanguageModel } from "#models";
import { type ColumnScore, type Lexicon, scoreColumns } from "./lexicon.ts";
import { expectLayer } from "./place.ts";
import { type ProjectionVariant, type ProjectOptions, projectLayer } from "./project.ts";
import type { TopTokens } from "./top-tokens.ts";

/** A value vector that speaks of a concept. */
export interface Discovery extends ColumnScore {
  readonly layer: number;
}

/** Where is looked, and what counts. */
export interface DiscoverOptions extends ProjectOptions {
  /** All when left out; early ones write few words. */
  readonly layers?: readonly number[];
  readonly variant?: ProjectionVariant;
  /** The false discovery rate over all columns looked at; 0.05 when left out. */
  readonly level?: number;
  /** The share of columns, strongest first by mean top logit, that is looked at; all when left out. */
  readonly strongest?: number;
}

/**
 * The value vectors whose top tokens hold more of a concept's words than chance, the surest first.
 *
 * Each lexicon is a screen of its own over all columns of all layers; what it finds is to be validated causally.
 *
 * @returns one list for each lexicon
 * @throws AssayError LAYER_OUT_OF_RANGE, OPTION_RANGE, SCALE_MISSING
 */
export async function discoverConceptVectors(
  model: LanguageModel,
  lexicons: readonly Lexicon[],
  { layers = allLayers(model), level = 0.05, strongest = 1, ...options }: DiscoverOptions = {},
): Promise<Discovery[][]> {
  for (const layer of layers) expectLayer(layer, model.config);
  if (!(strongest > 0 && strongest <= 1)) {
    throw new AssayError("OPTION_RANGE", `discover: Expected a share above 0 and up to 1, got ${strongest}`);
  }
  const tops: TopTokens[] = [];
  for (const layer of layers) tops.push(await projectLayer(model, layer, options));
  const joined = keepStrongest(joinTops(tops), strongest);
  const { vocabularySize, intermediateSize } = model.config;
  return lexicons.map((lexicon) =>
    scoreColumns(joined.top, lexicon, { vocabularySize })
      .filter(({ q }) => q <= level)
      .map((score) => placed(score, joined.rows[score.column]!, { layers, intermediateSize }))
      .sort((a, b) => a.logChance - b.logChance || b.strength - a.strength),
  );
}

const allLayers = ({ config }: LanguageModel): number[] => Array.from({ length: config.layers }, (_, layer) => layer);

function joinTops(tops: readonly TopTokens[]): TopTokens {
  const k = tops[0]!.k;
  const [ids, scores] = [new Int32Array(sizeOfAll(tops)), new Float32Array(sizeOfAll(tops))];
  let at = 0;
  for (const top of tops) {
    ids.set(top.ids, at);
    scores.set(top.scores, at);
    at += top.ids.length;
  }
  return { k, ids, scores };
}

const sizeOfAll = (tops: readonly TopTokens[]): number => tops.reduce((total, { ids }) => total + ids.length, 0);

/** The rows with the highest mean top logit. */
function keepStrongest({ k, ids, scores }: TopTokens, share: number) {
  const strengths = Float64Array.from({ length: ids.length / k }, (_, row) => {
    let total = 0;
    for (let at = row * k; at < (row + 1) * k; at++) total += scores[at]!;
    return total;
  });
  const order = Array.from(strengths.keys()).sort((a, b) => strengths[b]! - strengths[a]!);
  const rows = order.slice(0, Math.ceil(order.length * share)).sort((a, b) => a - b);
  const pick = <Values extends Int32Array | Float32Array>(from: Values, into: Values): Values => {
    for (const [at, row] of rows.entries()) into.set(from.subarray(row * k, (row + 1) * k), at * k);
    return into;
  };
  const size = rows.length * k;
  return { rows, top: { k, ids: pick(ids, new Int32Array(size)), scores: pick(scores, new Float32Array(size)) } };
}

function placed(
  score: ColumnScore,
  row: number,
  { layers, intermediateSize }: { readonly layers: readonly number[]; readonly intermediateSize: number },
): Discovery {
  return { ...score, layer: layers[Math.floor(row / intermediateSize)]!, column: row % intermediateSize };
}
