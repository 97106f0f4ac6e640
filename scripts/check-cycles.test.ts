import { expect, test } from "vitest";
import { checkCycles } from "./check-cycles.ts";

const file = (path: string, text: string) => ({ path: `src/engine/${path}`, text });

test("checkCycles() shows one shortest circle through every file that lies on any", () => {
  const found = checkCycles([
    file("a.ts", 'import { b } from "./b.ts";'),
    file("b.ts", '\nimport { c } from "./deep/c.ts";\nimport { d } from "./d.ts";'),
    file("d.ts", 'export { a } from "./a.ts";'),
    file("deep/c.ts", 'import { d } from "../d.ts";'),
  ]);

  const inOrder = (...names: string[]) => names.map((name) => `src/engine/${name}.ts`).join(" → ");
  expect(found.map(({ file, line, message }) => [file, line, message.split(": ")[1]])).toEqual([
    ["src/engine/a.ts", 1, inOrder("a", "b", "d", "a")],
    ["src/engine/deep/c.ts", 1, inOrder("deep/c", "d", "a", "b", "deep/c")],
  ]);
});

test("checkCycles() counts imports of types", () => {
  const found = checkCycles([
    file("a.ts", 'import type { B } from "./b.ts";'),
    file("b.ts", 'export type B = import("./a.ts").A;'),
  ]);

  expect(found).toHaveLength(1);
});

test("checkCycles() accepts a diamond", () => {
  const found = checkCycles([
    file("top.ts", 'import "./left.ts";\nimport "./right.ts";'),
    file("left.ts", 'import "./bottom.ts";'),
    file("right.ts", 'import "./bottom.ts";'),
    file("bottom.ts", "export {};"),
  ]);

  expect(found).toEqual([]);
});
