import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { codeQuery } from "#formats";
import { openRepository, writeRepository } from "#formats/git";
import { describedIn, withoutComments } from "./commented.ts";
import { libraryHistory } from "./library-history.ts";
import { libraryThemes } from "./python-library.ts";
import { scriptHistory } from "./script-history.ts";
import { readScriptPackage, scriptPackages } from "./script-package.ts";
import { Timeline } from "./timeline.ts";

const room = mkdtempSync(join(tmpdir(), "assay-histories-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));
const names = Object.keys(scriptPackages) as (keyof typeof scriptPackages)[];

test.each(names)("scriptHistory() of %s ends with the package's own sources, and is the same every time", (name) => {
  const [history, again] = [scriptHistory(name), scriptHistory(name)];

  const last = history.commits.at(-1)!.files;
  for (const [path, text] of readScriptPackage(name).sources) expect(last.get(path), path).toBe(text);
  const ids = writeRepository(join(room, name), history.commits);
  expect(writeRepository(join(room, `${name}-again`), again.commits)).toEqual(ids);
  expect(openRepository(join(room, name)).resolve()).toBe(ids.at(-1));
});

test.each(names)("scriptHistory() of %s breaks eight builds, mends each, and tells of each as an issue", (name) => {
  const { builds, issues, commits } = scriptHistory(name);

  expect(builds).toHaveLength(8);
  for (const { fail, success } of builds) {
    expect(success).toBe(fail + 1);
    const { title, body } = issues.get(success)!;
    expect(body).not.toMatch(/src\/\w+\.js/);
    expect(commits[success]!.message).toMatch(/^Fix \w+ where /);
    expect(title).toMatch(/^Wrong result: /);
  }
});

test("readScriptPackage() brings the licence along", () => {
  expect(names.map((name) => readScriptPackage(name).licence)).toEqual(["BSD-3-Clause", "MIT", "ISC"]);
  expect(readScriptPackage("yaml").licenceText).toMatch(/Permission to use, copy/);
});

test("withoutComments() leaves the lines that do something", () => {
  const text = "/** Doc.\n * More. */\nconst a = 1; // stays\n  // goes\n/* one */\nf();\n";

  expect(withoutComments(text)).toBe("const a = 1; // stays\nf();\n");
});

test("describedIn() reads prose and names, and leaves types out", () => {
  const text =
    "/**\n * Adds up.\n *\n * @param {number[]} list - what is added\n * @returns {number} the sum\n */\nexport function add(list) {}\n/** No name. */\nif (x) {}\n";

  expect(describedIn(text)).toEqual([
    { name: "add", text: ["Adds up.", "- takes `list` what is added", "- gives the sum"] },
  ]);
});

test.each(libraryThemes)("libraryHistory() of $name arrives with slips and mends each of them", (theme) => {
  const { commits, issues } = libraryHistory(theme);

  expect(issues.size).toBe(theme.modules.length);
  for (const at of issues.keys()) {
    const [before, after] = [commits[at - 1]!.files, commits[at]!.files];
    const changed = [...after].filter(([path, text]) => before.get(path) !== text);
    expect(changed).toHaveLength(1);
  }
  expect([...commits.at(-1)!.files.keys()].filter((path) => path.startsWith("examples/"))).toHaveLength(7);
});

test.each(libraryThemes)("libraryHistory() of $name is valid Python", async (theme) => {
  const find = await codeQuery("python", "(call) @call");

  const files = [...libraryHistory(theme).commits.at(-1)!.files].filter(([path]) => path.endsWith(".py"));
  const broken = files.filter(([, text]) => find(text as string).hasError);

  expect(files).toHaveLength(16);
  expect(broken).toEqual([]);
});

test("Timeline keeps what a commit does not change, and its clock", () => {
  const timeline = new Timeline();
  timeline.commit("One", { a: "1", b: "2" });
  timeline.commit("Two", { a: null });

  expect([timeline.has("a"), timeline.has("b")]).toEqual([false, true]);
  expect(timeline.commits.map(({ seconds }) => new Date(seconds * 1000).toISOString())).toEqual([
    ...["2024-01-01T12:00:00.000Z", "2024-01-01T18:00:00.000Z"],
  ]);
});
