/**
 * Length of the longest common subsequence, 32 rows at a time.
 *
 *     M_x = bits of the rows that hold x     U = V ∧ M_x     V ← (V + U) ∨ (V − U)     length = zeros left in V
 *
 * Source   Hyyrö 2004, Bit-parallel LCS-length computation revisited
 */
export function longestCommonLength(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [rows, columns] = a.length <= b.length ? [a, b] : [b, a];
  const words = Math.ceil(rows.length / 32);
  const masks = masksOf(rows, words);
  const state = new Int32Array(words).fill(-1);
  for (let at = 0; at < columns.length; at++) {
    const mask = masks.get(columns[at]!);
    if (mask !== undefined) advance(state, mask);
  }
  return zeroBits(state, rows.length);
}

function masksOf(rows: ArrayLike<number>, words: number): Map<number, Int32Array> {
  const masks = new Map<number, Int32Array>();
  for (let at = 0; at < rows.length; at++) {
    let mask = masks.get(rows[at]!);
    if (mask === undefined) {
      mask = new Int32Array(words);
      masks.set(rows[at]!, mask);
    }
    mask[at >>> 5]! |= 1 << (at & 31);
  }
  return masks;
}

function advance(state: Int32Array, mask: Int32Array): void {
  let carry = 0;
  for (let word = 0; word < state.length; word++) {
    const bits = state[word]!;
    const shared = bits & mask[word]!;
    const added = (bits >>> 0) + (shared >>> 0) + carry;
    carry = added > 0xffffffff ? 1 : 0;
    state[word] = added | 0 | (bits & ~mask[word]!);
  }
}

function zeroBits(state: Int32Array, rows: number): number {
  let zeros = 0;
  for (let at = 0; at < rows; at++) if ((state[at >>> 5]! & (1 << (at & 31))) === 0) zeros++;
  return zeros;
}
