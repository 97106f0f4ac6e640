import { type AddedToken, AddedTokenFinder } from "./added-tokens.ts";
import { type AlignedText, aligned, rangeOf, slice } from "./aligned-text.ts";
import { type LibraryParts, libraryParts, surroundings } from "./library-parts.ts";
import { type Normalizer, normalizerOf } from "./normalizers.ts";
import { type PieceSpelling, unitsOf } from "./piece-units.ts";
import { specialsOf } from "./special-tokens.ts";
import { areWordsApart, pieceSpelling, spellingOf } from "./spelling.ts";
import { type TokenSpelling, unitRanges } from "./token-units.ts";
import type { DecodeOptions, EncodeOptions, SpecialTokens, Tokenizer, TokenSpan } from "./tokenizer.ts";
import type { TokenizerConfig, TokenizerJson } from "./tokenizer-files.ts";

/**
 * A tokenizer from `tokenizer.json`: segmentation and decoding are the library's; normalisation, added tokens and
 * character offsets are ours, so that numbers and offsets come from one pass.
 */
export class HuggingFaceTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly specials: SpecialTokens;
  readonly #parts: LibraryParts;
  readonly #json: TokenizerJson;
  readonly #normalize: Normalizer;
  readonly #raw: AddedTokenFinder;
  readonly #normalized: AddedTokenFinder;
  readonly #spelling: TokenSpelling;
  readonly #pieces: PieceSpelling;
  readonly #around: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly #cleansUp: boolean;
  /** Merges never join what stands before a space with the space: a text can be cut there and its words remembered. */
  readonly #wordsApart: boolean;
  readonly #segmented = new Map<string, readonly string[]>();

  /** @throws AssayError TOKENIZER_UNSUPPORTED, TOKENIZER_INVALID */
  constructor(json: TokenizerJson, config: TokenizerConfig, path: string) {
    this.#json = json;
    this.#parts = libraryParts(json, config, path);
    this.#normalize = normalizerOf(json.normalizer);
    const added = json.added_tokens ?? [];
    this.#raw = new AddedTokenFinder(spelled(added.filter((token) => !isNormalized(token))));
    this.#normalized = new AddedTokenFinder(spelled(added.filter(isNormalized), this.#normalize));
    this.#spelling = spellingOf(json);
    this.#pieces = pieceSpelling(json);
    this.#wordsApart = areWordsApart(json, this.#parts.model);
    this.#around = surroundings(this.#parts);
    this.#cleansUp = config.clean_up_tokenization_spaces ?? false;
    this.vocabularySize = this.#parts.model.vocab.length;
    this.specials = specialsOf(config, { added, idOf: (token) => this.idOf(token) });
  }

  encode(text: string, options: EncodeOptions = {}): number[] {
    return this.#tokens(aligned(text, { track: false }), options).map(({ id }) => id);
  }

  spans(text: string, options: EncodeOptions = {}): TokenSpan[] {
    return this.#tokens(aligned(text, { track: true }), options);
  }

  decode(ids: Iterable<number>, { skipSpecial = false }: DecodeOptions = {}): string {
    const known = [...ids].filter(
      (id) => this.tokenOf(id) !== undefined && !(skipSpecial && this.specials.all.has(id)),
    );
    if (known.length === 0) return "";
    return this.#parts.decode(known, { clean_up_tokenization_spaces: this.#cleansUp });
  }

  tokenOf(id: number): string | undefined {
    return this.#parts.model.vocab[id];
  }

  idOf(token: string): number | undefined {
    return this.#parts.model.tokens_to_ids.get(token);
  }

  #tokens(source: AlignedText, { special = true }: EncodeOptions): TokenSpan[] {
    const spans = this.#raw.split(source.text).flatMap((section) => {
      const part = slice(source, section.start, section.end);
      return section.added ? [wholeSpan(part, section.added)] : this.#section(part, section.start);
    });
    if (!special) return spans;
    const around = (tokens: readonly string[], at: number) => tokens.flatMap((token) => this.#placed(token, [at, at]));
    return [...around(this.#around.before, 0), ...spans, ...around(this.#around.after, source.text.length)];
  }

  /** @param start of the section in the text: some pre-tokenizers treat the first differently */
  #section(source: AlignedText, start: number): TokenSpan[] {
    const normal = this.#normalize(source);
    return this.#normalized.split(normal.text).flatMap((section) => {
      const part = slice(normal, section.start, section.end);
      return section.added ? [wholeSpan(part, section.added)] : this.#segments(part, start + section.start);
    });
  }

  #segments(source: AlignedText, start: number): TokenSpan[] {
    const { pre_tokenizer: cut } = this.#parts;
    const pieces = cut === null ? [source.text] : cut(source.text, { section_index: start === 0 ? 0 : 1 });
    const spans: TokenSpan[] = [];
    let cursor = 0;
    for (const piece of pieces) {
      const tokens = this.#tokensOf(piece);
      if (source.origin === null) {
        for (const token of tokens) spans.push(...this.#placed(token, [0, 0]));
        continue;
      }
      const units = unitsOf(piece, { text: source.text, cursor, spelling: this.#pieces });
      const origin = source.origin;
      cursor = units.cursor;
      const ranges = unitRanges(tokens, piece, this.#spelling);
      for (const [index, token] of tokens.entries()) {
        const [from, to] = rangeOf(units, ...ranges[index]!);
        spans.push(...this.#placed(token, rangeOf(origin, from, to)));
      }
    }
    return spans;
  }

  /** Words come back: a piece is segmented once, as long as there is room to remember it. */
  #tokensOf(piece: string): readonly string[] {
    if (!this.#wordsApart) return this.#wordTokens(piece);
    return (piece.match(spacedWords) ?? []).flatMap((word) => this.#wordTokens(word));
  }

  #wordTokens(piece: string): readonly string[] {
    const known = this.#segmented.get(piece);
    if (known !== undefined) return known;
    const tokens = this.#parts.model([piece]);
    if (piece.length > longestRemembered) return tokens;
    if (this.#segmented.size >= mostRemembered) this.#segmented.clear();
    this.#segmented.set(piece, tokens);
    return tokens;
  }

  /** A token that is in no vocabulary becomes its bytes, or the unknown token, or nothing. */
  #placed(token: string, [start, end]: readonly [number, number]): TokenSpan[] {
    const { model } = this.#parts;
    const id = this.idOf(token);
    if (id !== undefined) return [{ id, token, start, end }];
    const bytes = this.#json.model.byte_fallback ? Array.from(Buffer.from(token), byteName) : [];
    if (bytes.length > 0 && bytes.every((name) => this.idOf(name) !== undefined)) {
      return bytes.map((name) => ({ id: this.idOf(name)!, token: name, start, end }));
    }
    const unknown = model.unk_token_id;
    return unknown === undefined ? [] : [{ id: unknown, token: model.vocab[unknown]!, start, end }];
  }
}

const spacedWords = /\u2581*[^\u2581]+|\u2581+/gu;

const longestRemembered = 64;
const mostRemembered = 2 ** 17;

const byteName = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;

const isNormalized = ({ normalized, special }: AddedToken): boolean => normalized ?? !special;

/** Each added token under the text that stands for it after normalisation. */
function spelled(tokens: readonly AddedToken[], normalize: Normalizer = (text) => text): Map<string, AddedToken> {
  return new Map(tokens.map((token) => [normalize(aligned(token.content, { track: false })).text, token]));
}

function wholeSpan({ text, origin }: AlignedText, { id, content }: AddedToken): TokenSpan {
  const [start, end] = origin ? rangeOf(origin, 0, text.length) : [0, 0];
  return { id, token: content, start, end };
}
