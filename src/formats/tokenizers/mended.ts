/**
 * Where @huggingface/tokenizers 0.2 departs from the Rust library whose files it reads, put right after it has read one.
 * JavaScript's `\s` takes U+FEFF for a space and U+0085 not, its `\w` knows ASCII only, and its decoder swallows U+FEFF.
 */

import { lettersOfText } from "./byte-level.ts";
import { gpt2Words } from "./word-counts.ts";

/** A node of the library's tree of pre-tokenizers or decoders; which fields it has depends on what it is. */
interface Node {
  readonly constructor: { readonly name: string };
  pattern?: unknown;
  readonly tokenizers?: readonly (Node | null)[];
  readonly decoders?: readonly (Node | null)[];
  text_decoder?: { decode(bytes: Uint8Array): string };
  pre_tokenize_text?(text: string): string[];
  readonly add_prefix_space?: boolean;
  readonly use_regex?: boolean;
}

const wordClass = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}";
const words = new RegExp(`[${wordClass}]+|[^${wordClass}\\p{White_Space}]+`, "gu");

/** Mends a pre-tokenizer and everything inside it. */
export function mendPreTokenizer(root: unknown): void {
  const node = root as Node | null;
  if (!node) return;
  for (const inner of node.tokenizers ?? []) mendPreTokenizer(inner);
  if (node.pattern instanceof RegExp) node.pattern = withUnicodeSpaces(node.pattern);
  if (kindOf(node) === "ByteLevel") node.pre_tokenize_text = byteLevelCut(node);
  const cuts = preTokenizers[kindOf(node)];
  if (cuts !== undefined) node.pre_tokenize_text = (text) => text.match(cuts) ?? [];
}

/** Not wrong but slow there: words come back, so their letters are remembered. */
function byteLevelCut({ add_prefix_space: adds, use_regex: cuts }: Node): (text: string) => string[] {
  return (text) => {
    const prefixed = adds && !text.startsWith(" ") ? ` ${text}` : text;
    return (cuts ? (prefixed.match(gpt2Words) ?? []) : [prefixed]).map(lettersOfText);
  };
}

const preTokenizers: Readonly<Record<string, RegExp>> = { Whitespace: words, WhitespaceSplit: /\P{White_Space}+/gu };

/** The library's nodes are functions: their class is that of their prototype. */
const kindOf = (node: Node): string => (Object.getPrototypeOf(node) as Node).constructor.name;

function withUnicodeSpaces({ source, flags }: RegExp): RegExp {
  if (!flags.includes("u")) return new RegExp(source, flags);
  const spaced = source.replace(/\\(\\|s|S)/g, (found, sign: string) =>
    sign === "\\" ? found : `\\${sign === "s" ? "p" : "P"}{White_Space}`,
  );
  return new RegExp(spaced, flags);
}

/** Mends a decoder and everything inside it: bytes that are no UTF-8 become one U+FFFD each. */
export function mendDecoder(root: unknown): void {
  const node = root as Node | null;
  if (!node) return;
  for (const inner of node.decoders ?? []) mendDecoder(inner);
  if (kindOf(node) === "ByteFallback") node.text_decoder = { decode: strictOrReplaced };
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function strictOrReplaced(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return "\uFFFD".repeat(bytes.length);
  }
}
