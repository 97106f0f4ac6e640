import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeRepository } from "#formats/git";
import type { BugItem } from "./bug-localization/item.ts";
import type { LineItem } from "./code-completion/item.ts";
import type { CommitItem } from "./commit-messages/item.ts";
import { paperSettings } from "./comparability.ts";
import { openTask } from "./data.ts";
import type { LibraryItem } from "./library-codegen/item.ts";
import { releasedMeans } from "./library-codegen/released.ts";
import { readOfficial } from "./official.ts";
import { nestedParquet } from "./parquet-double.ts";
import { repositoryDouble } from "./repository-double.ts";
import type { Settings } from "./settings.ts";
import type { Item } from "./task.ts";
import { tasks } from "./tasks.ts";

const folder = () => mkdtempSync(join(tmpdir(), "assay-arena-"));

/** A folder with one file of a task's rows. */
function withRows(rows: readonly Record<string, unknown>[], path = "data.parquet"): string {
  const place = folder();
  mkdirSync(join(place, path, ".."), { recursive: true });
  writeFileSync(join(place, path), nestedParquet(rows));
  return place;
}

async function read(id: keyof typeof tasks, data: string, more: Partial<Settings> = {}) {
  return readOfficial(tasks[id], { settings: { ...paperSettings, data, ...more }, seed: 0 });
}

const first = <One extends Item>({ items }: { items: readonly Item[] }): One => items[0] as One;

const library = {
  repo_full_name: "a/b",
  repo_name: "b",
  repo_owner: "a",
  instruction: "Do it",
  reference: "# x\nf()",
  clean_reference: "f()",
  unique_apis: ["f", "g"],
  project_defined_elements: ["f", "g", "h"],
  n_unique_apis: 2,
};

test("readOfficial() reads library-codegen's columns, nested as the hub has them", async () => {
  const found = await read("library-codegen", withRows([library, { ...library, unique_apis: [] }]));

  expect(first<LibraryItem>(found)).toEqual({
    id: "000",
    repository: "a__b",
    language: "python",
    instruction: "Do it",
    reference: "f()",
    apis: ["f", "g"],
    names: ["f", "g", "h"],
  });
  expect(found.items).toHaveLength(2);
  expect(found.notes).toEqual(["JetBrains-Research/lca-library-based-code-generation: 2 rows, the paper counts 150"]);
});

test("openTask() holds official rows to the released means where the released answers are given", async () => {
  const place = withRows(Array.from({ length: 2 }, () => library));
  const answers = join(place, "answers.jsonl");
  const lines = Object.keys(releasedMeans).flatMap((model) => [0, 1].map((index) => ({ model, index, raw: "f()" })));
  const open = (released: string) =>
    openTask(tasks["library-codegen"], { settings: { ...paperSettings, data: place, released }, seed: 0 });

  writeFileSync(answers, lines.map((line) => JSON.stringify(line)).join("\n"));
  await expect(open(answers)).rejects.toMatchObject({
    code: "RELEASED_MEANS_DIFFER",
    message: expect.stringContaining("0.40844967687482303 of gpt-4-0125-preview, got 1"),
  });
  writeFileSync(answers, JSON.stringify(lines[0]));
  await expect(open(answers)).rejects.toMatchObject({ code: "RELEASED_INCOMPLETE" });
  writeFileSync(answers, lines.map((line) => JSON.stringify({ ...line, index: line.index + 1 })).join("\n"));
  await expect(open(answers)).rejects.toMatchObject({
    code: "RELEASED_INVALID",
    message: expect.stringContaining("Expected the index of one of 2 rows, got 2"),
  });
  writeFileSync(answers, "no json");
  await expect(open(answers)).rejects.toMatchObject({ code: "ANSWERS_INVALID" });
  expect((await open("")).notes.join()).toContain("released means were not checked");
});

const completion = {
  repo: "a__b",
  commit_hash: "c",
  completion_file: { filename: "new.py", content: "a\nb()\nc" },
  completion_lines: { committed: [2], infile: [1], random: [0] },
  repo_snapshot: { filename: ["x.py", "logo.png"], content: ["x = 1", null] },
};

test("readOfficial() makes an item of every line, whichever way committed is spelt and files are listed", async () => {
  const asRows = {
    ...completion,
    completion_lines: { commited: [2], infile: [1], random: [0] },
    repo_snapshot: [
      { filename: "x.py", content: "x = 1" },
      { filename: "logo.png", content: null },
    ],
  };

  const found = await read("code-completion", withRows([completion], "small_context/test.parquet"), {
    size: ["small"],
  });
  const other = await read("code-completion", withRows([asRows], "small_context/test.parquet"), { size: ["small"] });

  expect(found.items.map(({ id }) => id)).toEqual(["0/committed/2", "0/infile/1", "0/random/0"]);
  expect(first<LineItem>(found)).toMatchObject({
    line: 2,
    lineClass: "committed",
    size: "small",
    target: { path: "new.py", content: "a\nb()\nc" },
    snapshot: [
      { path: "x.py", content: "x = 1" },
      { path: "logo.png", content: null },
    ],
  });
  expect(other.items).toEqual(found.items);
});

