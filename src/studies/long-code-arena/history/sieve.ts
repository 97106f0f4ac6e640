/** Rules that leave candidates out, and how many each left out. */
export class Sieve {
  readonly #dropped = new Map<string, number>();
  readonly #what: string;
  #seen = 0;

  /** @param what is sifted, in the plural */
  constructor(what: string) {
    this.#what = what;
  }

  /** Whether a candidate meets every rule; the first that it breaks is counted. */
  passes(rules: Iterable<readonly [rule: string, holds: boolean | (() => boolean)]>): boolean {
    this.#seen++;
    for (const [rule, holds] of rules) {
      if (typeof holds === "boolean" ? holds : holds()) continue;
      this.#dropped.set(rule, (this.#dropped.get(rule) ?? 0) + 1);
      return false;
    }
    return true;
  }

  /** `120 commits looked at; left out: 80 (only modified files), 20 (at least 4 words)`. */
  note(): string {
    const parts = [...this.#dropped].toSorted(([, a], [, b]) => b - a).map(([rule, count]) => `${count} (${rule})`);
    const left = parts.length === 0 ? "none left out" : `left out by rule: ${parts.join(", ")}`;
    return `${this.#seen} ${this.#what} looked at; ${left}`;
  }
}
