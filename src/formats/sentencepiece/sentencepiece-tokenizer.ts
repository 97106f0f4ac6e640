import { type AlignedText, aligned, rangeOf } from "../tokenizers/aligned-text.ts";
import type { DecodeOptions, EncodeOptions, SpecialTokens, Tokenizer, TokenSpan } from "../tokenizers/tokenizer.ts";
import { bpeSegmenter } from "./bpe.ts";
import { type Piece, readSentencePieceModel, type SentencePieceModel } from "./model-file.ts";
import { type SentencePieceNormalizer, sentencePieceNormalizer } from "./normalize.ts";
import { characterLength, type Segment, type Segmenter } from "./segment.ts";
import { unigramSegmenter } from "./unigram.ts";

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

/** A model of single characters. */
function charSegmenter(model: SentencePieceModel): Segmenter {
  return byPattern(model, /./gsu);
}

/** A model of words between spaces. */
function wordSegmenter(model: SentencePieceModel): Segmenter {
  return byPattern(model, model.whitespaceAsSuffix ? /[^\u2581]*\u2581?/gu : /\u2581?[^\u2581]*/gu);
}

function byPattern({ pieces }: SentencePieceModel, pattern: RegExp): Segmenter {
  const ids = new Map(
    pieces.flatMap(({ kind, text }, id) => (kind === "normal" || kind === "user-defined" ? [[text, id]] : [])),
  );
  const unknown = pieces.findIndex(({ kind }) => kind === "unknown");
  return (text) =>
    [...text.matchAll(pattern)]
      .filter(([part]) => part !== "")
      .map(({ index, 0: part }) => ({ start: index, end: index + part.length, id: ids.get(part) ?? unknown }));
}

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

function specialsOf(pieces: readonly Piece[]): SpecialTokens {
  const named = (name: string, kind: Piece["kind"]) => {
    const id = pieces.findIndex((piece) => piece.kind === kind && piece.text === name);
    return id < 0 ? undefined : id;
  };
  const all = pieces.flatMap(({ kind }, id) => (kind === "control" || kind === "unknown" ? [id] : []));
  const found = {
    begin: named("<s>", "control"),
    end: named("</s>", "control"),
    padding: named("<pad>", "control"),
    unknown: pieces.findIndex(({ kind }) => kind === "unknown"),
  };
  return { ...Object.fromEntries(Object.entries(found).filter(([, id]) => id !== undefined)), all: new Set(all) };
}

interface Decoding {
  readonly model: SentencePieceModel;
  /** How a control piece is written. */
  shown(piece: Piece): string;
}

/** Source   sentencepiece, src/sentencepiece_processor.cc, SentencePieceProcessor::Decode */
function decodePieces(ids: Iterable<number>, { model, shown }: Decoding): string {
  const { addDummyPrefix, removeExtraWhitespaces } = model.normalizer;
  let text = "";
  let bytes: number[] = [];
  let strips = addDummyPrefix || removeExtraWhitespaces;
  const flush = () => {
    text += Buffer.from(bytes).toString("utf8");
    bytes = [];
  };
  for (const id of ids) {
    const piece = model.pieces[id];
    if (piece === undefined) continue;
    if (piece.kind === "byte") {
      bytes.push(Number.parseInt(piece.text.slice(3, 5), 16));
      continue;
    }
    flush();
    const isMeant = piece.kind === "control" || piece.kind === "unknown";
    const surface =
      piece.kind === "unknown" ? model.unknownSurface : isMeant ? shown(piece) : piece.text.replaceAll("\u2581", " ");
    const stripped = strips && text === "" && !isMeant && surface.startsWith(" ");
    text += stripped ? surface.slice(1) : surface;
    if (stripped && !removeExtraWhitespaces) strips = false;
  }
  flush();
  return text;
}
