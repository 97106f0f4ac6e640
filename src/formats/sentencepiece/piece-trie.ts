/** Finds which pieces begin at a place of a text. */
export class PieceTrie {
  /** Node and letter → next node. One map of numbers: vocabularies of 250,000 pieces have a million nodes. */
  readonly #next = new Map<number, number>();
  /** The piece that ends at each node, -1 where none does; node 0 is the root. */
  readonly #ids: number[] = [-1];

  add(text: string, id: number): void {
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      const step = stepOf(node, text.charCodeAt(at));
      node = this.#next.get(step) ?? this.#ids.push(-1) - 1;
      this.#next.set(step, node);
    }
    this.#ids[node] = id;
  }

  /** Calls back for each piece that begins at `at`, the shortest first. */
  matches(text: string, at: number, found: (id: number, length: number) => void): void {
    let node: number | undefined = 0;
    for (let end = at; end < text.length; ) {
      node = this.#next.get(stepOf(node, text.charCodeAt(end++)));
      if (node === undefined) return;
      const id = this.#ids[node]!;
      if (id >= 0) found(id, end - at);
    }
  }

  /** The length of the longest piece at `at`, 0 when there is none. */
  longest(text: string, at: number): number {
    let longest = 0;
    this.matches(text, at, (_, length) => {
      longest = length;
    });
    return longest;
  }
}

const stepOf = (node: number, unit: number): number => node * 0x10000 + unit;
