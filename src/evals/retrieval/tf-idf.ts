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
  const counts = [query, ...documents].map(countWords);
  const containing = new Map<string, number>();
  for (const one of counts) for (const word of one.keys()) containing.set(word, (containing.get(word) ?? 0) + 1);
  const idf = (word: string) => Math.log((1 + counts.length) / (1 + containing.get(word)!)) + 1;
  const [asked, ...vectors] = counts.map((one) => unitVector(one, idf));
  return Float64Array.from(vectors, (vector) => dot(asked!, vector));
}

function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function unitVector(counts: ReadonlyMap<string, number>, idf: (word: string) => number): Map<string, number> {
  const vector = new Map([...counts].map(([word, count]) => [word, count * idf(word)]));
  const length = Math.hypot(...vector.values());
  for (const [word, weight] of vector) vector.set(word, weight / length);
  return vector;
}

function dot(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const [word, weight] of a) total += weight * (b.get(word) ?? 0);
  return total;
}
