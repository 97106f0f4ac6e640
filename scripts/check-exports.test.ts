import { expect, test } from "vitest";
import { checkExports, doorsOf } from "./check-exports.ts";

const paths = [
  "src/index.ts",
  "src/base/index.ts",
  "src/cli/index.ts",
  "src/engine/index.ts",
  "src/engine/operators/index.ts",
  "src/evals/index.ts",
  "src/evals/metrics/index.ts",
  "src/methods/editing/index.ts",
  "src/models/gpt2/index.ts",
  "src/studies/index.ts",
  "src/studies/mmneedle/index.ts",
  "src/web/index.ts",
];
const files = paths.map((path) => ({ path, text: 'export { x } from "./x.ts";' }));
const manifest = (exports: object) => JSON.stringify({ exports }, null, 2);

test("doorsOf() opens rooms, models, methods and studies, and neither inner folders nor what is started", () => {
  expect(Object.keys(doorsOf(files))).toEqual([
    ".",
    "./base",
    "./engine",
    "./evals",
    "./evals/metrics",
    "./methods/editing",
    "./models/gpt2",
    "./studies",
    "./studies/mmneedle",
    "./package.json",
  ]);
});

test("doorsOf() leads to the source in a checkout and to dist elsewhere", () => {
  expect(doorsOf(files)["./evals/metrics"]).toEqual({
    "assay-source": "./src/evals/metrics/index.ts",
    types: "./dist/evals/metrics/index.d.ts",
    default: "./dist/evals/metrics/index.js",
  });
});

test("checkExports() accepts what doorsOf() writes", () => {
  expect(checkExports(files, manifest(doorsOf(files)))).toEqual([]);
});

test("checkExports() names the line of a door that is missing, stale or wrong", () => {
  const { "./engine": _engine, ...doors } = doorsOf(files);
  const found = checkExports(files, manifest({ ...doors, "./base": "./dist/base.js", "./old": "./dist/old/index.js" }));

  expect(found.map(({ message }) => message.split(";")[0])).toEqual([
    'exports: "./base" is not opened as its folder asks',
    'exports: "./engine" is not opened as its folder asks',
    'exports: "./old" leads to no index.ts',
  ]);
  expect(found[0]!.line).toBeGreaterThan(1);
});

test("checkExports() refuses `export *` in a front door", () => {
  const found = checkExports(
    [...files, { path: "src/engine/index.ts", text: '\nexport * from "./x.ts";' }],
    manifest(doorsOf(files)),
  );

  expect(found).toEqual([
    { file: "src/engine/index.ts", line: 2, message: "a front door lists its names; no export *" },
  ]);
});

test("checkExports() refuses a model, method or study without a front door", () => {
  const closed = { path: "src/studies/rome/study.ts", text: "export {};" };

  expect(checkExports([...files, closed], manifest(doorsOf(files)))[0]?.file).toBe("src/studies/rome/");
});
