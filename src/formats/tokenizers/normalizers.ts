import * as library from "@huggingface/tokenizers";
import { AssayError } from "#base";
import { Charsmap } from "../sentencepiece/charsmap.ts";
import { type AlignedText, mapMatches, rewritten, slice } from "./aligned-text.ts";
import { startOfSpaces } from "./white-space.ts";

/** Rewrites a text before it is cut into tokens, and remembers where every character came from. */
export type Normalizer = (text: AlignedText) => AlignedText;

/** A normaliser as `tokenizer.json` describes it. */
export interface NormalizerConfig {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isFlag = (config: NormalizerConfig, key: string): boolean => config[key] === true;

/**
 * Characters that may join what stands before them: marks, the later parts of a Hangul syllable in all their forms, and
 * the half-width voicing signs of Japanese. Between two others a Unicode normal form can be cut.
 */
const joining = "\\p{M}\\u1160-\\u11FF\\u3131-\\u318E\\uD7B0-\\uD7FF\\uFF9E\\uFF9F\\uFFA0-\\uFFDC";
const cluster = new RegExp(`[^${joining}]?[${joining}]*`, "gu");
const eachCharacter = /./gsu;

const unicode =
  (form: "NFC" | "NFD" | "NFKC" | "NFKD"): Normalizer =>
  (text) =>
    text.text.normalize(form) === text.text ? text : mapMatches(text, cluster, (part) => part.normalize(form));

/** Unlike String.toLowerCase, which looks at a sigma's neighbours, each character for itself, as in Rust. */
const lowercase: Normalizer = (text) => mapMatches(text, eachCharacter, (character) => character.toLowerCase());

const without =
  (pattern: RegExp): Normalizer =>
  (text) =>
    mapMatches(text, pattern, () => "");

const chinese =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B820}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;

function bert(config: NormalizerConfig): Normalizer {
  const lower = isFlag(config, "lowercase");
  const strip = (config.strip_accents ?? null) === null ? lower : isFlag(config, "strip_accents");
  return inTurn([
    ...(isFlag(config, "clean_text") ? [without(/[\0\uFFFD]|(?![\t\n\r])[\p{C}]/gu), spaced] : []),
    ...(isFlag(config, "handle_chinese_chars") ? [apart] : []),
    ...(strip ? [unicode("NFD"), without(/\p{Mn}/gu)] : []),
    ...(lower ? [lowercase] : []),
  ]);
}

const spaced: Normalizer = (text) => mapMatches(text, /\p{White_Space}/gu, () => " ");
const apart: Normalizer = (text) => mapMatches(text, chinese, (sign) => ` ${sign} `);

const inTurn =
  (steps: readonly Normalizer[]): Normalizer =>
  (text) =>
    steps.reduce((current, step) => step(current), text);

/** The library's types do not show it: it turns Rust's regular expressions into JavaScript's. */
const { ReplaceNormalizer } = library as unknown as {
  readonly ReplaceNormalizer: new (config: NormalizerConfig) => { readonly pattern: RegExp };
};

function replace(config: NormalizerConfig): Normalizer {
  const { pattern } = new ReplaceNormalizer(config);
  const content = String(config.content ?? "");
  return (text) => mapMatches(text, pattern, () => content);
}

function strip(config: NormalizerConfig): Normalizer {
  const left = isFlag(config, "strip_left");
  const right = isFlag(config, "strip_right");
  return (text) => {
    const end = right ? startOfSpaces(text.text) : text.text.length;
    const start = left ? (/^\p{White_Space}*/u.exec(text.text)?.[0].length ?? 0) : 0;
    return slice(text, Math.min(start, end), end);
  };
}

const prepend =
  (config: NormalizerConfig): Normalizer =>
  (text) =>
    text.text === "" ? text : rewritten(text, [{ at: 0, length: 0, text: String(config.prepend) }]);

/** The real table of the file, where the library only approximates it. */
function precompiled(config: NormalizerConfig): Normalizer {
  const encoded = config.precompiled_charsmap;
  if (typeof encoded !== "string" || encoded === "") return (text) => text;
  const charsmap = new Charsmap(Buffer.from(encoded, "base64"), "tokenizer.json");
  return (text) => charsmap.rewriteGraphemes(text);
}

const kinds: Readonly<Record<string, (config: NormalizerConfig) => Normalizer>> = {
  BertNormalizer: bert,
  Lowercase: () => lowercase,
  NFC: () => unicode("NFC"),
  NFD: () => unicode("NFD"),
  NFKC: () => unicode("NFKC"),
  NFKD: () => unicode("NFKD"),
  Nmt: () => inTurn([without(/[\p{Cc}--[\0\t\n\f\r\u0080-\u008E\u0090-\u009E]]/gv), nmtSpaces]),
  Precompiled: precompiled,
  Prepend: prepend,
  Replace: replace,
  Sequence: (config) => inTurn((config.normalizers as NormalizerConfig[]).map(normalizerOf)),
  Strip: strip,
  StripAccents: () => without(/\p{M}/gu),
};

const nmtSpaces: Normalizer = (text) =>
  mapMatches(text, /[\t\n\f\r\u1680\u200B-\u200F\u2028\u2029\u2581\uFEFF\uFFFD]/gu, () => " ");

/** The normaliser that `tokenizer.json` names. @throws AssayError TOKENIZER_UNSUPPORTED */
export function normalizerOf(config: NormalizerConfig | null | undefined): Normalizer {
  if (!config) return (text) => text;
  const make = Object.hasOwn(kinds, config.type) ? kinds[config.type] : undefined;
  if (make !== undefined) return make(config);
  const known = Object.keys(kinds).join(", ");
  throw new AssayError(
    "TOKENIZER_UNSUPPORTED",
    `tokenizer: Expected a normalizer out of ${known}, got "${config.type}"`,
  );
}
