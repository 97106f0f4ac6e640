/** k-means over rows in memory: the start of a fit, and an explainer of its own. */
import { AssayError, type RandomStream } from "#base";

/** Rows with weights. Shapes   rows [T, d] · weights [T] */
export interface WeightedRows {
  readonly rows: Float64Array;
  readonly weights: Float64Array;
  readonly d: number;
}

/** Centres, and where each row belongs. */
export interface Clusters {
  /** [K, d] */
  readonly centres: Float64Array;
  readonly labels: Int32Array;
  /** Σ w ‖x − centre‖² */
  readonly inertia: number;
}

const squaredDistance = (
  rows: Float64Array,
  centres: Float64Array,
  { row, centre, d }: { row: number; centre: number; d: number },
): number => {
  let total = 0;
  for (let i = 0; i < d; i++) {
    const gap = rows[row * d + i]! - centres[centre * d + i]!;
    total += gap * gap;
  }
  return total;
};

/**
 * Spreads K centres over rows: each is drawn with a chance in proportion to its squared distance from those chosen.
 *
 * Source   Arthur & Vassilvitskii 2007, k-means++
 *
 * @throws AssayError CONCEPTS_TOO_MANY when there are fewer different rows than centres
 */
export function spreadCentres({ rows, weights, d }: WeightedRows, count: number, random: RandomStream): Float64Array {
  const centres = new Float64Array(count * d);
  const gaps = weights.slice();
  for (let k = 0; k < count; k++) {
    const row = drawRow(gaps, random);
    if (row < 0) {
      const claim = `Expected at least ${count} different patches for ${count} concepts, got ${k}`;
      throw new AssayError("CONCEPTS_TOO_MANY", `concepts: ${claim}; ask for fewer concepts or give more images`);
    }
    centres.set(rows.subarray(row * d, (row + 1) * d), k * d);
    for (let at = 0; at < gaps.length; at++) {
      const gap = weights[at]! * squaredDistance(rows, centres, { row: at, centre: k, d });
      if (k === 0 || gap < gaps[at]!) gaps[at] = gap;
    }
  }
  return centres;
}

/** A row in proportion to its gap, or −1 when no gap is left. */
function drawRow(gaps: Float64Array, random: RandomStream): number {
  let total = 0;
  for (const gap of gaps) total += gap;
  if (!(total > 0)) return -1;
  let rest = random.next() * total;
  let last = -1;
  for (let at = 0; at < gaps.length; at++) {
    if (gaps[at]! <= 0) continue;
    last = at;
    rest -= gaps[at]!;
    if (rest <= 0) return at;
  }
  return last;
}

/** Rounds of assigning and averaging, until no row moves. */
export function refineCentres(data: WeightedRows, start: Float64Array, rounds: number): Clusters {
  const { rows, weights, d } = data;
  const centres = start.slice();
  const labels = new Int32Array(weights.length).fill(-1);
  for (let round = 0; ; round++) {
    const { inertia, moved } = assign(data, centres, labels);
    if (moved === 0 || round >= rounds) return { centres, labels, inertia };
    const masses = new Float64Array(centres.length / d);
    const sums = new Float64Array(centres.length);
    for (const [row, label] of labels.entries()) {
      masses[label]! += weights[row]!;
      for (let i = 0; i < d; i++) sums[label * d + i]! += weights[row]! * rows[row * d + i]!;
    }
    for (let at = 0; at < centres.length; at++) {
      const mass = masses[Math.floor(at / d)]!;
      if (mass > 0) centres[at] = sums[at]! / mass;
    }
  }
}

function assign(
  { rows, weights, d }: WeightedRows,
  centres: Float64Array,
  labels: Int32Array,
): { inertia: number; moved: number } {
  let [inertia, moved] = [0, 0];
  const count = centres.length / d;
  for (let row = 0; row < labels.length; row++) {
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (let centre = 0; centre < count; centre++) {
      const gap = squaredDistance(rows, centres, { row, centre, d });
      if (gap < least) [nearest, least] = [centre, gap];
    }
    inertia += weights[row]! * least;
    if (labels[row] !== nearest) moved++;
    labels[row] = nearest;
  }
  return { inertia, moved };
}
