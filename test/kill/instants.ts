import { closeSync, openSync, readSync } from "node:fs";
import type { RandomStream } from "#base";

/** The parts of a run's life that a kill is aimed at; where it really struck is read from what it left. */
export const phases = ["opening", "asking", "scoring", "reporting"] as const;
export type Phase = (typeof phases)[number];

/** How long each part took in a run that nobody killed, in milliseconds from its start. */
export interface Calendar {
  readonly firstRequest: number;
  readonly lastAnswer: number;
  readonly end: number;
}

/** When to strike: a time after the start, or a little after so many requests, or right answers, of this process. */
export interface Instant {
  readonly requests?: number;
  readonly answers?: number;
  readonly thenMs: number;
}

/** Draws an instant inside a phase of `run` or `resume`; `left` is how many questions are still open. */
export function drawInstant(
  phase: Exclude<Phase, "reporting">,
  { random, calendar, left }: { random: RandomStream; calendar: Calendar; left: number },
): Instant {
  const { firstRequest, lastAnswer, end } = calendar;
  if (phase === "opening") return { thenMs: firstRequest * (0.5 + random.next() / 2) };
  if (phase === "asking")
    return { requests: 1 + random.int(Math.max(1, Math.min(left, 16))), thenMs: random.next() * 20 };
  return { answers: left, thenMs: random.next() ** 2 * (end - lastAnswer) };
}

/** One line of the server's log. */
export interface LogLine {
  readonly event: "asked" | "answered";
  readonly key: string;
  readonly behaviour: string;
}

/** Follows a log that another process writes, without reading it anew each time. */
export class LogTail {
  readonly #file: number;
  readonly #lines: LogLine[] = [];
  #rest = "";

  constructor(path: string) {
    this.#file = openSync(path, "a+");
  }

  /** Every line so far. */
  lines(): readonly LogLine[] {
    const buffer = Buffer.alloc(65_536);
    for (let size = this.#read(buffer); size > 0; size = this.#read(buffer)) {
      const parts = (this.#rest + buffer.toString("utf8", 0, size)).split("\n");
      this.#rest = parts.pop()!;
      this.#lines.push(...parts.map((line) => JSON.parse(line) as LogLine));
    }
    return this.#lines;
  }

  /** The keys of all requests, in the order in which they came. */
  asked(): string[] {
    return this.lines().flatMap(({ event, key }) => (event === "asked" ? [key] : []));
  }

  /** How many questions got their answer after so many lines. */
  answeredSince(line: number): number {
    const right = this.lines()
      .slice(line)
      .filter(({ event, behaviour }) => event === "answered" && (behaviour === "right" || behaviour === "slow"));
    return new Set(right.map(({ key }) => key)).size;
  }

  close(): void {
    closeSync(this.#file);
  }

  #position = 0;
  #read(buffer: Buffer): number {
    const size = readSync(this.#file, buffer, 0, buffer.length, this.#position);
    this.#position += size;
    return size;
  }
}
