/**
 * GPT-2's cut of a text into words, before any merge. Spaces are Unicode's, as in Rust, where JavaScript's `\s` differs.
 *
 * Source   Radford et al. 2019, released code, encoder.py, `pat`
 */
export const gpt2Words =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** How often each word occurs, in the order in which they first appear. */
export function wordCounts(
  texts: Iterable<string>,
  { skip = [] }: { readonly skip?: readonly string[] } = {},
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const part of parts(text, skip)) {
      gpt2Words.lastIndex = 0;
      for (let match = gpt2Words.exec(part); match !== null; match = gpt2Words.exec(part)) {
        counts.set(match[0], (counts.get(match[0]) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** A special token that stands in the text is no word of it. */
function parts(text: string, skip: readonly string[]): readonly string[] {
  return skip.reduce<readonly string[]>((pieces, token) => pieces.flatMap((piece) => piece.split(token)), [text]);
}
