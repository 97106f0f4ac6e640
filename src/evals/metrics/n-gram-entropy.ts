import { sum } from "#base";

/**
 * How evenly a text spreads over its n-grams, in bits: low for one that repeats itself.
 *
 *     H_n = −Σ p(g) · log₂ p(g)      g the text's n-grams, p their relative frequency; 0 for a text shorter than n
 */
export function nGramEntropy(words: readonly string[], n: number): number {
  const grams = words.slice(n - 1).map((_, at) => JSON.stringify(words.slice(at, at + n)));
  const counts = [...Map.groupBy(grams, (gram) => gram).values()].map(({ length }) => length);
  return sum(counts.map((count) => (-count / grams.length) * Math.log2(count / grams.length)));
}

/**
 * Fluency of CounterFact, GE: the weighted mean of the entropies of pairs and triples of words.
 *
 *     GE = ½ · (⅔ · H_2 + 4/3 · H_3)
 *
 * Source   Meng et al. 2022, ROME, appendix; the authors cut words with NLTK, and who compares with them must too
 */
export function fluency(words: readonly string[]): number {
  return ((2 / 3) * nGramEntropy(words, 2) + (4 / 3) * nGramEntropy(words, 3)) / 2;
}
