import { AssayError } from "#base";
import type { Tokenizer } from "#formats";

/** How an article becomes texts to train on. */
export interface ParagraphOptions {
  /** Sentences are joined until a paragraph is longer; the authors' 400 when left out. */
  readonly characters?: number;
  /** Tokens that a text may have, its end token not counted; the authors' 500 when left out. */
  readonly tokens?: number;
}

/**
 * An article as paragraphs: sentences joined until they are longer than so many characters.
 *
 * Deviation: the authors cut with NLTK's trained sentence splitter; here a sentence ends at . ! or ? before white space.
 *
 * Source   Hong et al. 2024, ConceptVectors, the training data of its unlearning runs
 */
export function paragraphsOf(article: string, { characters = 400 }: ParagraphOptions = {}): string[] {
  const paragraphs: string[] = [];
  let current = "";
  for (const sentence of article.split(/(?<=[.!?])\s+/)) {
    if (sentence.trim() === "") continue;
    current = current === "" ? sentence.trim() : `${current} ${sentence.trim()}`;
    if (current.length <= characters) continue;
    paragraphs.push(current);
    current = "";
  }
  return current === "" ? paragraphs : [...paragraphs, current];
}

/**
 * Texts as token ids, each with the token that ends a text behind it.
 *
 * @throws AssayError ARTICLE_EMPTY
 */
export function encodeTexts(
  texts: readonly string[],
  { tokenizer, tokens = 500 }: ParagraphOptions & { readonly tokenizer: Tokenizer },
): number[][] {
  const end = tokenizer.specials.end;
  const encoded = texts.map((text) => [
    ...tokenizer.encode(text).slice(0, tokens),
    ...(end === undefined ? [] : [end]),
  ]);
  const trainable = encoded.filter(({ length }) => length >= 2);
  if (trainable.length > 0) return trainable;
  throw new AssayError("ARTICLE_EMPTY", "unlearning: Expected a text of at least two tokens to train on, got none");
}
