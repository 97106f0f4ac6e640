import { expect, test } from "vitest";
import { checkDocs } from "./check-docs.ts";

const judge = (...files: [path: string, text: string][]) =>
  checkDocs(files.map(([path, text]) => ({ path: `src/${path}`, text }))).map(
    ({ file, line, message }) => `${file}:${line} ${message.split(" ")[0]}`,
  );

test("checkDocs() finds an undocumented name where it is declared", () => {
  const found = judge(
    ["base/index.ts", 'export { mean, total as sum, type Sample } from "./inner.ts";'],
    ["base/inner.ts", 'export { mean } from "./mean.ts";\nexport const total = 1;\nexport interface Sample {}'],
    ["base/mean.ts", "// adds up\nexport function mean() {}"],
  );

  expect(found).toEqual(['src/base/mean.ts:2 "mean"', 'src/base/inner.ts:2 "total"', 'src/base/inner.ts:3 "Sample"']);
});

test("checkDocs() accepts a doc comment, also above a line comment, on one overload, on a name exported later", () => {
  const found = judge(
    ["base/index.ts", 'export { a, b, c, D } from "./inner.ts";\nexport { z } from "zod";'],
    [
      "base/inner.ts",
      `/** The first. */
export const a = 1;
/** The second. */
// biome-ignore lint/x: y
export function b(x: string): string;
export function b(x: number): string;
export function b(x: unknown) { return String(x); }
/** The third. */
const c = 3;
/** The fourth. */
export class D {}
export { c };`,
    ],
  );

  expect(found).toEqual([]);
});

test("checkDocs() refuses an empty comment and one that belongs to something else", () => {
  const found = judge(
    ["base/index.ts", 'export { a, b } from "./inner.ts";'],
    ["base/inner.ts", "/** */\nexport const a = 1;\n/** About x. */\nconst x = 1;\nexport const b = x;"],
  );

  expect(found).toEqual(['src/base/inner.ts:2 "a"', 'src/base/inner.ts:5 "b"']);
});

test("checkDocs() leaves alone what no front door shows", () => {
  expect(judge(["base/index.ts", "export {};"], ["base/inner.ts", "export const hidden = 1;"])).toEqual([]);
});

test("checkDocs() follows defaults", () => {
  const found = judge(
    ["studies/rome/index.ts", 'export { default as rome } from "./study.ts";'],
    ["studies/rome/study.ts", "export default defineStudy({});"],
  );

  expect(found).toEqual(['src/studies/rome/study.ts:1 "default"']);
});
