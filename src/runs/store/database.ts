import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AssayError } from "#base";
import { schema, schemaVersion } from "./schema.ts";
import { explaining } from "./sqlite-errors.ts";

/** How a store is opened. */
export interface OpenOptions {
  /** FULL: survives a power cut. The default, NORMAL, survives a killed process. */
  readonly durable?: boolean;
  /** For looking only: nothing is created, nothing can be written. */
  readonly readOnly?: boolean;
  /** Simulates a full disk. */
  readonly maxPages?: number;
}

/** SQLite before this version can corrupt a WAL that two connections reset at the same instant. */
const fixedWalReset = [3, 51, 3] as const;

/**
 * Opens the database of a store and checks what could silently lose work: version, journal mode, integrity, schema.
 *
 * @throws AssayError SQLITE_TOO_OLD, STORE_CORRUPT, STORE_NEWER, STORE_READ_ONLY, STORE_MISSING
 */
export function openDatabase(
  file: string,
  { durable = false, readOnly = false, maxPages }: OpenOptions = {},
): DatabaseSync {
  return explaining(file, () => {
    if (!readOnly) mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file, { readOnly, timeout: 10_000 });
    try {
      checkLibrary(database);
      if (!readOnly) prepareForWriting(database, durable);
      bringUp(database, { file, readOnly });
      if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${Math.trunc(maxPages)}`);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function checkLibrary(database: DatabaseSync): void {
  const { version } = database.prepare("SELECT sqlite_version() AS version").get() as { version: string };
  const parts = version.split(".").map(Number);
  const at = fixedWalReset.findIndex((part, index) => parts[index] !== part);
  if (at >= 0 && (parts[at] ?? 0) < fixedWalReset[at]!) {
    throw new AssayError(
      "SQLITE_TOO_OLD",
      `store: Expected SQLite ${fixedWalReset.join(".")} or later, got ${version}; update Node`,
    );
  }
}

function prepareForWriting(database: DatabaseSync, durable: boolean): void {
  // Some network file systems refuse WAL and answer with the mode they kept; a rollback journal is slower but safe there.
  const { journal_mode: mode } = database.prepare("PRAGMA journal_mode = WAL").get() as { journal_mode: string };
  if (mode !== "wal") database.exec("PRAGMA journal_mode = DELETE");
  const synchronous = durable || mode !== "wal" ? "FULL" : "NORMAL";
  database.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000`);
}

function bringUp(database: DatabaseSync, { file, readOnly }: { file: string; readOnly: boolean }): void {
  const { user_version: found } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (found > schemaVersion) {
    throw new AssayError(
      "STORE_NEWER",
      `store: Expected a store of version ${schemaVersion} or earlier, got version ${found} in ${file}; update assay, or choose another ASSAY_HOME`,
    );
  }
  if (found === schemaVersion || readOnly) return;
  // Two first runs may start at the same instant: the second waits for the lock and then finds the tables.
  database.exec("BEGIN IMMEDIATE");
  const { user_version: now } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (now === 0) database.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`);
  database.exec("COMMIT");
}
