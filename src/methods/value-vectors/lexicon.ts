/** Finding concept vectors without a judge: is a concept's vocabulary over-represented among a vector's top tokens? */
import { AssayError, benjaminiHochberg, hypergeometricTail, logHypergeometricTail, sum } from "#base";
import type { Tokenizer } from "#formats";
import { stopWords } from "./stop-words.ts";
import type { TopTokens } from "./top-tokens.ts";

/** The tokens that speak of a concept. */
export type Lexicon = ReadonlySet<number>;

/** What a concept is compared with, and how strictly. */
export interface LexiconOptions {
  readonly tokenizer: Tokenizer;
  /** Texts about other things; without them every content word of the article counts. */
  readonly background?: readonly string[];
  /** A token belongs to the lexicon when its chance in the article is below; 0.01 when left out. */
  readonly level?: number;
}

/**
 * The tokens that an article has more often than the texts around it, stop words and what is shorter than three letters
 * left out.
 *
 *     P(X ≥ c) < level      c of the article's n tokens, drawn from all N, of which the token is M
 *
 * @throws AssayError LEXICON_EMPTY
 */
export function conceptLexicon(article: string, { tokenizer, background = [], level = 0.01 }: LexiconOptions): Lexicon {
  const own = countsOf(tokenizer.encode(article, { special: false }));
  const all = countsOf([article, ...background].flatMap((text) => tokenizer.encode(text, { special: false })));
  const [draws, population] = [sum([...own.values()]), sum([...all.values()])];
  const isOver = (id: number, count: number) =>
    background.length === 0 || hypergeometricTail(count, { population, marked: all.get(id)!, draws }) < level;
  const found = [...own].filter(([id, count]) => isContent(tokenizer, id) && isOver(id, count)).map(([id]) => id);
  if (found.length > 0) return new Set(found);
  throw new AssayError("LEXICON_EMPTY", "conceptLexicon: Expected an article with words of its own, found none");
}

function countsOf(ids: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function isContent(tokenizer: Tokenizer, id: number): boolean {
  const word = tokenizer.decode([id]).trim().toLowerCase();
  return /^\p{L}{3,}$/u.test(word) && !stopWords.has(word);
}

/** How well a value vector speaks of a concept. */
export interface ColumnScore {
  readonly column: number;
  /** Tokens of the lexicon among its top k. */
  readonly overlap: number;
  /** ln P(X ≥ overlap) for k tokens drawn at random. */
  readonly logChance: number;
  /** Benjamini and Hochberg's adjusted chance over all columns given. */
  readonly q: number;
  /** The mean of its top logits; low where nothing is written strongly. */
  readonly strength: number;
}

/**
 * Scores every row of a projection against a lexicon.
 *
 *     q = BH over all rows of P(X ≥ |P_k ∩ L|),  X hypergeometric: k draws from V tokens, |L| of them marked
 */
export function scoreColumns(top: TopTokens, lexicon: Lexicon, { vocabularySize }: VocabularySize): ColumnScore[] {
  const overlaps = overlapsOf(top, lexicon);
  const urn = { population: vocabularySize, marked: lexicon.size, draws: top.k };
  const logs = Array.from({ length: top.k + 1 }, (_, overlap) => logHypergeometricTail(overlap, urn));
  const adjusted = benjaminiHochberg(overlaps.map((overlap) => Math.min(1, Math.exp(logs[overlap]!))));
  return overlaps.map((overlap, column) => ({
    column,
    overlap,
    logChance: logs[overlap]!,
    q: adjusted[column]!,
    strength: sum([...top.scores.subarray(column * top.k, (column + 1) * top.k)]) / top.k,
  }));
}

/** How many tokens there are in all. */
export interface VocabularySize {
  readonly vocabularySize: number;
}

function overlapsOf({ ids, k }: TopTokens, lexicon: Lexicon): number[] {
  return Array.from({ length: ids.length / k }, (_, row) => {
    let overlap = 0;
    for (let at = row * k; at < (row + 1) * k; at++) if (lexicon.has(ids[at]!)) overlap++;
    return overlap;
  });
}

/**
 * How many concepts a vector speaks of: the entropy, in nats, of the shares that lexicons have in its top tokens.
 *
 *     H = −Σ_c p_c ln p_c,   p_c = |P_k ∩ L_c| / Σ |P_k ∩ L|        0 for one concept alone, or none
 */
export function topicEntropy(ids: Iterable<number>, lexicons: readonly Lexicon[]): number {
  const tokens = [...ids];
  const overlaps = lexicons.map((lexicon) => tokens.filter((id) => lexicon.has(id)).length);
  const total = sum(overlaps);
  const shares = overlaps.filter((overlap) => overlap > 0).map((overlap) => overlap / total);
  return Math.max(0, -sum(shares.map((share) => share * Math.log(share))));
}
