import { AssayError } from "#base";
import { type AlignedText, type Edit, rewritten } from "../tokenizers/aligned-text.ts";

/** The longest beginning of a text that the table rewrites, in UTF-16 units, and what it becomes. */
export interface CharsmapMatch {
  readonly length: number;
  readonly text: string;
}

/**
 * The precompiled normalisation of sentencepiece: a double-array trie over UTF-8, whose values are offsets into a list
 * of texts that end with NUL.
 *
 *     next = node xor offset(unit) xor byte       a step, if the unit found there has this byte as its label
 *
 * Source   sentencepiece, src/normalizer.cc; Darts-clone, include/darts.h, DoubleArrayUnit
 */
export class Charsmap {
  readonly #units: Uint32Array;
  readonly #texts: Uint8Array;

  /** @throws AssayError SENTENCEPIECE_INVALID when its lengths do not agree */
  constructor(bytes: Uint8Array, path: string) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = bytes.length >= 4 ? view.getUint32(0, true) : -1;
    if (length < 1024 || length % 4 !== 0 || length > bytes.length - 4) {
      const got = `${length} in ${bytes.length} bytes`;
      throw new AssayError(
        "SENTENCEPIECE_INVALID",
        `sentencepiece: Expected a table of characters in ${path}, got ${got}`,
      );
    }
    this.#units = Uint32Array.from({ length: length / 4 }, (_, unit) => view.getUint32(4 + unit * 4, true));
    this.#texts = bytes.subarray(4 + length);
  }

  /** The longest match at `at`, or undefined where the character stays as it is. */
  match(text: string, at: number, { shortest = false } = {}): CharsmapMatch | undefined {
    let node = offsetOf(this.#units[0]!);
    let found: { length: number; value: number } | undefined;
    for (let end = at; end < text.length; ) {
      const code = text.codePointAt(end)!;
      for (const byte of utf8Bytes(code)) {
        node = (node ^ byte) >>> 0;
        const unit = this.#units[node];
        if (unit === undefined || labelOf(unit) !== byte) return this.#matched(found);
        node = (node ^ offsetOf(unit)) >>> 0;
        if (hasLeaf(unit))
          found = { length: end - at + (code > 0xffff ? 2 : 1), value: (this.#units[node] ?? 0) & 0x7fffffff };
      }
      if (shortest && found !== undefined) break;
      end += code > 0xffff ? 2 : 1;
    }
    return this.#matched(found);
  }

  /**
   * A text rewritten as the `Precompiled` normaliser of tokenizer.json does it: a short grapheme becomes what its
   * shortest beginning in the table becomes, a longer one goes character by character.
   *
   * Source   tokenizers, src/normalizers/precompiled.rs
   */
  rewriteGraphemes(source: AlignedText): AlignedText {
    const edits: Edit[] = [];
    for (const { segment, index } of graphemes.segment(source.text)) {
      const match = Buffer.byteLength(segment) < 6 ? this.match(segment, 0, { shortest: true }) : undefined;
      if (match === undefined) edits.push(...this.#characters(segment, index));
      else edits.push({ at: index, length: segment.length, text: match.text });
    }
    return rewritten(source, edits);
  }

  *#characters(segment: string, index: number): Generator<Edit> {
    let at = index;
    for (const character of segment) {
      const match = this.match(character, 0, { shortest: true });
      if (match !== undefined) yield { at, length: character.length, text: match.text };
      at += character.length;
    }
  }

  #matched(found: { length: number; value: number } | undefined): CharsmapMatch | undefined {
    if (found === undefined || found.value >= this.#texts.length) return undefined;
    const end = this.#texts.indexOf(0, found.value);
    const bytes = this.#texts.subarray(found.value, end < 0 ? undefined : end);
    return { length: found.length, text: Buffer.from(bytes).toString("utf8") };
  }
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0;
const offsetOf = (unit: number): number => ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;

function utf8Bytes(code: number): readonly number[] {
  if (code < 0x80) return [code];
  const last = 0x80 | (code & 0x3f);
  if (code < 0x800) return [0xc0 | (code >> 6), last];
  const middle = 0x80 | ((code >> 6) & 0x3f);
  if (code < 0x10000) return [0xe0 | (code >> 12), middle, last];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), middle, last];
}
