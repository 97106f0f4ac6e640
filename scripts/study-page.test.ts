import { expect, test } from "vitest";
import { judgePage, pageSections } from "./study-page.ts";

const map = "| §2 | `data.ts` | `sample()` | `data.test.ts` |";
const write = (
  sections: readonly string[],
  under: (name: string) => string = (name) => (name === "Map" ? map : "Text."),
) => `# Study\n\n${sections.map((name) => `## ${name}\n\n${under(name)}\n`).join("\n")}`;
const files: Readonly<Record<string, string>> = { "data.ts": "export function sample() {}", "data.test.ts": "" };
const read = (path: string) => files[path];

test("judgePage() accepts the eight sections in order, numbered or not", () => {
  expect(judgePage(write(pageSections), read)).toEqual([]);
  expect(judgePage(write(pageSections).replace("## Map", "## 4. Map"), read)).toEqual([]);
});

test("judgePage() names a missing section", () => {
  expect(judgePage(write(pageSections.filter((name) => name !== "Results")), read)).toEqual([
    'has no section "Results"',
  ]);
});

test("judgePage() names an empty section", () => {
  const page = write(pageSections, (name) => (name === "Map" ? map : name === "Deviations" ? "" : "Text."));

  expect(judgePage(page, read)).toEqual(['says nothing under "Deviations"']);
});

test("judgePage() refuses another order", () => {
  expect(judgePage(write(pageSections.toReversed()), read)[0]).toContain("another order");
});

test("judgePage() refuses a map to files that are not there, or to no test", () => {
  const page = (text: string) => write(pageSections, (name) => (name === "Map" ? text : "Text."));

  expect(judgePage(page("`gone.ts` and `data.test.ts`"), read)).toEqual(["maps to gone.ts, which is not there"]);
  expect(judgePage(page("`data.ts`"), read)).toEqual(["maps nothing to a test"]);
});

test("judgePage() refuses a map to a function that its file does not declare", () => {
  const page = write(pageSections, (name) => (name === "Map" ? map.replace("sample()", "samples()") : "Text."));

  expect(judgePage(page, read)).toEqual(["maps to samples(), declared in none of data.ts, data.test.ts"]);
});
