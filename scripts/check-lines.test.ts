import { expect, test } from "vitest";
import { checkLines, countLines } from "./check-lines.ts";

const judge = (text: string, path = "src/base/x.ts") =>
  checkLines([{ path, text }]).map(({ message, warning }) => (warning ? `warning: ${message}` : message));

const lines = (count: number) => "work();\n".repeat(count);

test("countLines() counts a last line with or without its newline", () => {
  expect(countLines("a\nb\n")).toBe(2);
  expect(countLines("a\nb")).toBe(2);
});

test("checkLines() lists a long file, refuses a longer one, and accepts a reason", () => {
  expect(judge(lines(300))).toEqual([]);
  expect(judge(lines(301))).toEqual(["warning: the file has 301 lines, more than 300"]);
  expect(judge(lines(501))).toEqual(["the file has 501 lines, more than 500"]);
  expect(judge(`/** A table. Long: one row for each operator. */\n${lines(501)}`)).toEqual([]);
  expect(judge(`/** Long: */\n${lines(501)}`)).toHaveLength(1);
});

test.each([
  ["a declaration", (body: string) => `export function walk() {\n${body}}`],
  ["an arrow", (body: string) => `export const walk = () => {\n${body}};`],
  ["a method", (body: string) => `class Dog {\n  walk() {\n${body}}\n}`],
  ["a property", (body: string) => `const dog = {\n  walk() {\n${body}}\n};`],
])("checkLines() measures %s", (_kind, write) => {
  expect(judge(write(lines(38)))).toEqual([]);
  expect(judge(write(lines(39)))).toEqual(["warning: walk() has 41 lines, more than 40"]);
  expect(judge(write(lines(59)))).toEqual(["walk() has 61 lines, more than 60"]);
});

test("checkLines() accepts a long function that says why, but not the one beside it", () => {
  const text = `/** Long: the table of the paper. */\nexport function one() {\n${lines(70)}}\nfunction two() {\n${lines(70)}}`;

  expect(judge(text)).toEqual(["two() has 72 lines, more than 60"]);
});

test("checkLines() gives a study's one function 80 lines", () => {
  const text = `export default defineStudy({}, async () => {\n${lines(78)}});`;

  expect(judge(text, "src/studies/rome/study.ts")).toEqual([]);
  expect(judge(text)).toHaveLength(1);
});

test.each(["describe", "describe.skipIf(!found)", "describe.each([1, 2])"])(
  "checkLines() lets a group of tests be as long as its tests are many: %s",
  (group) => {
    expect(judge(`${group}("x", () => {\n${lines(100)}});`, "src/base/x.test.ts")).toEqual([]);
  },
);

test("checkLines() lets a table's row have as many columns as it needs", () => {
  const text = 'test.each(rows)("%s", (a, b, c, d, e) => {});';

  expect(judge(text, "src/base/x.test.ts")).toEqual([]);
  expect(judge(text)).toHaveLength(1);
});

test("checkLines() counts required parameters only", () => {
  expect(judge("const f = (a, b, c, d = 1, ...rest) => a;")).toEqual([]);
  expect(judge("function f(this: Dog, a: 1, b: 2, c: 3, d?: 4) {}")).toEqual([]);
  expect(judge("function f(a, b, { c, d }, e) {}")).toEqual(["f() has 4 required parameters, more than 3"]);
});

test("checkLines() counts nesting, with `else if` on its own level and inner functions anew", () => {
  const nested = (depth: number) => `function f() { ${"if (x) { ".repeat(depth)}work(); ${"} ".repeat(depth)}}`;

  expect(judge(nested(3))).toEqual([]);
  expect(judge(nested(4))).toEqual(["warning: f() has 4 levels of nesting, more than 3"]);
  expect(judge(nested(5))).toEqual(["f() has 5 levels of nesting, more than 4"]);
  expect(judge("function f() { if (a) {} else if (b) {} else if (c) {} else if (d) {} else {} }")).toEqual([]);
  expect(judge("function f() { for (;;) { if (a) { each(() => { for (;;) { if (b) {} } }); } } }")).toEqual([]);
});
