import { AssayError } from "#base";
import type { Tokenizer } from "#formats";
import type { LanguageModel } from "./language-model.ts";

/** A text in two parts: what is given, and what is judged. */
export interface ContinuationText {
  readonly prompt: string;
  readonly continuation: string;
}

/** The same as token ids. */
export interface ContinuationIds {
  readonly promptIds: readonly number[];
  readonly continuationIds: readonly number[];
}

/** How prompt and continuation became tokens. */
export type JoinRule =
  /** Both were given as ids. */
  | "ids"
  /** They were encoded as one text, and a token ends where the prompt does. */
  | "one text, split at a token"
  /** They were encoded as one text, and the token across the seam counts with the continuation. */
  | "one text, seam inside a token";

/** Both parts as one row of ids. */
export interface Joined {
  readonly ids: readonly number[];
  /** Where the continuation begins; at least one token stands before it. */
  readonly start: number;
  readonly join: JoinRule;
}

/**
 * Encodes prompt and continuation as one text and says where the second begins.
 *
 * @throws AssayError TEXT_EMPTY, TOKENIZER_MISSING
 */
export function joinTexts(model: LanguageModel, text: ContinuationText | ContinuationIds): Joined {
  if ("promptIds" in text) {
    const { promptIds, continuationIds } = text;
    return expectBoth(model, { ids: [...promptIds, ...continuationIds], start: promptIds.length, join: "ids" });
  }
  const { prompt, continuation } = text;
  const tokenizer = model.requireTokenizer();
  const spans = tokenizer.spans(prompt + continuation);
  const found = spans.findIndex(({ start, end }) => end > prompt.length && end > start);
  const at = found < 0 ? spans.length : found;
  const isInside = found >= 0 && spans[found]!.start < prompt.length;
  const before = at === 0 ? beginning(tokenizer) : [];
  const ids = [...before, ...spans.map(({ id }) => id)];
  const end = trailingSpecials(spans);
  const joined = { ids: ids.slice(0, ids.length - end), start: at + before.length };
  return expectBoth(model, {
    ...joined,
    join: isInside ? "one text, seam inside a token" : "one text, split at a token",
  });
}

/** What a tokenizer puts behind a text is no part of the continuation. */
function trailingSpecials(spans: readonly { readonly start: number; readonly end: number }[]): number {
  const last = spans.findLastIndex(({ start, end }) => end > start);
  return last < 0 ? 0 : spans.length - 1 - last;
}

/** The first token of a text needs something before it: the begin token, or the end of another text. */
function beginning({ specials }: Tokenizer): number[] {
  const id = specials.begin ?? specials.end;
  return id === undefined ? [] : [id];
}

function expectBoth({ name }: LanguageModel, joined: Joined): Joined {
  const { ids, start } = joined;
  if (start > 0 && start < ids.length) return joined;
  const got = start === 0 ? "nothing before it" : "an empty continuation";
  throw new AssayError("TEXT_EMPTY", `${name}: Expected a continuation after at least one token, got ${got}`);
}
