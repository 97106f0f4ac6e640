/** What a model must beat to have learned more than which characters follow each other. */

const longest = 5;

interface Counts {
  /** How often a context was followed by a byte, by context and byte as one number. */
  readonly continued: Map<number, number>;
  readonly totals: Map<number, number>;
  /** How many different bytes followed a context. */
  readonly kinds: Map<number, number>;
}

/**
 * A model of the next byte from the four before it, smoothed by shorter contexts.
 *
 *     p(c | h) = (n(h c) + k(h) · p(c | h')) / (n(h) + k(h)),   h' is h without its oldest byte, p(c) begins at 1/256
 *
 * with n counts and k(h) how many kinds of bytes followed h.
 *
 * Source   Witten & Bell 1991, The zero-frequency problem, method C, interpolated
 */
export class FiveGram {
  readonly #orders: readonly Counts[];

  constructor(texts: Iterable<string>) {
    this.#orders = Array.from({ length: longest }, () => ({
      continued: new Map(),
      totals: new Map(),
      kinds: new Map(),
    }));
    for (const text of texts) this.#count(Buffer.from(text));
  }

  #count(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      for (let order = 0; order < Math.min(longest, at + 1); order++) this.#see(bytes, at, order);
    }
  }

  #see(bytes: Uint8Array, at: number, order: number): void {
    const { continued, totals, kinds } = this.#orders[order]!;
    const context = contextOf(bytes, at, order);
    const key = context * 256 + bytes[at]!;
    const known = continued.get(key) ?? 0;
    continued.set(key, known + 1);
    totals.set(context, (totals.get(context) ?? 0) + 1);
    if (known === 0) kinds.set(context, (kinds.get(context) ?? 0) + 1);
  }

  /** −log₂ p, each text from its own beginning. */
  bits(texts: Iterable<string>): number {
    let bits = 0;
    for (const text of texts) {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at++) bits -= Math.log2(this.probability(bytes, at));
    }
    return bits;
  }

  /** The probability of the byte at a place, after the bytes before it. */
  probability(bytes: Uint8Array, at: number): number {
    let probability = 1 / 256;
    for (let order = 0; order < Math.min(longest, at + 1); order++) {
      const { continued, totals, kinds } = this.#orders[order]!;
      const context = contextOf(bytes, at, order);
      const total = totals.get(context);
      if (total === undefined) return probability;
      const count = continued.get(context * 256 + bytes[at]!) ?? 0;
      const variety = kinds.get(context)!;
      probability = (count + variety * probability) / (total + variety);
    }
    return probability;
  }
}

/** The bytes before a place, as one number. */
function contextOf(bytes: Uint8Array, at: number, order: number): number {
  let context = 0;
  for (let back = order; back >= 1; back--) context = context * 256 + bytes[at - back]!;
  return context;
}
