/** A running list of the largest scores of each row, exact and in a fixed order: score falling, then id rising. */

/** The k largest of each row: [rows, k], flat. */
export interface TopTokens {
  readonly k: number;
  readonly ids: Int32Array;
  readonly scores: Float32Array;
}

/** How much more than k a row may hold before it is cut back. */
const slack = 4;

/**
 * Keeps the k largest of every row while blocks of columns come by in rising order. A score must beat the row's
 * threshold to be looked at again, so nearly all of them cost one comparison.
 */
export class RunningTop {
  readonly #k: number;
  readonly #room: number;
  readonly #ids: Int32Array;
  readonly #scores: Float32Array;
  readonly #counts: Int32Array;
  readonly #thresholds: Float32Array;

  constructor(rows: number, k: number) {
    this.#k = k;
    this.#room = k * slack;
    this.#ids = new Int32Array(rows * this.#room);
    this.#scores = new Float32Array(rows * this.#room);
    this.#counts = new Int32Array(rows);
    this.#thresholds = new Float32Array(rows).fill(Number.NEGATIVE_INFINITY);
  }

  /** Takes a block of scores [rows, width], whose first column has the id `first`. */
  take(block: Float32Array, { rows, width, first }: { rows: number; width: number; first: number }): void {
    for (let row = 0; row < rows; row++) this.#takeRow(row, block.subarray(row * width, (row + 1) * width), first);
  }

  #takeRow(row: number, block: Float32Array, first: number): void {
    const start = row * this.#room;
    let threshold = this.#thresholds[row]!;
    let count = this.#counts[row]!;
    for (let at = 0; at < block.length; at++) {
      const score = block[at]!;
      // Not `score <= threshold`: a NaN must never get in, and an equal score with a higher id loses.
      if (!(score > threshold)) continue;
      this.#ids[start + count] = first + at;
      this.#scores[start + count] = score;
      if (++count < this.#room) continue;
      this.#cut(row, count);
      count = this.#k;
      threshold = this.#scores[start + count - 1]!;
    }
    this.#counts[row] = count;
    this.#thresholds[row] = threshold;
  }

  /** Sorts a row and keeps its k largest. */
  #cut(row: number, count: number): void {
    const start = row * this.#room;
    const scores = this.#scores.slice(start, start + count);
    const ids = this.#ids.slice(start, start + count);
    const order = Uint32Array.from({ length: count }, (_, at) => at);
    order.sort((a, b) => scores[b]! - scores[a]! || ids[a]! - ids[b]!);
    for (let rank = 0; rank < Math.min(count, this.#k); rank++) {
      this.#scores[start + rank] = scores[order[rank]!]!;
      this.#ids[start + rank] = ids[order[rank]!]!;
    }
  }

  /** The k largest of each row. */
  finish(): TopTokens {
    const rows = this.#counts.length;
    const top = { k: this.#k, ids: new Int32Array(rows * this.#k), scores: new Float32Array(rows * this.#k) };
    for (let row = 0; row < rows; row++) {
      this.#cut(row, this.#counts[row]!);
      const start = row * this.#room;
      top.ids.set(this.#ids.subarray(start, start + this.#k), row * this.#k);
      top.scores.set(this.#scores.subarray(start, start + this.#k), row * this.#k);
    }
    return top;
  }
}
