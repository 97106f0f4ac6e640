import type { StoredObject } from "./objects.ts";

const budget = 2 ** 26;
/** A larger one would push out all that others need. */
const largest = 2 ** 22;

/** What was unpacked last, up to 64 MB: deltas come in chains that share their bases. */
export class RecentObjects {
  readonly #objects = new Map<number, StoredObject>();
  #bytes = 0;

  get(place: number): StoredObject | undefined {
    const found = this.#objects.get(place);
    if (found === undefined) return undefined;
    this.#objects.delete(place);
    this.#objects.set(place, found);
    return found;
  }

  set(place: number, found: StoredObject): void {
    if (found.bytes.length > largest || this.#objects.has(place)) return;
    this.#objects.set(place, found);
    this.#bytes += found.bytes.length;
    for (const [oldest, { bytes }] of this.#objects) {
      if (this.#bytes <= budget) return;
      this.#objects.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}
