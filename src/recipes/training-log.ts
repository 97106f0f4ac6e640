/** The log that stays beside a miniature's weights: one JSON object a line, kept through interruptions. */
import { join } from "node:path";
import type { Json } from "#base";
import { firstFile, readTextFile, writeTextFile } from "#formats";

/** One line of a log. */
export type LogEntry = Readonly<Record<string, Json>> & { readonly type: string };

const fileName = "training.jsonl";

/** A log as a file that is whole at any instant. */
export class TrainingLog {
  readonly #path: string;
  #entries: LogEntry[] = [];

  constructor(folder: string) {
    this.#path = join(folder, fileName);
  }

  /** Goes on with what was written up to a step, results apart; at step 0 there is nothing to go on with. */
  resumeAt(step: number): void {
    const known = step > 0 && firstFile([this.#path]) !== undefined ? readLog(this.#path) : [];
    this.#entries = known.filter(({ type, step: at }) => type !== "result" && (typeof at !== "number" || at <= step));
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** The latest line of a type. */
  last(type: string): LogEntry | undefined {
    return this.#entries.findLast((entry) => entry.type === type);
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    const text = this.#entries.map((line) => `${JSON.stringify(line)}\n`).join("");
    writeTextFile(this.#path, text);
  }
}

/** The entries of a log file. @throws AssayError FILE_MISSING */
export function readLog(path: string): LogEntry[] {
  return readTextFile(path)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LogEntry);
}
