import { mean } from "#base";
import { type MetricResult, referencesOf, type TextPair } from "./metric.ts";

/** A text as vectors, one a token. */
export interface TextVectors {
  readonly ids: readonly number[];
  /** [T, C], one token after the other. */
  readonly vectors: Float32Array;
}

/** What turns texts into vectors; `loadEncoder` of `models/bert` makes one. */
export interface VectorEncoder {
  readonly name: string;
  readonly layer: number;
  readonly width: number;
  /** Tokens that stand around every text and weigh nothing. */
  readonly edges: ReadonlySet<number>;
  ids(text: string): readonly number[];
  encode(text: string): Promise<TextVectors>;
}

/** What a random pair of texts scores, which becomes 0 on the new scale. */
export interface BertScoreBaseline {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The variant of BERTScore. */
export interface BertScoreOptions {
  readonly encoder: VectorEncoder;
  /** Rare tokens weigh more, by how many references have them. */
  readonly idf?: boolean;
  readonly baseline?: BertScoreBaseline;
}

/** BERTScore of each pair in three parts; the value is the mean F1. */
export interface BertScore extends MetricResult {
  readonly precision: number | null;
  readonly recall: number | null;
}

/** The layers that the package takes for encoders that it knows, by the name of their folder. */
const bestLayers: Readonly<Record<string, number>> = {
  "bert-base-uncased": 9,
  "bert-large-uncased": 18,
  "bert-base-cased": 9,
  "bert-base-multilingual-cased": 9,
  "roberta-base": 10,
  "roberta-large": 17,
  "roberta-large-mnli": 19,
  "xlm-roberta-base": 9,
  "xlm-roberta-large": 17,
};

/** The layer that the package bert-score would take, or undefined for an encoder that it does not know. */
export const bertScoreLayer = (place: string): number | undefined =>
  bestLayers[place.replace(/\/+$/, "").split("/").at(-1)!.split("@")[0]!];

/** Names the variant of `bertScore`. */
export const bertScoreSignature = ({ encoder, idf = false, baseline }: BertScoreOptions): string =>
  `bertscore|encoder:${encoder.name.split("/").at(-1)}|layer:${encoder.layer}|idf:${idf ? "yes" : "no"}|rescaled:${baseline === undefined ? "no" : "yes"}|scale:1|assay:1`;

/**
 * BERTScore: how well each token of one text is matched by its nearest token of the other.
 *
 *     R = Σ_x w(x) max_y cos(x, y) / Σ w(x) over the reference,  P likewise over the candidate,  F1 = 2 P R / (P + R)
 *
 * The tokens around a text take part as neighbours and weigh nothing. A text without tokens of its own scores 0. With a
 * baseline b every part becomes (s − b) / (1 − b). Of several references the best F1 counts.
 *
 * Source   Zhang et al. 2020, BERTScore, §3 (arXiv:1904.09675); the package bert-score 0.3.13, a pair at a time: in
 *          its batches padding takes part in the maximum, which shows only where every similarity is below zero
 */
export async function bertScore(pairs: readonly TextPair[], options: BertScoreOptions): Promise<BertScore> {
  const weigh = weightsOf(pairs, options);
  const vectorsOf = remembered(options.encoder);
  const scores: BertScoreBaseline[] = [];
  for (const pair of pairs) {
    const candidate = await vectorsOf(pair.candidate);
    const each: BertScoreBaseline[] = [];
    for (const reference of referencesOf(pair)) {
      each.push(scoreOf(await vectorsOf(reference), candidate, { ...options, weigh }));
    }
    scores.push(each.reduce((best, one) => (one.f1 > best.f1 ? one : best)));
  }
  const part = (name: keyof BertScoreBaseline) => (scores.length === 0 ? null : mean(scores.map((one) => one[name])));
  return {
    signature: bertScoreSignature(options),
    value: part("f1"),
    n: scores.length,
    perSample: scores.map(({ f1 }) => f1),
    precision: part("precision"),
    recall: part("recall"),
  };
}

/** How much a token counts. */
type Weigh = (id: number) => number;

/** idf(x) = log((N + 1) / (n(x) + 1)) over the references; without idf every token counts as one, those around as none. */
function weightsOf(pairs: readonly TextPair[], { encoder, idf = false }: BertScoreOptions): Weigh {
  if (!idf) return (id) => (encoder.edges.has(id) ? 0 : 1);
  const references = pairs.flatMap((pair) => [...referencesOf(pair)]);
  const counts = new Map<number, number>();
  for (const text of references) for (const id of new Set(encoder.ids(text))) counts.set(id, (counts.get(id) ?? 0) + 1);
  return (id) => Math.log((references.length + 1) / ((counts.get(id) ?? 0) + 1));
}

/** Vectors of length one; the same text is encoded once. */
function remembered(encoder: VectorEncoder): (text: string) => Promise<TextVectors> {
  const known = new Map<string, TextVectors>();
  return async (text) => {
    const found = known.get(text) ?? unit(await encoder.encode(text), encoder.width);
    known.set(text, found);
    return found;
  };
}

function unit({ ids, vectors }: TextVectors, width: number): TextVectors {
  const scaled = Float32Array.from(vectors);
  for (let at = 0; at < scaled.length; at += width) {
    let squares = 0;
    for (let axis = at; axis < at + width; axis++) squares += scaled[axis]! ** 2;
    const length = Math.sqrt(squares);
    for (let axis = at; axis < at + width; axis++) scaled[axis]! /= length;
  }
  return { ids, vectors: scaled };
}

interface Scoring extends BertScoreOptions {
  readonly weigh: Weigh;
}

function scoreOf(
  reference: TextVectors,
  candidate: TextVectors,
  { encoder, weigh, baseline }: Scoring,
): BertScoreBaseline {
  const { edges, width } = encoder;
  const isEmpty = [reference, candidate].some(({ ids }) => ids.length <= edges.size);
  const { rows, columns } = nearest(reference, candidate, width);
  const precision = isEmpty ? 0 : weighted(columns, candidate.ids, weigh);
  const recall = isEmpty ? 0 : weighted(rows, reference.ids, weigh);
  const f1 = (2 * precision * recall) / (precision + recall);
  const raw = { precision, recall, f1: Number.isNaN(f1) ? 0 : f1 };
  if (baseline === undefined) return raw;
  const rescaled = (name: keyof BertScoreBaseline) => (raw[name] - baseline[name]) / (1 - baseline[name]);
  return { precision: rescaled("precision"), recall: rescaled("recall"), f1: rescaled("f1") };
}

/** The largest cosine of each token of either text with any of the other. */
function nearest(a: TextVectors, b: TextVectors, width: number): { rows: number[]; columns: number[] } {
  const rows = a.ids.map(() => Number.NEGATIVE_INFINITY);
  const columns = b.ids.map(() => Number.NEGATIVE_INFINITY);
  for (let row = 0; row < rows.length; row++) {
    for (let column = 0; column < columns.length; column++) {
      let product = 0;
      const [x, y] = [row * width, column * width];
      for (let axis = 0; axis < width; axis++) product += a.vectors[x + axis]! * b.vectors[y + axis]!;
      if (product > rows[row]!) rows[row] = product;
      if (product > columns[column]!) columns[column] = product;
    }
  }
  return { rows, columns };
}

function weighted(values: readonly number[], ids: readonly number[], weigh: Weigh): number {
  let [total, weights] = [0, 0];
  for (const [at, id] of ids.entries()) {
    total += weigh(id) * values[at]!;
    weights += weigh(id);
  }
  // Where every reference has every token, idf weighs nothing: the package's NaN, which ends as an F1 of 0.
  return weights === 0 ? 0 : total / weights;
}
