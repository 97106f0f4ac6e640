/** How much of the pace the latest step decides. */
const freshness = 0.1;

/** Estimates the time left from the time that steps took, the latest ones counting most. */
export class Pace {
  #stepMs: number | null = null;
  #steps = 0;

  /** Counts one step. The first is left out: it warms up. */
  add(durationMs: number): void {
    this.#steps++;
    if (this.#steps === 1) return;
    this.#stepMs = this.#stepMs === null ? durationMs : this.#stepMs + freshness * (durationMs - this.#stepMs);
  }

  /** Null before there is a pace. */
  secondsLeft(steps: number): number | null {
    return this.#stepMs === null ? null : (this.#stepMs * steps) / 1000;
  }
}