const commit = {
  repo: "a/b",
  hash: "abc",
  date: "d",
  license: "MIT",
  message: "Add x",
  mods: [{ change_type: "MODIFY", old_path: "x.py", new_path: "x.py", diff: "@@ -1 +1 @@" }],
};

test("readOfficial() reads a commit's changes", async () => {
  const found = await read("commit-messages", withRows([commit], "commitchronicle-py-long/test.parquet"));

  expect(first<CommitItem>(found).changes).toEqual([
    { changeType: "MODIFY", oldPath: "x.py", newPath: "x.py", diff: "@@ -1 +1 @@" },
  ]);
});

const bug = {
  text_id: "a/b/2/1",
  repo_owner: "a",
  repo_name: "b",
  issue_title: "Crash",
  issue_body: "It crashes",
  base_sha: "1",
  head_sha: "2",
  changed_files: "['src/x.py', 'tests/test_x.py']",
  repo_language: "python",
};

test("readOfficial() reads lists that are written as Python, leaves tests out, and says which clone is missing", async () => {
  const found = await read("bug-localization", withRows([bug], "py/test-0.parquet"), { language: ["py"] });

  const item = first<BugItem>(found);

  expect(item).toMatchObject({ id: "a/b/2/1", truth: ["src/x.py"], endings: ["py"] });
  await expect(item.files()).rejects.toMatchObject({ code: "FILES_MISSING", message: expect.stringContaining("a__b") });
});

test("openTask() names official data no longer where items without a clone were left out", async () => {
  const place = withRows([bug, { ...bug, text_id: "c/d/4/3", repo_owner: "c", repo_name: "d" }], "py/test-0.parquet");
  const clones = folder();
  repositoryDouble(join(clones, "a__b"));
  const open = (settings: Partial<Settings>) =>
    openTask(tasks["bug-localization"], {
      seed: 0,
      settings: { ...paperSettings, data: place, language: ["py"], ...settings },
    });

  const some = await open({ clones });
  repositoryDouble(join(clones, "c__d"));
  const all = await open({ clones, items: 49 });

  await expect(open({})).rejects.toMatchObject({
    code: "FILES_MISSING",
    message: expect.stringMatching(/leave the task out/),
  });
  expect(all.data).toBe("JetBrains-Research/lca-bug-localization, 2 rows");
  expect(some.data).toBe("JetBrains-Research/lca-bug-localization, 2 rows, 1 of 2 items");
});

test("openTask() takes an official bug's truth from where base and head parted", async () => {
  const clones = folder();
  const author = { name: "A", email: "a@example.org" };
  const commit = (seconds: number, files: Record<string, string>) => ({
    message: "m",
    author,
    seconds,
    files: new Map(Object.entries(files)),
  });
  const start = commit(1, { "src/x.py": "1", "src/y.py": "1" });
  // The base moved on after the fix had begun: what it changed is none of the fix.
  const [, base] = writeRepository(join(clones, "a__b"), [start, commit(3, { "src/x.py": "1", "src/y.py": "2" })]);
  const [, head] = writeRepository(join(clones, "a__b"), [start, commit(2, { "src/x.py": "2", "src/y.py": "1" })]);
  const row = { ...bug, base_sha: base, head_sha: head, changed_files: "['src/x.py', 'src/gone.py']" };
  const place = withRows([row], "py/test-0.parquet");

  const { items } = await openTask(tasks["bug-localization"], {
    seed: 0,
    settings: { ...paperSettings, data: place, clones, language: ["py"] },
  });

  expect((items[0] as BugItem).truth).toEqual(["src/x.py"]);
});

test("readOfficial() reads only the sets that are asked for, and of a folder of all data sets only its own", async () => {
  const place = folder();
  for (const path of [
    "lca-bug-localization/py/test",
    "lca-bug-localization/java/test",
    "lca-bug-localization/py/dev",
  ]) {
    mkdirSync(join(place, path, ".."), { recursive: true });
    writeFileSync(join(place, `${path}.parquet`), nestedParquet([{ ...bug, text_id: path }]));
  }
  writeFileSync(join(place, "lca-library.parquet"), nestedParquet([library]));

  const found = await read("bug-localization", place, { language: ["py"] });

  expect(found.items.map(({ id }) => id)).toEqual(["lca-bug-localization/py/test"]);
});

test("readOfficial() names missing columns, cells of the wrong kind, and folders without files", async () => {
  const { unique_apis: _, ...without } = library;
  const wrong = { ...library, unique_apis: 7 };

  await expect(read("library-codegen", withRows([without]))).rejects.toMatchObject({
    code: "TABLE_INVALID",
    message: expect.stringContaining("unique_apis"),
  });
  await expect(read("library-codegen", withRows([wrong]))).rejects.toMatchObject({
    code: "DATA_INVALID",
    message: expect.stringMatching(/row 0: Expected a list of texts under "unique_apis", got number 7/),
  });
  await expect(read("library-codegen", folder())).rejects.toMatchObject({ code: "DATA_MISSING" });
});
