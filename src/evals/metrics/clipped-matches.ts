/**
 * Pairs of numbers → dense numbers, by open addressing; kept between calls, for clearing it would cost more than using it.
 * A slot is four integers: the stamp of the call that filled it, the pair, and the pair's number.
 */
const table = { slots: new Int32Array(0), stamp: 0 };

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
  const grams = candidate.slice();
  const others = references.map((tokens) => tokens.slice());
  const matches = new Array<number>(orders).fill(0);
  for (let order = 1; order <= orders; order++) {
    matches[order - 1] = countShared(grams, others, order);
    if (matches[order - 1] === 0) break;
  }
  return matches;
}

/** Replaces the numbers of (n − 1)-grams by those of n-grams, −1 where it is not shared, and counts the matches. */
function countShared(candidate: Int32Array, references: readonly Int32Array[], order: number): number {
  const mask = clearTable(candidate.length);
  const size = insertGrams(candidate, { order, mask });
  const most = new Int32Array(size);
  for (const reference of references) {
    findGrams(reference, { order, mask });
    const counts = countsOf(reference, { order, size });
    for (let gram = 0; gram < size; gram++) if (counts[gram]! > most[gram]!) most[gram] = counts[gram]!;
  }
  const counts = countsOf(candidate, { order, size });
  const last = candidate.length - order;
  for (let at = 0; at <= last; at++) if (candidate[at]! >= 0 && most[candidate[at]!] === 0) candidate[at] = -1;
  let matches = 0;
  for (let gram = 0; gram < size; gram++) matches += Math.min(counts[gram]!, most[gram]!);
  return matches;
}

/** Where the table ends for so many entries, as a mask over its integers; it is at most half full. */
function clearTable(entries: number): number {
  let slots = 64;
  while (slots < 2 * entries) slots *= 2;
  const isSpent = table.stamp === 2 ** 31 - 1;
  if (isSpent || table.slots.length < 4 * slots) [table.slots, table.stamp] = [new Int32Array(4 * slots), 0];
  table.stamp++;
  return 4 * slots - 1;
}

interface Lookup {
  readonly order: number;
  readonly mask: number;
}

/** Numbers the n-grams of the candidate, known or new, and returns how many there are. */
function insertGrams(tokens: Int32Array, { order, mask }: Lookup): number {
  const { slots, stamp } = table;
  const last = tokens.length - order;
  let size = 0;
  for (let at = 0; at <= last; at++) {
    const first = tokens[at]!;
    const second = order === 1 ? 0 : tokens[at + 1]!;
    if (first < 0 || second < 0) tokens[at] = -1;
    else {
      const slot = slotOf(first, second, mask);
      if (slots[slot] !== stamp) {
        slots[slot] = stamp;
        slots[slot + 1] = first;
        slots[slot + 2] = second;
        slots[slot + 3] = size++;
      }
      tokens[at] = slots[slot + 3]!;
    }
  }
  return size;
}

/** Numbers the n-grams of a reference, −1 where the candidate has none such. */
function findGrams(tokens: Int32Array, { order, mask }: Lookup): void {
  const { slots, stamp } = table;
  const last = tokens.length - order;
  for (let at = 0; at <= last; at++) {
    const first = tokens[at]!;
    const second = order === 1 ? 0 : tokens[at + 1]!;
    if (first < 0 || second < 0) tokens[at] = -1;
    else {
      const slot = slotOf(first, second, mask);
      tokens[at] = slots[slot] === stamp ? slots[slot + 3]! : -1;
    }
  }
}

/** The slot that holds the pair, or the free one where it belongs. */
function slotOf(first: number, second: number, mask: number): number {
  const { slots, stamp } = table;
  const mixed = Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b);
  let slot = ((mixed ^ (mixed >>> 15)) << 2) & mask;
  while (slots[slot] === stamp && (slots[slot + 1] !== first || slots[slot + 2] !== second)) slot = (slot + 4) & mask;
  return slot;
}

function countsOf(tokens: Int32Array, { order, size }: { order: number; size: number }): Int32Array {
  const counts = new Int32Array(size);
  const last = tokens.length - order;
  for (let at = 0; at <= last; at++) if (tokens[at]! >= 0) counts[tokens[at]!]!++;
  return counts;
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
