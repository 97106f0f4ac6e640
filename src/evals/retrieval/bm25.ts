import { AssayError } from "#base";

/** The constants of BM25Okapi; the defaults are those of rank_bm25. */
export interface Bm25Options {
  /** How soon repeated words stop counting (1.5). */
  readonly k1?: number;
  /** How much long documents are held back (0.75). */
  readonly b?: number;
  /** What a word in more than half of the documents weighs, as a share of the average word (0.25). */
  readonly epsilon?: number;
}

/** Documents that were counted once and can be asked often. */
export interface Bm25 {
  readonly documents: number;
  /** One score a document, in their order. */
  scores(query: readonly string[]): Float64Array;
}

/** Where a word stands: the documents that have it, and what it adds to each. */
interface Postings {
  readonly documents: Int32Array;
  readonly weights: Float64Array;
}

/** Names the variant of BM25. */
export function bm25Signature({ k1 = 1.5, b = 0.75, epsilon = 0.25 }: Bm25Options = {}): string {
  return `bm25|variant:okapi|k1:${k1}|b:${b}|epsilon:${epsilon}|ties:higher-index|assay:1`;
}

/**
 * BM25Okapi over documents that are cut into words.
 *
 *     idf(w) = ln((N − n_w + ½) / (n_w + ½)), and ε · mean idf where that is negative
 *     score(d) = Σ_{w in query} idf(w) · f_wd · (k1 + 1) / (f_wd + k1 · (1 − b + b · |d| / mean |d|))
 *
 * A word that the query repeats counts as often. Every term is computed once, when the documents are counted.
 *
 * Source   rank_bm25 0.2.2, BM25Okapi; Trotman et al. 2014
 *
 * @throws AssayError NO_DOCUMENTS when there is nothing to rank
 */
export function bm25(documents: readonly (readonly string[])[], options: Bm25Options = {}): Bm25 {
  const counted = countWords(documents);
  const postings = weigh(counted, documents, options);
  return {
    documents: documents.length,
    scores(query) {
      const scores = new Float64Array(documents.length);
      for (const word of query) {
        const found = postings.get(word);
        if (found !== undefined) addTo(scores, found);
      }
      return scores;
    },
  };
}

function addTo(scores: Float64Array, { documents, weights }: Postings): void {
  for (let at = 0; at < documents.length; at++) scores[documents[at]!]! += weights[at]!;
}

/** Word → document, count, document, count …, the words in the order in which they first come. */
function countWords(documents: readonly (readonly string[])[]): Map<string, number[]> {
  if (documents.length === 0) throw new AssayError("NO_DOCUMENTS", "bm25: Expected at least one document, got none");
  const counted = new Map<string, number[]>();
  for (const [index, document] of documents.entries()) {
    for (const word of document) {
      const entries = counted.get(word);
      if (entries === undefined) counted.set(word, [index, 1]);
      else if (entries[entries.length - 2] === index) entries[entries.length - 1]!++;
      else entries.push(index, 1);
    }
  }
  return counted;
}

function weigh(
  counted: ReadonlyMap<string, readonly number[]>,
  documents: readonly (readonly string[])[],
  { k1 = 1.5, b = 0.75, epsilon = 0.25 }: Bm25Options,
): Map<string, Postings> {
  const total = documents.reduce((sum, document) => sum + document.length, 0);
  const meanLength = total / documents.length;
  const held = documents.map(({ length }) => k1 * (1 - b + (b * length) / meanLength));
  const idfs = [...counted.values()].map((entries) => idfOf(documents.length, entries.length / 2));
  const floor = (epsilon * idfs.reduce((sum, idf) => sum + idf, 0)) / idfs.length;
  const postings = new Map<string, Postings>();
  for (const [word, entries] of counted) {
    const idf = idfs[postings.size]!;
    postings.set(word, postingsOf(entries, { idf: idf < 0 ? floor : idf, held, k1 }));
  }
  return postings;
}

const idfOf = (documents: number, containing: number): number =>
  Math.log(documents - containing + 0.5) - Math.log(containing + 0.5);

function postingsOf(
  entries: readonly number[],
  { idf, held, k1 }: { readonly idf: number; readonly held: readonly number[]; readonly k1: number },
): Postings {
  const size = entries.length / 2;
  const [documents, weights] = [new Int32Array(size), new Float64Array(size)];
  for (let at = 0; at < size; at++) {
    const [index, count] = [entries[2 * at]!, entries[2 * at + 1]!];
    documents[at] = index;
    weights[at] = idf * ((count * (k1 + 1)) / (count + held[index]!));
  }
  return { documents, weights };
}
