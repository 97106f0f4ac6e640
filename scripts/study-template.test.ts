import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judgePage } from "./study-page.ts";
import { studyTemplate } from "./study-template.ts";

const root = process.cwd();
const files = studyTemplate("sample-paper");

let folder: string;

/** A checkout whose rooms are links to ours, with `npm run new study sample-paper` run in it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-new-"));
  mkdirSync(join(folder, "src/studies"), { recursive: true });
  for (const room of readdirSync(join(root, "src")).filter((name) => name !== "studies")) {
    symlinkSync(join(root, "src", room), join(folder, "src", room), "dir");
  }
  cpSync(join(root, "src/studies/module.ts"), join(folder, "src/studies/module.ts"));
  for (const name of ["package.json", "biome.json", "vitest.config.ts", "test/temporary-folder.ts"])
    cpSync(join(root, name), join(folder, name));
  const config = { extends: join(root, "tsconfig.json"), include: ["src/studies"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

test("npm run new study lays out a study that compiles, is formatted, and fails only for want of claims", () => {
  const script = join(root, "scripts/new-study.ts");

  expect(run(script, "study", "sample-paper")).toMatchObject({ status: 0 });
  const types = run("node_modules/typescript/bin/tsc", "--noEmit").output.split("\n");
  expect(types.filter((line) => line.includes("sample-paper"))).toEqual([]);
  expect(run("node_modules/@biomejs/biome/bin/biome", "check", "--vcs-enabled=false", "src/studies")).toMatchObject({
    status: 0,
  });
  const tests = run("node_modules/vitest/vitest.mjs", "run", "--reporter=tap-flat", "src/studies").output.split("\n");
  const failing = tests.filter((line) => line.startsWith("not ok"));
  expect(failing).toEqual([expect.stringContaining("the paper's claims are written down")]);
  expect(tests.filter((line) => line.startsWith("ok"))).toHaveLength(2);
  expect(run(script, "study", "sample-paper")).toMatchObject({ status: 2 });
});

test("npm run new study refuses a name that no folder may have", () => {
  for (const words of [[], ["study"], ["study", "Sample_Paper"], ["study", "../x"], ["model", "gpt2"]]) {
    expect(run(join(root, "scripts/new-study.ts"), ...words)).toMatchObject({ status: 2 });
  }
});

test("studyTemplate() has a page with all sections, mapped to its own files", () => {
  expect(judgePage(files["README.md"]!, (path) => files[path])).toEqual([]);
});
