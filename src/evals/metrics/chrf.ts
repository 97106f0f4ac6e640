import { isSpace, splitWords } from "../python-text.ts";
import { clippedMatches, numberIn } from "./clipped-matches.ts";
import { countReferences, type MetricResult, referencesOf, type TextPair } from "./metric.ts";

/** The variants of chrF that sacreBLEU knows; the defaults are its own. */
export interface ChrfOptions {
  /** Longest n-gram of characters (6). */
  readonly charOrder?: number;
  /** Longest n-gram of words; 2 makes it chrF++ (0). */
  readonly wordOrder?: number;
  /** How much more recall weighs than precision (2). */
  readonly beta?: number;
  readonly lowercase?: boolean;
  /** Keeps white space inside the n-grams of characters. */
  readonly whitespace?: boolean;
  /** Averages F of every order, with 1e-16 where one side has no n-gram, as chrF++.py, Moses and NLTK do. */
  readonly epsSmoothing?: boolean;
}

/** N-grams of one order: of the candidate, of the reference, and shared. */
interface OrderCounts {
  readonly candidate: number;
  readonly reference: number;
  readonly matches: number;
}

/** What one text gives to count: its characters, and its words when they count too. */
interface Units {
  readonly characters: Int32Array;
  readonly words: Int32Array;
}

const defaults = { charOrder: 6, wordOrder: 0, beta: 2, lowercase: false, whitespace: false, epsSmoothing: false };

/**
 * chrF: F of character n-grams, over the whole corpus, from 0 to 100.
 *
 *     P = mean_n (matches_n / candidate_n)      R = mean_n (matches_n / reference_n)      over the orders both sides have
 *     chrF = 100 · (1 + β²) · P · R / (β² · P + R)
 *
 * The counts of all pairs are added before P and R are formed; of several references the one with the highest F counts.
 * `perSample` has the sentence scores, whose plain mean is what some papers report.
 *
 * Source   Popović 2015, chrF; sacreBLEU 2.6.0, metrics/chrf.py
 */
export function chrf(pairs: readonly TextPair[], options: ChrfOptions = {}): MetricResult {
  const settings = { ...defaults, ...options };
  const counts = pairs.map((pair) => bestCounts(pair.candidate, referencesOf(pair), settings));
  const totals = Array.from({ length: settings.charOrder + settings.wordOrder }, (_, at) => ({
    candidate: total(counts, (one) => one[at]!.candidate),
    reference: total(counts, (one) => one[at]!.reference),
    matches: total(counts, (one) => one[at]!.matches),
  }));
  return {
    signature: chrfSignature(options, countReferences(pairs)),
    value: pairs.length === 0 ? null : fScore(totals, settings),
    n: pairs.length,
    perSample: counts.map((one) => fScore(one, settings)),
  };
}

/** chrF of one text, from 0 to 100: what `sacrebleu.CHRF().sentence_score` returns. */
export function sentenceChrf(candidate: string, reference: TextPair["reference"], options: ChrfOptions = {}): number {
  const settings = { ...defaults, ...options };
  return fScore(bestCounts(candidate, referencesOf({ candidate, reference }), settings), settings);
}

/** sacreBLEU's own signature, with the version that it is equal to, and ours behind it. */
export function chrfSignature(options: ChrfOptions = {}, references = "1"): string {
  const { charOrder, wordOrder, beta, lowercase, whitespace, epsSmoothing } = { ...defaults, ...options };
  const name = `chrF${beta}${"+".repeat(wordOrder)}`;
  const variant = `case:${lowercase ? "lc" : "mixed"}|eff:${epsSmoothing ? "no" : "yes"}`;
  const orders = `nc:${charOrder}|nw:${wordOrder}|space:${whitespace ? "yes" : "no"}`;
  return `${name}|nrefs:${references}|${variant}|${orders}|version:2.6.0|assay:1`;
}

