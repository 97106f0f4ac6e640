import { type AlignedText, aligned, rangeOf } from "../tokenizers/aligned-text.ts";
import type { DecodeOptions, EncodeOptions, SpecialTokens, Tokenizer, TokenSpan } from "../tokenizers/tokenizer.ts";
import { bpeSegmenter } from "./bpe.ts";
import { decodePieces } from "./decode.ts";
import { readSentencePieceModel, type SentencePieceModel } from "./model-file.ts";
import { type SentencePieceNormalizer, sentencePieceNormalizer } from "./normalize.ts";
import { characterLength, type Segment, type Segmenter } from "./segment.ts";
import { specialsOf } from "./special-pieces.ts";
import { unigramSegmenter } from "./unigram.ts";
import { charSegmenter, wordSegmenter } from "./whole-pieces.ts";

/** What stands around a text that is encoded with special tokens; the model file does not say it. */
export interface SentencePieceOptions {
  readonly addBegin?: boolean;
  readonly addEnd?: boolean;
}

/** Reads a sentencepiece `.model` file. @throws AssayError SENTENCEPIECE_INVALID, PROTOBUF_INVALID, FILE_MISSING */
export function readSentencePiece(path: string, options: SentencePieceOptions = {}): Tokenizer {
  return new SentencePieceTokenizer(readSentencePieceModel(path), options);
}

const segmenters: Readonly<Record<SentencePieceModel["algorithm"], (model: SentencePieceModel) => Segmenter>> = {
  unigram: unigramSegmenter,
  bpe: bpeSegmenter,
  char: charSegmenter,
  word: wordSegmenter,
};

/** A tokenizer whose numbers are those of Python's `sentencepiece`. */
class SentencePieceTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly specials: SpecialTokens;
  readonly #model: SentencePieceModel;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #normalize: SentencePieceNormalizer;
  readonly #segment: Segmenter;
  readonly #around: { readonly before: readonly number[]; readonly after: readonly number[] };

  constructor(model: SentencePieceModel, { addBegin = false, addEnd = false }: SentencePieceOptions) {
    this.#model = model;
    this.#ids = new Map(model.pieces.map(({ text }, id) => [text, id]));
    this.#normalize = sentencePieceNormalizer(model);
    this.#segment = segmenters[model.algorithm](model);
    this.vocabularySize = model.pieces.length;
    this.specials = specialsOf(model.pieces);
    const { begin, end } = this.specials;
    this.#around = {
      before: addBegin && begin !== undefined ? [begin] : [],
      after: addEnd && end !== undefined ? [end] : [],
    };
  }

  encode(text: string, options: EncodeOptions = {}): number[] {
    return this.#encode(aligned(text, { track: false }), options).map(({ id }) => id);
  }

  spans(text: string, options: EncodeOptions = {}): TokenSpan[] {
    const whole = aligned(text, { track: true });
    return this.#encode(whole, options);
  }

  decode(ids: Iterable<number>, { skipSpecial = false }: DecodeOptions = {}): string {
    return decodePieces(ids, { model: this.#model, shown: skipSpecial ? () => "" : ({ text }) => text });
  }

  tokenOf(id: number): string | undefined {
    return this.#model.pieces[id]?.text;
  }

  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  #encode(source: AlignedText, { special = true }: EncodeOptions): TokenSpan[] {
    const normal = this.#normalize(source);
    const segments = this.#withBytes(fused(this.#segment(normal.text), this.specials.unknown!), normal.text);
    const placed = (id: number, [start, end]: readonly [number, number]): TokenSpan => ({
      id,
      token: this.#model.pieces[id]!.text,
      start,
      end,
    });
    const spans = segments.map(({ id, start, end }) =>
      placed(id, normal.origin ? rangeOf(normal.origin, start, end) : [0, 0]),
    );
    if (!special) return spans;
    const { before, after } = this.#around;
    const end = source.text.length;
    return [...before.map((id) => placed(id, [0, 0])), ...spans, ...after.map((id) => placed(id, [end, end]))];
  }

  /** With byte fallback, an unknown stretch becomes the bytes of its characters. */
  #withBytes(segments: Segment[], text: string): Segment[] {
    if (!this.#model.byteFallback) return segments;
    return segments.flatMap((segment) =>
      segment.id === this.specials.unknown ? this.#bytesOf(segment, text) : [segment],
    );
  }

  #bytesOf({ start, end }: Segment, text: string): Segment[] {
    const found: Segment[] = [];
    for (let at = start; at < end; at += characterLength(text, at)) {
      const stop = at + characterLength(text, at);
      for (const byte of Buffer.from(text.slice(at, stop))) {
        found.push({ start: at, end: stop, id: this.#ids.get(byteName(byte)) ?? this.specials.unknown! });
      }
    }
    return found;
  }
}

const byteName = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;

/** Unknown characters in a row are one unknown piece. */
function fused(segments: readonly Segment[], unknown: number): Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if (last?.id === unknown && segment.id === unknown) result[result.length - 1] = { ...last, end: segment.end };
    else result.push(segment);
  }
  return result;
}
