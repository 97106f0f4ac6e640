/** A tokenizer of pieces of two letters, for texts of invented words. */
import type { Tokenizer, TokenSpan } from "#formats";

/** A space belongs to what follows it; letters come two at a time, everything else alone. */
const pieces = / ?(?:\p{L}{1,2}|[^\s\p{L}])| /gu;
const endToken = "<end>";
const unknownToken = "<unknown>";

/**
 * Knows the pieces of some texts, in the order of their letters; another piece is one token for all that is unknown.
 * Two tongues share tokens exactly where they share letters.
 */
export function pieceTokenizer(texts: Iterable<string>): Tokenizer {
  const found = new Set([...texts].flatMap((text) => text.match(pieces) ?? []));
  const tokens = [endToken, unknownToken, ...[...found].sort()];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const spans = (text: string): TokenSpan[] =>
    [...text.matchAll(pieces)].map(({ 0: token, index: start }) => ({
      id: ids.get(token) ?? 1,
      token,
      start,
      end: start + token.length,
    }));
  return {
    vocabularySize: tokens.length,
    specials: { end: 0, unknown: 1, all: new Set([0, 1]) },
    encode: (text) => spans(text).map(({ id }) => id),
    spans,
    decode: (list, { skipSpecial = false } = {}) =>
      [...list].flatMap((id) => (skipSpecial && id < 2 ? [] : [tokens[id] ?? ""])).join(""),
    tokenOf: (id) => tokens[id],
    idOf: (token) => ids.get(token),
  };
}
