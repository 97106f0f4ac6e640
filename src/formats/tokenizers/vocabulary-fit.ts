import { AssayError } from "#base";
import type { Tokenizer } from "./tokenizer.ts";

/** How a tokenizer's numbers and a model's embedding rows agree. */
export type VocabularyFit =
  | { readonly kind: "equal" }
  /** Rows that no token points to; many checkpoints are padded to a multiple of 64 or 128. */
  | { readonly kind: "spare-rows"; readonly rows: number }
  /** Tokens whose number is beyond the last row: encoding one of them cannot work. */
  | { readonly kind: "missing-rows"; readonly tokens: readonly string[] };

/** Compares a tokenizer with the rows of an embedding, and says which tokens or how many rows are left over. */
export function vocabularyFit(tokenizer: Tokenizer, rows: number): VocabularyFit {
  const size = tokenizer.vocabularySize;
  if (size === rows) return { kind: "equal" };
  if (size < rows) return { kind: "spare-rows", rows: rows - size };
  const beyond = Array.from({ length: size - rows }, (_, at) => tokenizer.tokenOf(rows + at));
  return { kind: "missing-rows", tokens: beyond.filter((token) => token !== undefined) };
}

/** @throws AssayError VOCABULARY_MISMATCH when a token has no row */
export function requireVocabularyFit(tokenizer: Tokenizer, rows: number): void {
  const fit = vocabularyFit(tokenizer, rows);
  if (fit.kind !== "missing-rows") return;
  const shown = fit.tokens
    .slice(0, 3)
    .map((token) => JSON.stringify(token))
    .join(", ");
  const expected = `Expected at most ${rows} tokens, as the embedding has rows, got ${tokenizer.vocabularySize}`;
  const which = `${fit.tokens.length} have none, the first ${shown}`;
  throw new AssayError(
    "VOCABULARY_MISMATCH",
    `tokenizer: ${expected}; ${which}; the tokenizer belongs to another model`,
  );
}
