export interface StallOptions {
  /** Warn after this long without an answer while questions are in flight. */
  readonly warnAfterMs: number;
  /** Stop after this long. */
  readonly stopAfterMs: number;
}

/** What the alarm says when looked at. */
export type StallState = "moving" | "warn" | "stop";

/** Watches a whole run: time spent in waits and retries counts, since nothing comes out of either. */
export interface StallAlarm {
  moved(now: number): void;
  /** How long nothing has moved. */
  silentMs(now: number): number;
  look(now: number, inFlight: number): StallState;
}

/** @returns an alarm that says `warn` once per silence and `stop` from then on when the silence lasts */
export function createStallAlarm({ warnAfterMs, stopAfterMs }: StallOptions, start: number): StallAlarm {
  let last = start;
  let hasWarned = false;
  return {
    moved(now) {
      [last, hasWarned] = [now, false];
    },
    silentMs: (now) => now - last,
    look(now, inFlight) {
      if (inFlight === 0) return "moving";
      if (now - last >= stopAfterMs) return "stop";
      if (now - last < warnAfterMs || hasWarned) return "moving";
      hasWarned = true;
      return "warn";
    },
  };
}
