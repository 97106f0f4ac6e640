import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type WrittenFile, writeRepository } from "#formats/git";
import { filesNow } from "../repository.ts";
import { bugReports } from "./bug-reports.ts";
import { buildPairs } from "./builds.ts";
import { completions, sizeClass } from "./completions.ts";
import { libraryExamples, namesDefined } from "./library-examples.ts";
import { classedLines } from "./line-classes.ts";
import { openLocalRepository } from "./local-repository.ts";
import { messages } from "./messages.ts";
import { modulePages } from "./modules.ts";
import { openPlace } from "./open-place.ts";
import { readIssues } from "./read-issues.ts";

const room = mkdtempSync(join(tmpdir(), "assay-history-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));

type Files = Readonly<Record<string, WrittenFile | null>>;
interface Row {
  readonly message: string;
  readonly files: Files;
}

/** A repository whose commits change some files each. */
function repositoryOf(name: string, rows: readonly Row[]) {
  const state = new Map<string, WrittenFile>();
  const commits = rows.map(({ message, files }, at) => {
    for (const [path, file] of Object.entries(files)) {
      if (file === null) state.delete(path);
      else state.set(path, file);
    }
    const author = { name: "Ada", email: "ada@example.org" };
    return { message, author, seconds: 1_700_000_000 + at * 3600, files: new Map(state) };
  });
  const ids = writeRepository(join(room, name), commits);
  return { ids, repository: openLocalRepository(join(room, name)) };
}

const start: Row = {
  message: "Start",
  files: { "src/a.py": "def first():\n    return 1\n", "src/b.py": "b = 2\n", "tests/test_a.py": "t = 1\n" },
};
const long = "The parser loses the last line of every file that does not end in a newline, so that counts are wrong.";

test("bugReports() takes the fix's source files for the truth, and the state before for the base", async () => {
  const { repository, ids } = repositoryOf("bugs", [
    start,
    {
      message: `Fix the parser\n\n${long}`,
      files: { "src/a.py": "def first():\n    return 2\n", "tests/test_a.py": "t = 2\n" },
    },
    { message: `Fix by a new file\n\n${long} Again.`, files: { "src/new.py": "n = 1\n" } },
    { message: "Rename things", files: { "src/b.py": "c = 3\n" } },
  ]);

  const { items, notes } = await bugReports(repository, { limit: 1 });

  expect(items).toEqual([
    {
      repository: "local__bugs",
      base: ids[0],
      head: ids[1],
      title: "Fix the parser",
      body: long,
      changedFiles: ["src/a.py"],
      endings: [".py"],
    },
  ]);
  expect(notes[0]).toMatch(/messages of commits that mend something stand in/);
  expect(notes[1]).toBe(
    "all rules: 3 commits looked at; left out by rule: 1 (a word of mending in the message), 1 (source files only modified)",
  );
});

test("bugReports() reads issues from a file, and drops rules one by one without one", async () => {
  const { repository, ids } = repositoryOf("issues", [
    start,
    { message: "Change b", files: { "src/b.py": "b = 3\n" } },
  ]);
  const file = join(room, "issues.jsonl");
  writeFileSync(file, `${JSON.stringify({ commit: ids[1]!.slice(0, 10), title: "Wrong b", body: long })}\n`);

  const told = await bugReports(repository, { limit: 5, issues: await readIssues(file) });
  const { items } = await bugReports(repository, { limit: 5 });

  expect(told.items.map(({ title, changedFiles }) => [title, changedFiles])).toEqual([["Wrong b", ["src/b.py"]]]);
  // "Change b" has two words: too few whatever is dropped.
  expect(items).toEqual([]);
});

test("readIssues() says which row is no issue", async () => {
  const file = join(room, "bad.jsonl");
  writeFileSync(file, '{"commit": "not a commit", "title": "x"}\n');

  await expect(readIssues(file)).rejects.toThrow(/row 1: Expected "commit" to be 7 to 40 digits/);
});

test("messages() accepts what the paper's rules accept, and says what it dropped", async () => {
  const lines = Array.from({ length: 120 }, (_, at) => `value_${at} = ${at}`).join("\n");
  const { repository } = repositoryOf("messages", [
    start,
    { message: "Add many values at once\n\nThey are needed by those who count.", files: { "src/b.py": lines } },
    { message: "Fix #12 in the values\n\nThe issue says why.", files: { "src/b.py": `${lines}\n` } },
    {
      message: "Replace every value by its double\n\nHalves are gone.",
      files: { "src/b.py": lines.replaceAll(" = ", " = 2 * ") },
    },
    { message: "values are renamed now", files: { "src/b.py": lines.replaceAll("value", "number") } },
    { message: "Improve two more values", files: { "src/b.py": `${lines}\nmore = 1` } },
  ]);

  const strict = await messages(repository, { limit: 1 });
  const all = await messages(repository, { limit: 9 });

  expect(strict.items.map(({ message }) => message.split("\n")[0])).toEqual(["Replace every value by its double"]);
  expect(all.items.map(({ message }) => message.split("\n")[0])).toEqual([
    "Replace every value by its double",
    "Add many values at once",
    "Improve two more values",
  ]);
  expect(all.notes[2]).toMatch(/^without the rules: diffs of at least 3000 characters, at least 2 lines: /);
});

const body = (count: number) => Array.from({ length: count }, (_, at) => `    x = ${at} + x`).join("\n");

test("classedLines() gives each line the first class that fits", async () => {
  const text = [
    "import os", // 0 import
    "def own(x):", // 1 definition
    "    return sibling(x) + helper(x)", // 2 committed before inproject
    "    y = helper(own(x))", // 3 inproject before infile
    "    z = own(y)", // 4 infile
    "    save(z)", // 5 common
    "    # why", // 6 comment
    "    q = z + 17 * y", // 7 random
    "", // 8 nothing
    "    )", // 9 too short
    "    w = unknown(z) + 5", // 10 nobody's call
  ].join("\n");

  const found = await classedLines({
    text,
    language: "python",
    committed: new Set(["sibling"]),
    inproject: new Set(["helper", "save"]),
  });

  expect(found).toEqual({
    committed: [2],
    inproject: [3],
    infile: [4],
    common: [5],
    nonInformative: [0, 1, 6, 9],
    random: [7, 10],
  });
});

test("completions() takes added files of 200 lines and more, the same lines every time", async () => {
  const added = `from a import first\n\ndef own(x):\n${body(230)}\n    return first()\n    print(x)\n    return first()\n`;
  const { repository, ids } = repositoryOf("completion", [
    start,
    {
      message: "Add a module",
      files: { "src/long.py": added, "src/short.py": "def short():\n    pass\n", "notes.md": "x\n".repeat(300) },
    },
  ]);

  const [first, again] = [await completions(repository), await completions(repository)];

  const [{ lines, ...file }] = first.items as [(typeof first.items)[number]];
  expect(file).toEqual({
    repository: "local__completion",
    commit: ids[1],
    snapshot: ids[0],
    size: "small",
    path: "src/long.py",
    content: added,
  });
  // Both calls of first() read the same: one of them is asked.
  expect(lines.inproject).toHaveLength(1);
  expect(lines.random).toHaveLength(5);
  expect(again).toEqual(first);
  expect(first.notes).toEqual(["2 added files looked at; left out by rule: 1 (200 to 2000 lines)"]);
});

test("sizeClass() tells the official sets apart", () => {
  expect([0, 47_999, 48_000, 192_000, 768_000].map(sizeClass)).toEqual(["small", "small", "medium", "large", "huge"]);
});

test("modulePages() takes pages of docs/ that name source files", () => {
  const prose = "This sentence explains what it is about.\n".repeat(10);
  const files = [
    { path: "src/deep/a.py", content: "a = 1\n" },
    { path: "src/b.py", content: "b = 1\n" },
    { path: "other/b.py", content: "b = 2\n" },
    {
      path: "docs/guide.md",
      content: `# The \`a\` guide\n\n${prose}See deep/a.py and src/b.py, and again src/deep/a.py.\n`,
    },
    { path: "docs/short.md", content: "# Short\n\nSee src/b.py.\n" },
    { path: "docs/unclear.md", content: `# Which\n\n${prose}See b.py.\n` },
    { path: "README.md", content: `${prose}src/b.py` },
  ];

  const { items, notes } = modulePages(files, { repository: "r", limit: 9 });

  expect(items).toEqual([
    {
      repository: "r",
      path: "docs/guide.md",
      fileName: "guide.md",
      intent: "The a guide",
      codeFiles: ["src/deep/a.py", "src/b.py"],
      code: "a = 1\n\nb = 1\n",
      text: files[3]!.content,
    },
  ]);
  expect(notes[0]).toBe("3 documents looked at; left out by rule: 1 (at least 10 plain lines), 1 (names source files)");
});

test("libraryExamples() takes examples that call the library, and hides its names in the instruction", async () => {
  const library = Array.from({ length: 10 }, (_, at) => `def act_${at}(x):\n    return x\n`).join("");
  const comment = `# First act_1() is called, then the others.\n${"# Everything is explained at length here.\n".repeat(10)}`;
  const example = `${comment}import lib\n${Array.from({ length: 10 }, (_, at) => `lib.act_${at}(print(${at}))  # go\n`).join("")}`;
  const files = [
    { path: "lib/core.py", content: library },
    { path: "examples/one.py", content: example },
    { path: "examples/two.py", content: "lib.act_1(2)\n" },
  ];

  const { items } = await libraryExamples(files, { repository: "me__lib", limit: 9, elsewhere: new Set(["act_9"]) });
  const strict = await libraryExamples(files, { repository: "me__lib", limit: 9 });

  // act_9 is defined elsewhere too, so only nine calls are the library's own.
  expect(items).toEqual([]);
  const [item] = strict.items;
  expect(item!.uniqueApis).toEqual(Array.from({ length: 10 }, (_, at) => `act_${at}`));
  expect(item!.cleanReference).not.toContain("#");
  expect(item!.instruction).toMatch(/^Write a program that uses the library lib\. First it is called, then/);
  expect(await namesDefined(files)).toEqual(new Set(item!.uniqueApis));
});

const workflow = "on: push\njobs:\n  test: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] }\n";

test("buildPairs() pairs a repair with its parent and every workflow that needs no secret", async () => {
  const { repository, ids } = repositoryOf("builds", [
    {
      message: "Start",
      files: { ...start.files, ".github/workflows/a.yml": workflow, ".github/workflows/b.yml": `${workflow}# secrets` },
    },
    { message: "Fix first", files: { "src/a.py": "def first():\n    return 2\n", "CHANGES.md": "x\n" } },
    { message: "Fix the looks", files: { "src/a.py": "def first():\n  return 2\n" } },
    { message: "Fix a picture", files: { "a.png": "png" } },
  ]);

  const { items, notes } = await buildPairs(repository, { limit: 9 });

  expect(
    items.map(({ shaFail, shaSuccess, difficulty, workflowPath }) => [shaFail, shaSuccess, difficulty, workflowPath]),
  ).toEqual([
    [ids[1], ids[2], 1, ".github/workflows/a.yml"],
    [ids[0], ids[1], 2, ".github/workflows/a.yml"],
  ]);
  expect(items[1]!.diff).toContain(
    "--- a/src/a.py\n+++ b/src/a.py\n@@ -1,2 +1,2 @@\n def first():\n-    return 1\n+    return 2\n",
  );
  expect(items[1]!.diff).toContain("--- /dev/null\n+++ b/CHANGES.md\n@@ -0,0 +1 @@\n+x\n");
  expect(notes.at(-1)).toMatch(/fails before and passes after/);
});

test("openLocalRepository() says what a clone lacks", () => {
  const { ids } = repositoryOf("lacking", [
    start,
    { message: "x", files: { link: { link: "a" }, module: { submodule: "1".repeat(40) } } },
  ]);
  writeFileSync(join(room, "lacking/.git/shallow"), `${ids[1]}\n`);

  const { notes } = openLocalRepository(join(room, "lacking"));

  expect(notes).toEqual([
    "lacking: a shallow clone, cut at 1 commit: what is older gives no items (git fetch --unshallow)",
    "lacking: 1 submodule not read: module",
    "lacking: 1 symbolic link not followed: link",
  ]);
});

test("openPlace() takes an unpacked archive for its files, and says what it lacks", async () => {
  mkdirSync(join(room, "archive"));
  writeFileSync(join(room, "archive/a.py"), "a = 1\n");

  const repository = openPlace(join(room, "archive"));

  expect(await repository.commits()).toEqual([]);
  expect(await filesNow(repository)).toEqual([{ path: "a.py", content: "a = 1\n" }]);
  expect(repository.notes.join()).toMatch(/archive: no \.git, as in an archive: no commits, so bug-localization/);
  expect(() => openPlace(join(room, "archive/a.py"))).toThrow(/unpack an archive first/);
  expect(() => openPlace(join(room, "nowhere"))).toThrow(/Expected a folder/);
});

test("openLocalRepository() reads commits whose clocks were broken", async () => {
  const author = { name: "Ada", email: "ada@example.org" };
  const commits = [1, 2 ** 60].map((seconds) => ({
    message: "x",
    author,
    seconds,
    files: new Map([["a", `${seconds}`]]),
  }));
  writeRepository(join(room, "clocks"), commits);

  const [commit] = await openLocalRepository(join(room, "clocks")).commits();

  expect(commit!.date).toBe("+275760-09-13T00:00:00.000Z");
});

test("openLocalRepository() makes no items of a merge or a root", async () => {
  const { repository, ids } = repositoryOf("roots", [start, { message: "Second", files: { "src/b.py": "b = 4\n" } }]);

  expect((await repository.commits()).map(({ hash, parent }) => [hash, parent])).toEqual([[ids[1], ids[0]]]);
});
