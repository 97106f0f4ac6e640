import { AssayError } from "#base";
import { instructionWords, nameWords, plainWords } from "./words.ts";

/** How texts are cut into words: names and an instruction as Long Code Arena does, or plain words. */
export type Tokenizer = "api-names" | "words" | "given";

/** A query and the documents that it is to rank, cut into words. */
export interface RankingTask {
  readonly query: readonly string[];
  readonly documents: readonly (readonly string[])[];
  readonly tokenizer: Tokenizer;
}

const tokenizers = {
  "api-names": { query: instructionWords, document: nameWords },
  words: { query: plainWords, document: plainWords },
} as const;

/**
 * Reads `{"query", "documents", "tokenizer"?}`. Lists of words are taken as they are. Texts are cut as names when no
 * document has white space in it, and into plain words otherwise; `tokenizer` decides instead.
 *
 * @throws AssayError BAD_RANKING naming the file
 */
export function readRanking(text: string, { file }: { readonly file: string }): RankingTask {
  const { query, documents, tokenizer } = parseDocument(text, file);
  if (!Array.isArray(documents) || documents.length === 0) {
    throw bad(file, `Expected "documents" to be a list with at least one entry, got ${JSON.stringify(documents)}`);
  }
  if (isWords(query) && documents.every(isWords)) return { query, documents, tokenizer: "given" };
  if (typeof query !== "string" || !documents.every((one) => typeof one === "string")) {
    throw bad(file, 'Expected "query" and every one of "documents" to be texts, or all of them to be lists of words');
  }
  const chosen = chooseTokenizer(tokenizer, { file, documents });
  const cut = tokenizers[chosen];
  return { query: cut.query(query), documents: documents.map(cut.document), tokenizer: chosen };
}

function chooseTokenizer(
  wanted: unknown,
  { file, documents }: { readonly file: string; readonly documents: readonly string[] },
): keyof typeof tokenizers {
  if (wanted === undefined) return documents.some((one) => /\s/.test(one)) ? "words" : "api-names";
  if (wanted === "words" || wanted === "api-names") return wanted;
  throw bad(file, `Expected "tokenizer" to be "api-names" or "words", got ${JSON.stringify(wanted)}`);
}

const isWords = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

function parseDocument(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw bad(file, `Expected one JSON object with "query" and "documents" (${(error as Error).message})`, error);
  }
  throw bad(file, 'Expected one JSON object with "query" and "documents"');
}

const bad = (file: string, message: string, cause?: unknown): AssayError =>
  new AssayError("BAD_RANKING", `${file}: ${message}`, { cause, details: { file } });
