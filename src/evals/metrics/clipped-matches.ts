/** Pairs of numbers to dense numbers: open addressing in typed arrays, which are kept between calls. */
const table = {
  mask: 0,
  first: new Int32Array(0),
  second: new Int32Array(0),
  /** Number of the pair, valid where `stamps` holds the current stamp. */
  numbers: new Int32Array(0),
  stamps: new Int32Array(0),
  stamp: 0,
  size: 0,
};

/**
 * How many n-grams of a candidate its references have too, each counted at most as often as one reference has it.
 *
 *     matches[n − 1] = Σ_g min(count(g, candidate), max_r count(g, r))        over the n-grams g
 *
 * An n-gram can only be shared when both (n − 1)-grams inside it are: each order looks at what the one before left.
 *
 * Shapes   candidate, each reference [tokens] → [orders]
 */
export function clippedMatches(
  candidate: Int32Array,
  references: readonly Int32Array[],
  { orders }: { readonly orders: number },
): number[] {
  const sequences = [candidate, ...references].map((tokens) => tokens.slice());
  const matches: number[] = [];
  for (let order = 1; order <= orders; order++) {
    const found = countShared(sequences, order);
    matches.push(found);
    if (found === 0) break;
  }
  return [...matches, ...new Array<number>(orders - matches.length).fill(0)];
}

/** Replaces the numbers of (n − 1)-grams by those of n-grams, −1 where it is not shared, and counts the matches. */
function countShared([candidate, ...references]: Int32Array[], order: number): number {
  startTable(candidate!.length);
  number(candidate!, { order, insert: true });
  const inCandidate = countsOf(candidate!, order);
  const inReferences = new Int32Array(table.size);
  for (const reference of references) {
    number(reference, { order, insert: false });
    const counts = countsOf(reference, order);
    for (let at = 0; at < counts.length; at++) inReferences[at] = Math.max(inReferences[at]!, counts[at]!);
  }
  for (let at = 0; at < candidate!.length; at++) if (inReferences[candidate![at]!] === 0) candidate![at] = -1;
  let matches = 0;
  for (let at = 0; at < inCandidate.length; at++) matches += Math.min(inCandidate[at]!, inReferences[at]!);
  return matches;
}

function number(tokens: Int32Array, { order, insert }: { order: number; insert: boolean }): void {
  const last = tokens.length - order;
  for (let at = 0; at <= last; at++) {
    const first = tokens[at]!;
    const second = order === 1 ? 0 : tokens[at + 1]!;
    tokens[at] = first < 0 || second < 0 ? -1 : find(first, second, insert);
  }
  if (last + 1 < tokens.length) tokens.fill(-1, Math.max(0, last + 1));
}

function countsOf(tokens: Int32Array, order: number): Int32Array {
  const counts = new Int32Array(table.size);
  const last = tokens.length - order;
  for (let at = 0; at <= last; at++) if (tokens[at]! >= 0) counts[tokens[at]!]!++;
  return counts;
}

function startTable(entries: number): void {
  let capacity = 64;
  while (capacity < 2 * entries) capacity *= 2;
  if (capacity > table.stamps.length) {
    for (const name of ["first", "second", "numbers", "stamps"] as const) table[name] = new Int32Array(capacity);
    table.stamp = 0;
  }
  table.mask = capacity - 1;
  table.stamp++;
  table.size = 0;
}

/** The number of a pair; −1 when it is new and not to be inserted. */
function find(first: number, second: number, insert: boolean): number {
  const { mask, stamp, stamps } = table;
  const mixed = Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b);
  let slot = (mixed ^ (mixed >>> 15)) & mask;
  for (; stamps[slot] === stamp; slot = (slot + 1) & mask) {
    if (table.first[slot] === first && table.second[slot] === second) return table.numbers[slot]!;
  }
  if (!insert) return -1;
  [stamps[slot], table.first[slot], table.second[slot], table.numbers[slot]] = [stamp, first, second, table.size];
  return table.size++;
}

/** The number of each word, counted up from zero in the order in which they come. */
export function numberIn(numbers: Map<string, number>): (word: string) => number {
  return (word) => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, numbers.size);
    return numbers.size - 1;
  };
}
