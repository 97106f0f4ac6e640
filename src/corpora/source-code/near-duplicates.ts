/** Which texts are nearly the same: MinHash finds candidates, their shingles decide. */
import { type RandomStream, stream } from "#base";

/** Words and signs in a shingle. */
const shingleLength = 5;
const bands = 16;
const rows = 4;

/** How alike two texts are before they count as one. */
export interface NearDuplicatesOptions {
  /** The least share of shingles in common, |A ∩ B| / |A ∪ B|. */
  readonly similarity: number;
}

/**
 * Groups of texts that are nearly the same, by their places in the list; a text like no other is a group of its own.
 *
 * Source   Broder 1997, On the resemblance and containment of documents; bands as in Leskovec et al., Mining of Massive
 *          Datasets, §3.4
 */
export function nearDuplicates(texts: readonly string[], { similarity }: NearDuplicatesOptions): number[][] {
  const shingles = texts.map(shinglesOf);
  const parents = texts.map((_, at) => at);
  for (const [a, b] of candidatePairs(shingles.map(minHashes))) {
    const [left, right] = [rootOf(parents, a), rootOf(parents, b)];
    if (left === right || jaccard(shingles[a]!, shingles[b]!) < similarity) continue;
    parents[Math.max(left, right)] = Math.min(left, right);
  }
  return [...Map.groupBy(texts.keys(), (at) => rootOf(parents, at)).values()];
}

function rootOf(parents: number[], start: number): number {
  let at = start;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at]!]!;
    at = parents[at]!;
  }
  return at;
}

const hashOfWord = (word: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash;
};

/** A licence at the head of every file would make them all alike. */
const leadingComments = /^(\s*(\/\*[\s\S]*?\*\/|\/\/.*))*/;

/** The numbers of a text's shingles, sorted, each once. */
function shinglesOf(text: string): Uint32Array {
  const words = (text.replace(leadingComments, "").match(/[\p{L}\p{N}_$]+|\S/gu) ?? []).map(hashOfWord);
  const found = new Set<number>();
  for (let at = 0; at + shingleLength <= Math.max(words.length, shingleLength); at++) {
    let hash = 0;
    for (let next = 0; next < shingleLength; next++)
      hash = Math.imul(hash ^ (words[at + next] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
    found.add(hash >>> 0);
  }
  return Uint32Array.from(found).sort();
}

const oddNumber = (random: RandomStream): number => (2 * random.int(2 ** 31) + 1) | 0;
const random = stream(0, "corpora/near-duplicates");
const multipliers = Int32Array.from({ length: bands * rows }, () => oddNumber(random));

/** The least value of each of several hash functions over a text's shingles. */
function minHashes(shingles: Uint32Array): Uint32Array {
  const least = new Uint32Array(bands * rows).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let at = 0; at < least.length; at++) {
      const mixed = Math.imul(shingle ^ (shingle >>> 16), multipliers[at]!);
      const hash = (mixed ^ (mixed >>> 13)) >>> 0;
      if (hash < least[at]!) least[at] = hash;
    }
  }
  return least;
}

/** Pairs with a whole band in common, each with the first text that had it. */
function candidatePairs(hashes: readonly Uint32Array[]): [number, number][] {
  const first = new Map<string, number>();
  const pairs: [number, number][] = [];
  for (const [at, least] of hashes.entries()) {
    for (let band = 0; band < bands; band++) {
      const key = `${band}:${least.subarray(band * rows, (band + 1) * rows).join()}`;
      const known = first.get(key);
      if (known === undefined) first.set(key, at);
      else pairs.push([known, at]);
    }
  }
  return pairs;
}

/** |A ∩ B| / |A ∪ B| of two sorted lists. */
function jaccard(a: Uint32Array, b: Uint32Array): number {
  let [left, right, shared] = [0, 0, 0];
  while (left < a.length && right < b.length) {
    const difference = a[left]! - b[right]!;
    if (difference === 0) shared++;
    if (difference <= 0) left++;
    if (difference >= 0) right++;
  }
  return shared / (a.length + b.length - shared);
}
