/** How well a model, and what it must beat, foretell source text that none of them has seen. */
import { constants, zstdCompressSync } from "node:zlib";
import { stream } from "#base";
import { cutMiddle, type MiddleOrder, type MiddleParts } from "#corpora";
import type { Tokenizer } from "#formats";
import { middleTokens } from "./code-batches.ts";
import {
  batchOfTexts,
  compilePredictions,
  type Examined,
  type NextTokenBatch,
  type Predictions,
} from "./next-tokens.ts";
import { chunks } from "./statement-batches.ts";

type Predict = (batch: NextTokenBatch) => Promise<Predictions>;

/** Unicode characters. */
export const charactersOf = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + Array.from(text).length, 0);

const windowsAtOnce = 8;

/** Bits per character: windows of the whole context, of which each but a text's first predicts its second half only. */
export async function bitsPerCharacter(
  texts: readonly string[],
  tokenizer: Tokenizer,
  examined: Examined,
): Promise<number> {
  const predict = await compilePredictions(examined);
  const end = tokenizer.specials.end!;
  const windows = texts.flatMap((text) =>
    windowsOf([end, ...tokenizer.encode(text, { special: false })], examined.config.contextLength),
  );
  return (await bitsOf(windows, predict)) / charactersOf(texts);
}

interface Window {
  readonly ids: readonly number[];
  readonly from: number;
}

/** Every token but the first is predicted once. */
function windowsOf(ids: readonly number[], context: number): Window[] {
  const half = context / 2;
  const windows: Window[] = [{ ids: ids.slice(0, context + 1), from: 1 }];
  for (let start = half; start + half + 1 < ids.length; start += half) {
    windows.push({ ids: ids.slice(start, start + context + 1), from: half + 1 });
  }
  return windows.filter(({ ids: tokens, from }) => tokens.length > from);
}

async function bitsOf(windows: readonly Window[], predict: Predict): Promise<number> {
  let bits = 0;
  const sorted = windows.toSorted((a, b) => a.ids.length - b.ids.length);
  for (const part of chunks(sorted, windowsAtOnce)) {
    const { losses } = await predict(batchOfTexts(part));
    for (const loss of losses) bits += loss / Math.LN2;
  }
  return bits;
}

/** Characters around a middle, and in it at most. */
const around = 240;
const longestMiddle = 80;

/** Where a middle begins and ends: between any two characters, or between two tokens, where the cut itself costs nothing. */
export type MiddleCut = "characters" | "tokens";

/** Bits per character of the same middles, told different things. */
export interface MiddleBits {
  readonly middles: number;
  /** PSM */
  readonly prefixAndSuffix: number;
  readonly prefixAndAnotherSuffix: number;
  /** SPM */
  readonly suffixAndPrefix: number;
  readonly anotherSuffixAndPrefix: number;
  readonly prefixOnly: number;
}

/** What there is to ask, and of whom. */
export interface MiddleBitsOptions {
  readonly tokenizer: Tokenizer;
  readonly cut: MiddleCut;
}

/** Bits per character of middles: told what comes before and after, in either order, and told only what comes before. */
export async function middleBits(
  texts: readonly string[],
  examined: Examined,
  { tokenizer, cut }: MiddleBitsOptions,
): Promise<MiddleBits> {
  const predict = await compilePredictions(examined);
  const drawn = drawMiddles(texts);
  const parts = cut === "tokens" ? drawn.map((part) => atTokens(part, tokenizer)) : drawn;
  const characters = charactersOf(parts.map(({ middle }) => middle));
  const bits = async (windows: readonly Window[]) => (await bitsOf(windows, predict)) / characters;
  const told = (order: MiddleOrder, given: readonly MiddleParts[]) =>
    bits(given.map((part) => withoutEnd(middleTokens(part, order, tokenizer))));
  // The same form with what follows another middle: the difference is what the model makes of the suffix.
  const misled = parts.map((part, at) => ({ ...part, suffix: parts[(at + 1) % parts.length]!.suffix }));
  return {
    middles: parts.length,
    prefixAndSuffix: await told("PSM", parts),
    prefixAndAnotherSuffix: await told("PSM", misled),
    suffixAndPrefix: await told("SPM", parts),
    anotherSuffixAndPrefix: await told("SPM", misled),
    prefixOnly: await bits(parts.map((part) => withoutSuffix(part, tokenizer))),
  };
}

/** One middle of each text that is long enough. */
function drawMiddles(texts: readonly string[]): MiddleParts[] {
  const random = stream(0, "code/middles");
  return texts
    .filter(({ length }) => length > 3 * around)
    .map((text) => {
      const start = random.int(text.length - 2 * around - longestMiddle);
      const whole = text.slice(start, start + 2 * around + longestMiddle);
      const { middle } = cutMiddle(whole.slice(around, around + longestMiddle), random);
      const shown = middle === "" ? whole.slice(around, around + 20) : middle;
      const at = whole.indexOf(shown, around);
      const end = at + shown.length;
      return { prefix: whole.slice(0, at), middle: shown, suffix: whole.slice(end, end + around) };
    });
}

/** The same middle, grown to the tokens that its ends lie in. */
function atTokens({ prefix, middle, suffix }: MiddleParts, tokenizer: Tokenizer): MiddleParts {
  const whole = prefix + middle + suffix;
  const ends = [0];
  for (const id of tokenizer.encode(whole, { special: false })) ends.push(ends.at(-1)! + tokenizer.decode([id]).length);
  const from = ends.findLast((end) => end <= prefix.length)!;
  const to = ends.find((end) => end >= prefix.length + middle.length) ?? whole.length;
  return { prefix: whole.slice(0, from), middle: whole.slice(from, to), suffix: whole.slice(to) };
}

const withoutEnd = ({ ids, from }: Window): Window => ({ ids: ids.slice(0, -1), from });

function withoutSuffix({ prefix, middle }: MiddleParts, tokenizer: Tokenizer): Window {
  const before = tokenizer.encode(prefix, { special: false });
  return { ids: [...before, ...tokenizer.encode(middle, { special: false })], from: before.length };
}

const strongest = { params: { [constants.ZSTD_c_compressionLevel]: 19 } };
const zstdBits = (text: string): number => 8 * zstdCompressSync(Buffer.from(text), strongest).length;

/** Bits per character of `zstd -19`: each text alone, and all of them as one. */
export function zstdBitsPerCharacter(texts: readonly string[]): { readonly each: number; readonly together: number } {
  const characters = charactersOf(texts);
  return {
    each: texts.reduce((sum, text) => sum + zstdBits(text), 0) / characters,
    together: zstdBits(texts.join("")) / characters,
  };
}
