/**
 * GPT-2's cut of a text into words, before any merge. Spaces are Unicode's, as in Rust, where JavaScript's `\s` differs.
 *
 * Source   Radford et al. 2019, released code, encoder.py, `pat`
 */
export const gpt2Words =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/**
 * The same cut with marks as parts of words: the vowel signs of Devanagari, Tamil and Kannada are marks, and GPT-2's cut
 * tears every word of theirs apart at each.
 */
export const wordsWithMarks =
  /'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{M}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** What is counted, and what is not. */
export interface WordCountsOptions {
  readonly skip?: readonly string[];
  /** GPT-2's when left out. */
  readonly words?: RegExp;
}

/** How often each word occurs, in the order in which they first appear. */
export function wordCounts(
  texts: Iterable<string>,
  { skip = [], words = gpt2Words }: WordCountsOptions = {},
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const part of parts(text, skip)) {
      words.lastIndex = 0;
      for (let match = words.exec(part); match !== null; match = words.exec(part)) {
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
