import { expect, test } from "vitest";
import { checkFloors } from "./check-floors.ts";

const doors = ["base", "engine", "formats", "models", "studies"].map((room) => ({
  path: `src/${room}/index.ts`,
  text: "export {};",
}));

const judge = (path: string, text: string) =>
  checkFloors([...doors, { path, text }]).map(({ file, line, message }) => `${file}:${line}: ${message}`);

test("checkFloors() accepts a lower room through its front door", () => {
  expect(judge("src/engine/value.ts", 'import { AssayError } from "#base";')).toEqual([]);
});

test("checkFloors() refuses an upward import and names both floors", () => {
  expect(judge("src/engine/bad.ts", '\nimport { gpt2 } from "#models";')).toEqual([
    'src/engine/bad.ts:2: "engine" stands on floor 1 and cannot import "models" on floor 2',
  ]);
});

test("checkFloors() refuses a neighbour on the same floor", () => {
  expect(judge("src/engine/bad.ts", 'import { read } from "#formats";')).toEqual([
    'src/engine/bad.ts:1: "engine" stands on floor 1 and cannot import "formats" on floor 1',
  ]);
});

test.each([
  ["type import", 'import type { Gpt2 } from "#models";'],
  ["type in an expression", 'type Gpt2 = import("#models").Gpt2;'],
  ["re-export", 'export { gpt2 } from "#models";'],
  ["export of everything", 'export * from "#models";'],
  ["dynamic import", 'const models = await import("#models");'],
  ["import for its effect", 'import "#models";'],
])("checkFloors() sees a %s", (_kind, text) => {
  expect(judge("src/engine/bad.ts", text)).toHaveLength(1);
});

test("checkFloors() refuses a room that imports itself by its front door", () => {
  expect(judge("src/engine/bad.ts", 'import { Value } from "#engine";')[0]).toContain("own room");
});

test("checkFloors() refuses a relative path out of the room, even to a lower floor", () => {
  expect(judge("src/engine/graph/bad.ts", 'import { AssayError } from "../../base/errors.ts";')[0]).toContain(
    'leaves the room "engine"',
  );
  expect(judge("src/engine/graph/good.ts", 'import { Value } from "../value.ts";')).toEqual([]);
  expect(judge("src/cli/bad.ts", 'import manifest from "../../package.json";')).toHaveLength(1);
});

test("checkFloors() refuses a study that imports another study", () => {
  const text = 'import { table2 } from "../rome/report.ts";';

  expect(judge("src/studies/mmneedle/bad.ts", text)[0]).toContain('cannot import the study "rome"');
  expect(judge("src/studies/index.ts", 'export { rome } from "./rome/index.ts";')).toEqual([]);
});

test("checkFloors() keeps the file system where it belongs, and lets tests use it", () => {
  for (const specifier of ["node:fs", "fs", "node:fs/promises", "fs/promises"]) {
    expect(judge("src/evals/bad.ts", `import { readFile } from "${specifier}";`)[0]).toContain("file system");
    expect(judge("src/evals/good.test.ts", `import { readFile } from "${specifier}";`)).toEqual([]);
    expect(judge("src/formats/good.ts", `import { readFile } from "${specifier}";`)).toEqual([]);
  }
  expect(judge("src/web/app/bad.ts", 'import "node:fs";')).toHaveLength(1);
  expect(judge("src/web/server/good.ts", 'import "node:fs";')).toEqual([]);
});

test("checkFloors() keeps ONNX Runtime in engine/runtime, types and tests included", () => {
  const text = 'import type { Tensor } from "onnxruntime-node";';

  expect(judge("src/engine/graph/bad.ts", text)[0]).toContain("ONNX Runtime");
  expect(judge("src/engine/graph/bad.test.ts", text)).toHaveLength(1);
  expect(judge("src/engine/runtime/session.ts", text)).toEqual([]);
});

test("checkFloors() keeps the browser's page in web/app", () => {
  expect(judge("src/report/bad.ts", '/// <reference lib="dom" />\nexport {};')[0]).toContain("DOM types");
  expect(judge("src/report/bad.tsx", "export {};")).toHaveLength(1);
  expect(judge("src/web/server/bad.ts", 'import { createRoot } from "react-dom/client";')).toHaveLength(1);
  expect(judge("src/web/app/good.tsx", 'import { createRoot } from "react-dom/client";')).toEqual([]);
});

test("checkFloors() refuses an unknown room, a door that does not exist and the package's own name", () => {
  expect(judge("src/attic/old.ts", "export {};")[0]).toContain('"attic" is no room');
  expect(judge("src/models/bad.ts", 'import "#attic";')[0]).toContain("leads to no room");
  expect(judge("src/studies/bad.ts", 'import "#models/gpt9";')[0]).toContain("src/models/gpt9/index.ts");
  expect(judge("src/models/bad.ts", 'import "assay/engine";')[0]).toContain("write #room");
});

test("checkFloors() lets the package's own door open the rooms below the web", () => {
  expect(judge("src/index.ts", 'export { gpt2 } from "#models";')).toEqual([]);
  expect(judge("src/index.ts", 'export { serve } from "#web";')[0]).toContain("floor 6");
});
