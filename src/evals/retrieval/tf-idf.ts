/**
 * Cosine of a query and each document in the space of tf-idf, fitted on the query and the documents together.
 *
 *     idf(w) = ln((1 + N) / (1 + n_w)) + 1     v_d[w] = f_wd · idf(w), scaled to length 1     score(d) = v_query · v_d
 *
 * N counts the query too, as the authors of Long Code Arena fit it. A text without words is at 0 from everything.
 *
 * Source   scikit-learn, TfidfVectorizer with its defaults; Long Code Arena, bug localization
 */
export function tfIdf(query: readonly string[], documents: readonly (readonly string[])[]): Float64Array {
  const asked = countWords(query);
  const counts = documents.map(countWords);
  const containing = new Map<string, number>();
  for (const one of [asked, ...counts])
    for (const word of one.keys()) containing.set(word, (containing.get(word) ?? 0) + 1);
  const idf = (word: string) => Math.log((2 + counts.length) / (1 + containing.get(word)!)) + 1;
  return Float64Array.from(counts, (one) => cosine(asked, one, idf));
}

function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

type Counts = ReadonlyMap<string, number>;

function cosine(a: Counts, b: Counts, idf: (word: string) => number): number {
  let product = 0;
  for (const [word, count] of a) product += count * (b.get(word) ?? 0) * idf(word) ** 2;
  return product === 0 ? 0 : product / (lengthOf(a, idf) * lengthOf(b, idf));
}

function lengthOf(counts: Counts, idf: (word: string) => number): number {
  let squares = 0;
  for (const [word, count] of counts) squares += (count * idf(word)) ** 2;
  return Math.sqrt(squares);
}
