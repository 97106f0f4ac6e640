/** One tokenizer that knows the tokens of several. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AssayError, canonicalJson } from "#base";
import { readJsonObject, type TokenizerJson } from "./tokenizer-files.ts";

/** A tokenizer for a merged model, and which row each of its tokens has in each of the models. */
export interface TokenUnion {
  readonly json: TokenizerJson;
  /** By token number, one list a model: its row there, or −1 where that model does not know the token. */
  readonly rows: readonly Int32Array[];
  readonly vocabularySize: number;
}

/** The `tokenizer.json` of a folder. @throws AssayError TOKENIZER_MISSING, TOKENIZER_INVALID */
export function readTokenizerJson(folder: string): TokenizerJson {
  const path = join(folder, "tokenizer.json");
  if (existsSync(path)) return readJsonObject(path) as unknown as TokenizerJson;
  const wayOut = "a tokenizer in another format cannot be joined; convert it first";
  throw new AssayError("TOKENIZER_MISSING", `merge: Expected tokenizer.json in ${folder}, found none; ${wayOut}`);
}

/**
 * Joins byte-pair tokenizers: the first one's tokens keep their numbers, what others know besides follows, and so do
 * their merges after its own. What the first one splits as before it splits as before, up to merges that it lacked.
 *
 * @throws AssayError TOKENIZER_MISMATCH when they cut texts differently or are no byte-pair tokenizers
 */
export function joinTokenizers(jsons: readonly TokenizerJson[]): TokenUnion {
  const [first, ...others] = jsons as [TokenizerJson, ...TokenizerJson[]];
  for (const [at, other] of others.entries()) expectAlike(first, other, at + 2);
  const known = jsons.map(tokensOf);
  const union = new Map(known[0]);
  let free = sizeOf(union);
  for (const tokens of known.slice(1)) {
    for (const [token] of [...tokens].sort(([, a], [, b]) => a - b)) if (!union.has(token)) union.set(token, free++);
  }
  const added = addedOf(jsons, union);
  const special = new Set(added.map(({ content }) => content));
  const vocab = Object.fromEntries(
    [...union].filter(([token]) => !special.has(token) || Object.hasOwn(first.model.vocab as object, token)),
  );
  const json = { ...first, added_tokens: added, model: { ...first.model, vocab, merges: mergesOf(jsons) } };
  return {
    json: json as TokenizerJson,
    rows: known.map((tokens) => rowsOf(tokens, union, free)),
    vocabularySize: free,
  };
}

/** The first tokenizer alone, and which row each of its tokens has in each of the models. */
export function alignTokenizers(jsons: readonly TokenizerJson[], at = 0): TokenUnion {
  const known = jsons.map(tokensOf);
  const target = known[at]!;
  const vocabularySize = sizeOf(target);
  return { json: jsons[at]!, rows: known.map((tokens) => rowsOf(tokens, target, vocabularySize)), vocabularySize };
}

/** The highest number plus one; spread over the arguments of Math.max, 130,000 tokens overflow the stack. */
const sizeOf = (tokens: ReadonlyMap<string, number>): number =>
  [...tokens.values()].reduce((size, id) => Math.max(size, id + 1), 0);

function tokensOf({ model, added_tokens = [] }: TokenizerJson): Map<string, number> {
  const entries = Array.isArray(model.vocab)
    ? (model.vocab as [string, number][]).map(([token], id) => [token, id] as const)
    : Object.entries(model.vocab as Record<string, number>);
  return new Map([...entries, ...added_tokens.map(({ content, id }) => [content, id] as const)]);
}

function rowsOf(tokens: ReadonlyMap<string, number>, union: ReadonlyMap<string, number>, size: number): Int32Array {
  const rows = new Int32Array(size).fill(-1);
  for (const [token, id] of union) rows[id] = tokens.get(token) ?? -1;
  return rows;
}

function addedOf(jsons: readonly TokenizerJson[], union: ReadonlyMap<string, number>) {
  const all = jsons.flatMap(({ added_tokens = [] }) => added_tokens);
  const once = new Map(all.toReversed().map((token) => [token.content, token]));
  const ids = [...once.values()].map((token) => ({ ...token, id: union.get(token.content)! }));
  return ids.sort((a, b) => a.id - b.id);
}

type Merges = readonly (string | readonly [string, string])[];
type MergePair = readonly [left: string, right: string];

/** Each merge once, in the form of the first tokenizer; only as a pair can a merge have a space in its tokens. */
function mergesOf(jsons: readonly TokenizerJson[]): Merges {
  const pairs = jsons.flatMap(({ model }) => (model.merges as Merges).map(pairOf));
  const once = new Map(pairs.map((pair) => [JSON.stringify(pair), pair]));
  const isText = typeof (jsons[0]!.model.merges as Merges)[0] === "string";
  const fits = isText && pairs.every((pair) => pair.every((token) => !token.includes(" ")));
  return [...once.values()].map((pair) => (fits ? pair.join(" ") : pair));
}

const pairOf = (merge: Merges[number]): MergePair =>
  typeof merge === "string" ? (merge.split(" ") as [string, string]) : merge;

const parts = ["normalizer", "pre_tokenizer", "decoder"] as const;

function expectAlike(first: TokenizerJson, other: TokenizerJson, place: number): void {
  const types = [first.model.type, other.model.type];
  if (types.some((type) => type !== "BPE")) {
    throw mismatch(`byte-pair tokenizers, got ${types.join(" and ")}`, place);
  }
  const differing = parts.find((part) => canonicalJson(first[part] ?? null) !== canonicalJson(other[part] ?? null));
  if (differing !== undefined) throw mismatch(`tokenizers with one ${differing}, got two`, place);
}

const mismatch = (expected: string, place: number): AssayError =>
  new AssayError(
    "TOKENIZER_MISMATCH",
    `merge: Expected ${expected} in models 1 and ${place}; name one model's tokenizer instead of union`,
  );
