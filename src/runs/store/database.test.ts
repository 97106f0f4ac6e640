import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { createRun, listRuns, takeUpRun } from "../ledger.ts";
import { demoAnswer, demoManifest, demoSample, scratchHome } from "../run-double.ts";
import { requireFixedLibrary } from "./database.ts";
import { Store } from "./store.ts";

const pragma = (store: Store, name: string): unknown => Object.values(store.row<object>(`PRAGMA ${name}`)!)[0];

/** A closed store with one run in it. */
function storeWithRun(): string {
  const home = scratchHome();
  using store = new Store(home);
  createRun(store, demoManifest());
  return home;
}

const file = (home: string): string => join(home, "store.sqlite");

test("requireFixedLibrary() refuses SQLite with the WAL-reset bug, and only that", () => {
  for (const version of ["3.7.0", "3.45.0", "3.51.2", "2.99.99"]) {
    expect(() => requireFixedLibrary(version), version).toThrow(expect.objectContaining({ code: "SQLITE_TOO_OLD" }));
  }
  for (const version of ["3.51.3", "3.52.0", "4.0.0"])
    expect(() => requireFixedLibrary(version), version).not.toThrow();
});

test("Store writes ahead with NORMAL, and with FULL when it is to be durable", () => {
  const home = scratchHome();
  const modes = [false, true].map((durable) => {
    using store = new Store(home, { durable });
    return [pragma(store, "journal_mode"), pragma(store, "synchronous")];
  });

  expect(modes).toEqual([
    ["wal", 1],
    ["wal", 2],
  ]);
});

test("Store falls back to a rollback journal and FULL on a file system without shared memory", () => {
  const home = scratchHome();
  using store = new Store(home, { vfs: "unix-dotfile" });

  const run = createRun(store, demoManifest());
  run.commit({ subject: "s", sample: demoSample("a"), answer: demoAnswer, score: {} });

  expect([pragma(store, "journal_mode"), pragma(store, "synchronous")]).toEqual(["delete", 2]);
  expect(readdirSync(home).filter((name) => name.includes("-wal"))).toEqual([]);
  expect([...run.answers()]).toHaveLength(1);
});

test("Store refuses a file of a newer version and leaves it as it was", () => {
  const home = storeWithRun();
  const newer = new DatabaseSync(file(home));
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  const before = readFileSync(file(home));

  expect(() => new Store(home)).toThrow(expect.objectContaining({ code: "STORE_NEWER" }));
  expect(() => new Store(home, { readOnly: true })).toThrow(/version 99/);
  expect(readFileSync(file(home)).equals(before)).toBe(true);
});

test("Store refuses another program's database and leaves it as it was", () => {
  const home = scratchHome();
  const other = new DatabaseSync(file(home));
  other.exec("CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1");
  other.close();
  const before = readFileSync(file(home));

  expect(() => new Store(home)).toThrow(expect.objectContaining({ code: "STORE_FOREIGN" }));
  expect(readFileSync(file(home)).equals(before)).toBe(true);
});

test("Store says that a file is not a store instead of overwriting it", () => {
  const home = scratchHome();
  const text = "this is not a database, but it is long enough to look like one ".repeat(20);
  writeFileSync(file(home), text);

  expect(() => new Store(home)).toThrow(/not an SQLite database.*--move-aside/);
  expect(readFileSync(file(home), "utf8")).toBe(text);
});

test("Store notices damaged pages when it is opened for writing, and leaves the file as it was", () => {
  const home = scratchHome();
  {
    using store = new Store(home);
    const run = createRun(store, demoManifest());
    const answer = { ...demoAnswer, raw: "x".repeat(500) };
    for (let at = 0; at < 200; at++) run.commit({ subject: "s", sample: demoSample(`${at}`), answer, score: {} });
  }
  const bytes = readFileSync(file(home));
  const pageSize = 4096;
  for (let page = 8; page < 12; page++) bytes.fill(0xa5, page * pageSize, page * pageSize + 100);
  writeFileSync(file(home), bytes);

  expect(() => new Store(home)).toThrow(expect.objectContaining({ code: "STORE_CORRUPT" }));
  expect(readFileSync(file(home)).equals(bytes)).toBe(true);
});

test("a full disk loses nothing that was committed", () => {
  const home = scratchHome();
  const store = new Store(home, { maxPages: 40 });
  const run = createRun(store, demoManifest());
  let committed = 0;
  const fill = () => {
    for (; ; committed++) {
      const answer = { ...demoAnswer, raw: "x".repeat(2000) };
      run.commit({ subject: "s", sample: demoSample(`${committed}`), answer, score: {} });
    }
  };

  expect(fill).toThrow(/disk is full.*committed is safe/);
  store.close();

  using reopened = new Store(home);
  expect([...takeUpRun(reopened, run.id).answers()]).toHaveLength(committed);
  expect(committed).toBeGreaterThan(10);
});

test("a store opened for looking can be looked at and says why it cannot be written", () => {
  const home = storeWithRun();

  using looking = new Store(home, { readOnly: true });

  expect(listRuns(looking)).toHaveLength(1);
  expect(() => createRun(looking, demoManifest())).toThrow(expect.objectContaining({ code: "STORE_READ_ONLY" }));
});

test("Store says where a store is missing, empty, or a file stands in place of its folder", () => {
  const missing = join(scratchHome(), "none");
  const empty = scratchHome();
  writeFileSync(file(empty), "");
  const blocked = join(scratchHome(), "a-file");
  writeFileSync(blocked, "");

  for (const home of [missing, empty]) {
    expect(() => new Store(home, { readOnly: true })).toThrow(expect.objectContaining({ code: "STORE_MISSING" }));
  }
  expect(() => new Store(blocked)).toThrow(expect.objectContaining({ code: "STORE_NO_FOLDER" }));
  expect(existsSync(missing)).toBe(false);
  expect(statSync(file(empty)).size).toBe(0);
});

/** A folder that nobody may write: permission bits mean nothing to root, the kernel's own folder does. */
function unwritableFolder(): string {
  if (process.getuid?.() === 0) return "/sys/assay";
  const folder = scratchHome();
  chmodSync(folder, 0o555);
  return join(folder, "home");
}

test.skipIf(process.platform === "win32")("a run in a folder that cannot be written says what to do", () => {
  expect(() => new Store(unwritableFolder())).toThrow(expect.objectContaining({ code: "STORE_READ_ONLY" }));
});

test("a store can be looked at where no shared memory can be made beside it", () => {
  const home = storeWithRun();
  mkdirSync(`${file(home)}-shm`);

  using looking = new Store(home, { readOnly: true });

  expect(listRuns(looking)).toHaveLength(1);
});

test("two stores on one file see each other's commits", () => {
  const home = scratchHome();
  using first = new Store(home);
  using second = new Store(home);

  createRun(first, demoManifest());
  createRun(second, demoManifest());

  expect([first, second].map((store) => listRuns(store).length)).toEqual([2, 2]);
});

test("a store is whole in a copy taken after it was closed", () => {
  const home = storeWithRun();
  const copy = scratchHome();
  mkdirSync(join(copy, "there"));

  cpSync(file(home), file(join(copy, "there")));

  using store = new Store(join(copy, "there"));
  expect(listRuns(store)).toHaveLength(1);
});
