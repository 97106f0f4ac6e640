import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Answer, Json } from "#base";
import { type OpenOptions, openDatabase } from "./database.ts";
import { explained, explaining } from "./sqlite-errors.ts";

/** `stopped`: by a person, a budget or a breaker, to be resumed; `failed`: by an error; `refused`: by its own settings. */
export type RunStatus = "running" | "finished" | "stopped" | "failed" | "refused";

/** One row of the table of runs. */
export interface StoredRun {
  readonly id: string;
  readonly study: string;
  readonly identity: string;
  readonly manifest: string;
  readonly status: RunStatus;
  readonly created_at: string;
  readonly finished_at: string | null;
  readonly result_hash: string | null;
  readonly process: number | null;
  readonly note: string | null;
}

/** One answered sample as it is stored. */
export interface StoredAnswer {
  readonly subject: string;
  readonly sample: string;
  readonly repeat: number;
  readonly sample_group: string;
  readonly truth: string;
  readonly text: string | null;
  readonly score: string;
  readonly finish_reason: string;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly latency_ms: number;
  readonly error: string | null;
  readonly log_probs: string | null;
  readonly raw: string;
  readonly cached: number;
}

type Value = string | number | null;

/**
 * Where runs, answers, records and verdicts live: one SQLite file, and a folder of artefacts named by content hash.
 * Every method is one statement and returns only when SQLite has committed it.
 */
export class Store {
  readonly folder: string;
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(folder: string, options: OpenOptions = {}) {
    this.folder = folder;
    this.file = join(folder, "store.sqlite");
    this.#database = openDatabase(this.file, options);
  }

  /** The first row, or undefined. */
  row<T>(sql: string, ...values: Value[]): T | undefined {
    return explaining(this.file, () => this.#prepare(sql).get(...values) as T | undefined);
  }

  /** All rows; for results known to be small. */
  rows<T>(sql: string, ...values: Value[]): T[] {
    return explaining(this.file, () => this.#prepare(sql).all(...values) as T[]);
  }

  /** Rows one at a time, so that memory does not grow with a run. */
  *each<T>(sql: string, ...values: Value[]): Generator<T> {
    // A statement of its own: a cached one would be reset if the loop's body used the same text.
    const statement = explaining(this.file, () => this.#database.prepare(sql));
    try {
      for (const row of statement.iterate(...values)) yield row as T;
    } catch (error) {
      throw explained(this.file, error);
    }
  }

  /** Executes one statement and returns how many rows changed. */
  write(sql: string, ...values: Value[]): number {
    return explaining(this.file, () => Number(this.#prepare(sql).run(...values).changes));
  }

  /** Does `work` in one transaction: all of it is stored, or nothing. */
  transaction<T>(work: () => T): T {
    return explaining(this.file, () => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        // A full disk has rolled back already, and then this fails: the first error is the one to show.
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /** The response cache: answers by a key of everything that matters. */
  readonly responses = {
    get: (key: string): Answer | undefined => {
      const row = this.row<{ answer: string }>("SELECT answer FROM responses WHERE key = ?", key);
      return row === undefined ? undefined : (JSON.parse(row.answer) as Answer);
    },
    put: (key: string, answer: Answer): void => {
      this.write("INSERT OR IGNORE INTO responses VALUES (?, ?)", key, JSON.stringify(answer));
    },
  };

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Parses a JSON column. */
export function parsed<T = Json>(text: string): T {
  return JSON.parse(text) as T;
}
