/** A node: the next letters, and the piece that ends here. */
interface Node {
  readonly next: Map<number, Node>;
  id: number;
}

/** Finds which pieces begin at a place of a text. */
export class PieceTrie {
  readonly #root: Node = { next: new Map(), id: -1 };

  add(text: string, id: number): void {
    let node = this.#root;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const next: Node = node.next.get(unit) ?? { next: new Map(), id: -1 };
      node.next.set(unit, next);
      node = next;
    }
    node.id = id;
  }

  /** Calls back for each piece that begins at `at`, the shortest first. */
  matches(text: string, at: number, found: (id: number, length: number) => void): void {
    let node: Node | undefined = this.#root;
    for (let end = at; end < text.length; ) {
      node = node.next.get(text.charCodeAt(end++));
      if (node === undefined) return;
      if (node.id >= 0) found(node.id, end - at);
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
