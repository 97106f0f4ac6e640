import { expect, test } from "vitest";
import { actingNames, untested } from "./untested.ts";

const files = [
  { path: "src/base/index.ts", text: 'export { mean as average, type Mean } from "./mean.ts";' },
  {
    path: "src/base/mean.ts",
    text: 'import { sum } from "./sum.ts";\nexport function mean() {}\nexport type Mean = 1;',
  },
  { path: "src/base/sum.ts", text: "export const sum = () => 0;" },
];

const judge = (path: string, text: string) => untested([...files, { path, text }]);

test("actingNames() takes functions and classes, and leaves data and types", () => {
  const text =
    "export const a = () => 1, b = 2;\nexport class C {}\nexport default function d() {}\nexport interface E {}\nfunction f() {}";

  expect(actingNames({ path: "src/x.ts", text })).toEqual(["a", "C", "d"]);
});

test("untested() names what a door shows and no test imports, and the files behind it", () => {
  expect(judge("src/base/other.test.ts", 'import { expect } from "vitest";')).toEqual([
    "src/base/mean.ts mean",
    "src/base/mean.ts",
    "src/base/sum.ts",
  ]);
});

test.each([
  ["beside it", "src/base/mean.test.ts", 'import { mean } from "./mean.ts";'],
  ["through its room's door", "test/statistics.test.ts", 'import { average } from "#base";'],
  ["as a whole", "src/base/mean.test.ts", 'import * as base from "./mean.ts";'],
  ["when it runs", "src/base/mean.test.ts", 'const { mean } = await import("./mean.ts");'],
  ["by a table of cases", "test/cases.ts", 'import { average } from "#base";'],
])("untested() accepts what a test imports %s, and what that loads", (_how, path, text) => {
  expect(judge(path, text)).toEqual([]);
});

test("untested() believes a test that says what it exercises", () => {
  expect(judge("test/cli.test.ts", "// Exercises: src/base/mean.ts and its door")).toEqual([]);
});

test("untested() is not satisfied by a type, by another name of the same door, or by the file behind it", () => {
  for (const text of ['import type { Mean } from "#base";', 'import { sum } from "./sum.ts";']) {
    expect(judge("src/base/mean.test.ts", text)).toContain("src/base/mean.ts mean");
  }
});

test("untested() finds a file behind the doors that only types lead to", () => {
  const lonely = { path: "src/base/lonely.ts", text: "export function lonely() {}\nexport type Lonely = 1;" };
  const user = {
    path: "src/base/user.ts",
    text: 'import type { Lonely } from "./lonely.ts";\nexport const use = () => 1;',
  };
  const tests = { path: "src/base/user.test.ts", text: 'import { use } from "./user.ts";' };

  expect(untested([lonely, user, tests])).toEqual(["src/base/lonely.ts"]);
});

test("untested() lets a class come from a function that a test names", () => {
  const doorOfRuns = { path: "src/runs/index.ts", text: 'export { Run, openRun } from "./run.ts";' };
  const run = { path: "src/runs/run.ts", text: "export class Run {}\nexport const openRun = () => new Run();" };
  const tests = { path: "src/runs/run.test.ts", text: 'import { openRun } from "./run.ts";' };

  expect(untested([doorOfRuns, run, tests])).toEqual([]);
  expect(untested([doorOfRuns, run])).toEqual(["src/runs/run.ts openRun", "src/runs/run.ts"]);
});