const total = (counts: readonly (readonly OrderCounts[])[], pick: (one: readonly OrderCounts[]) => number): number =>
  counts.reduce((sum, one) => sum + pick(one), 0);

function bestCounts(candidate: string, references: readonly string[], settings: typeof defaults): OrderCounts[] {
  const numbers = new Map<string, number>();
  const units = unitsOf(candidate, settings, numbers);
  const all = references.map((reference) => countOrders(units, unitsOf(reference, settings, numbers), settings));
  if (all.length < 2) return all[0] ?? countOrders(units, unitsOf("", settings, numbers), settings);
  const scores = all.map((counts) => fScore(counts, settings));
  return all[scores.indexOf(Math.max(...scores))]!;
}

function countOrders(candidate: Units, reference: Units, { charOrder, wordOrder }: typeof defaults): OrderCounts[] {
  const characters = countOrder(candidate.characters, reference.characters, charOrder);
  return wordOrder === 0 ? characters : [...characters, ...countOrder(candidate.words, reference.words, wordOrder)];
}

function countOrder(candidate: Int32Array, reference: Int32Array, orders: number): OrderCounts[] {
  return clippedMatches(candidate, [reference], { orders }).map((matches, at) => {
    const inReference = Math.max(0, reference.length - at);
    // sacreBLEU counts no n-grams of the candidate at an order that the reference does not reach.
    return { candidate: inReference === 0 ? 0 : Math.max(0, candidate.length - at), reference: inReference, matches };
  });
}

function fScore(counts: readonly OrderCounts[], { beta, epsSmoothing }: typeof defaults): number {
  const factor = beta ** 2;
  if (epsSmoothing) return smoothedScore(counts, factor);
  let [precision, recall, orders] = [0, 0, 0];
  for (const { candidate, reference, matches } of counts) {
    if (candidate === 0 || reference === 0) continue;
    precision += matches / candidate;
    recall += matches / reference;
    orders++;
  }
  if (precision + recall === 0) return 0;
  [precision, recall] = [precision / orders, recall / orders];
  return 100 * (((1 + factor) * precision * recall) / (factor * precision + recall));
}

function smoothedScore(counts: readonly OrderCounts[], factor: number): number {
  const epsilon = 1e-16;
  let score = 0;
  for (const { candidate, reference, matches } of counts) {
    const precision = candidate > 0 ? matches / candidate : epsilon;
    const recall = reference > 0 ? matches / reference : epsilon;
    const divisor = factor * precision + recall;
    score += divisor > 0 ? ((1 + factor) * precision * recall) / divisor : epsilon;
  }
  return (100 * score) / counts.length;
}

function unitsOf(text: string, settings: typeof defaults, numbers: Map<string, number>): Units {
  const cased = settings.lowercase ? text.toLowerCase() : text;
  const words = settings.wordOrder === 0 ? [] : splitWords(cased).flatMap(withoutPunctuation);
  return { characters: codePointsOf(cased, settings.whitespace), words: Int32Array.from(words, numberIn(numbers)) };
}

/** Code points, as Python's strings have them; a lone surrogate counts as one. */
function codePointsOf(text: string, whitespace: boolean): Int32Array {
  const points = new Int32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const point = unit >= 0xd800 && unit < 0xdc00 ? text.codePointAt(at)! : unit;
    if (point > 0xffff) at++;
    if (whitespace || !isSpace(point)) points[count++] = point;
  }
  return points.subarray(0, count);
}

/** Python's string.punctuation. */
const punctuation = new Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

/** Splits one mark off a word: its last, or else its first; `(hi)` becomes `(hi` and `)`. */
function withoutPunctuation(word: string): string[] {
  if (word.length === 1) return [word];
  if (punctuation.has(word.at(-1)!)) return [word.slice(0, -1), word.at(-1)!];
  return punctuation.has(word[0]!) ? [word[0]!, word.slice(1)] : [word];
}
