import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { AssayError } from "#base";
import { applicationId, schema, schemaVersion } from "./schema.ts";
import { damaged, explaining } from "./sqlite-errors.ts";

/** How a store is opened. */
export interface OpenOptions {
  /** FULL: survives a power cut. The default, NORMAL, survives a killed process. */
  readonly durable?: boolean;
  /** For looking only: nothing is created, nothing can be written. */
  readonly readOnly?: boolean;
  /** Simulates a full disk. */
  readonly maxPages?: number;
  /** SQLite's layer over the file system; `unix-dotfile` has no shared memory, as many network file systems. */
  readonly vfs?: string;
}

/** SQLite before this version can corrupt a WAL that two connections reset at the same instant. */
const fixedWalReset = [3, 51, 3] as const;

/**
 * Opens the database of a store and checks what could silently lose work: version, journal mode, integrity, schema.
 *
 * @throws AssayError SQLITE_TOO_OLD, STORE_CORRUPT, STORE_NEWER, STORE_FOREIGN, STORE_READ_ONLY, STORE_MISSING
 */
export function openDatabase(file: string, options: OpenOptions = {}): DatabaseSync {
  const { readOnly = false } = options;
  return explaining(file, () => {
    if (!readOnly) mkdirSync(dirname(file), { recursive: true });
    try {
      return openChecked(file, options);
    } catch (error) {
      // A log in shared memory needs a file beside the store: where none can be made, nobody else writes either.
      const canBeFrozen = readOnly && isCannotOpen(error) && existsSync(file) && !existsSync(`${file}-wal`);
      if (!canBeFrozen) throw error;
      return openChecked(file, options, { immutable: "1" });
    }
  });
}

const isCannotOpen = (error: unknown): boolean => {
  const { errcode } = (error ?? {}) as { errcode?: number };
  return errcode !== undefined && [8, 14].includes(errcode & 0xff);
};

function openChecked(file: string, options: OpenOptions, query: Readonly<Record<string, string>> = {}): DatabaseSync {
  const { readOnly = false, durable = false, maxPages, vfs } = options;
  const address = pathToFileURL(file);
  for (const [name, value] of Object.entries({ ...query, ...(vfs && { vfs }) })) address.searchParams.set(name, value);
  const database = new DatabaseSync(address, { readOnly, timeout: 10_000 });
  try {
    requireFixedLibrary(sqliteVersion(database));
    requireOurs(database, file);
    if (readOnly) requireTables(database, file);
    else prepareForWriting(database, { durable, file });
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${Math.trunc(maxPages)}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const sqliteVersion = (database: DatabaseSync): string =>
  (database.prepare("SELECT sqlite_version() AS version").get() as { version: string }).version;

/** Refuses a library that can corrupt the store. @throws AssayError SQLITE_TOO_OLD */
export function requireFixedLibrary(version: string): void {
  const parts = version.split(".").map(Number);
  const at = fixedWalReset.findIndex((part, index) => parts[index] !== part);
  if (at < 0 || (parts[at] ?? 0) > fixedWalReset[at]!) return;
  throw new AssayError(
    "SQLITE_TOO_OLD",
    `store: Expected SQLite ${fixedWalReset.join(".")} or later, got ${version}; update Node`,
  );
}

const pragma = (database: DatabaseSync, name: string): string | number =>
  Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0] as string | number;

/** Before anything is written: a newer store and another program's file stay as they are. */
function requireOurs(database: DatabaseSync, file: string): void {
  const version = Number(pragma(database, "user_version"));
  const isOurs = pragma(database, "application_id") === applicationId;
  if (!isOurs && database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() !== undefined) {
    throw new AssayError(
      "STORE_FOREIGN",
      `store: Expected a store of assay, ${file} is another program's database; choose another ASSAY_HOME`,
    );
  }
  if (version > schemaVersion) {
    throw new AssayError(
      "STORE_NEWER",
      `store: Expected a store of version ${schemaVersion} or earlier, got version ${version} in ${file}; update assay, or choose another ASSAY_HOME`,
    );
  }
}

/** A process that was killed while it created the store left an empty file. */
function requireTables(database: DatabaseSync, file: string): void {
  if (pragma(database, "user_version") !== 0) return;
  throw new AssayError("STORE_MISSING", `store: Expected a store at ${file}, it is empty; run a study first`);
}

function prepareForWriting(database: DatabaseSync, { durable, file }: { durable: boolean; file: string }): void {
  const found = pragma(database, "quick_check(1)");
  if (found !== "ok") throw damaged(file, String(found));
  // Some network file systems refuse WAL and answer with the mode they kept; a rollback journal is slower but safe there.
  const isLogged = pragma(database, "journal_mode = WAL") === "wal";
  if (!isLogged) database.exec("PRAGMA journal_mode = DELETE");
  const synchronous = durable || !isLogged ? "FULL" : "NORMAL";
  database.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000`);
  createTables(database);
}

/** Two first runs may start at the same instant: the second waits for the lock and then finds the tables. */
function createTables(database: DatabaseSync): void {
  if (pragma(database, "user_version") === schemaVersion) return;
  database.exec("BEGIN IMMEDIATE");
  const isNew = pragma(database, "user_version") === 0;
  const head = `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`;
  if (isNew) database.exec(`${schema}; ${head}`);
  database.exec("COMMIT");
}
