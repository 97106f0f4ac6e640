import { MinHeap } from "./heap.ts";

/** Two tokens that became one. */
export interface PairMerge {
  readonly left: number;
  readonly right: number;
  readonly merged: number;
}

/** When merging ends, and how a pair gets its number. */
export interface MergePairsOptions {
  /** A pair that occurs less often stays apart. */
  readonly minFrequency: number;
  /** The number of the token that a pair becomes, or undefined when there may be no more tokens. */
  number(left: number, right: number): number | undefined;
}

interface Candidate {
  readonly left: number;
  readonly right: number;
  /** As it was when the pair was proposed; counts only fall afterwards. */
  readonly count: number;
}

/** Token numbers stay below this, so that a pair is one exact number. */
const span = 2 ** 26;
const keyOf = (left: number, right: number): number => left * span + right;

/**
 * Byte-pair encoding: merges the most frequent neighbours, again and again. Of equally frequent pairs the one with the
 * lower numbers goes first, so that equal texts give equal tokens.
 *
 * Source   Sennrich et al. 2016, Neural Machine Translation of Rare Words with Subword Units, §3.2
 *
 * @param words token numbers of each word, changed in place
 */
export function mergePairs(words: number[][], counts: readonly number[], options: MergePairsOptions): PairMerge[] {
  const table = new PairTable(words, counts);
  const merges: PairMerge[] = [];
  for (let pair = table.best(); pair !== undefined; pair = table.best()) {
    const { left, right, count } = pair;
    if (count < Math.max(1, options.minFrequency)) break;
    const merged = options.number(left, right);
    if (merged === undefined) break;
    merges.push({ left, right, merged });
    table.merge({ left, right, merged });
  }
  return merges;
}

/** How often every pair of neighbours occurs, and in which words. */
class PairTable {
  readonly #words: number[][];
  readonly #counts: readonly number[];
  readonly #pairCounts = new Map<number, number>();
  readonly #places = new Map<number, Set<number>>();
  readonly #queue = new MinHeap<Candidate>((a, b) => b.count - a.count || a.left - b.left || a.right - b.right);

  constructor(words: number[][], counts: readonly number[]) {
    this.#words = words;
    this.#counts = counts;
    for (const [place, word] of words.entries()) {
      for (let at = 1; at < word.length; at++) this.#change(word[at - 1]!, word[at]!, { place, by: counts[place]! });
    }
    for (const key of this.#pairCounts.keys()) this.#propose(key);
  }

  best(): Candidate | undefined {
    for (let top = this.#queue.pop(); top !== undefined; top = this.#queue.pop()) {
      const count = this.#pairCounts.get(keyOf(top.left, top.right)) ?? 0;
      if (count === top.count) return top;
      if (count > 0) this.#queue.push({ ...top, count });
    }
    return undefined;
  }

  merge({ left, right, merged }: PairMerge): void {
    const key = keyOf(left, right);
    const touched = new Set<number>();
    for (const place of this.#places.get(key) ?? []) this.#mergeWord(place, { left, right, merged }, touched);
    this.#places.delete(key);
    this.#pairCounts.delete(key);
    for (const changed of touched) this.#propose(changed);
  }

  #mergeWord(place: number, { left, right, merged }: PairMerge, touched: Set<number>): void {
    const word = this.#words[place]!;
    const by = this.#counts[place]!;
    let kept = 0;
    for (let at = 0; at < word.length; at++) {
      if (word[at] !== left || word[at + 1] !== right) {
        word[kept++] = word[at]!;
        continue;
      }
      const [before, after] = [kept > 0 ? word[kept - 1] : undefined, word[at + 2]];
      if (before !== undefined) {
        this.#change(before, left, { place, by: -by });
        touched.add(this.#change(before, merged, { place, by }));
      }
      if (after !== undefined) {
        this.#change(right, after, { place, by: -by });
        touched.add(this.#change(merged, after, { place, by }));
      }
      word[kept++] = merged;
      at++;
    }
    word.length = kept;
  }

  #change(left: number, right: number, { place, by }: { place: number; by: number }): number {
    const key = keyOf(left, right);
    this.#pairCounts.set(key, (this.#pairCounts.get(key) ?? 0) + by);
    if (by > 0) {
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, new Set([place]));
      else places.add(place);
    }
    return key;
  }

  #propose(key: number): void {
    const count = this.#pairCounts.get(key) ?? 0;
    if (count > 0) this.#queue.push({ left: Math.floor(key / span), right: key % span, count });
  }
}
