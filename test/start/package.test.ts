import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

let folder: string;
let installed: string;

/** Installs the packed package into an empty folder, offline: its dependencies are links to those of the checkout. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-package-"));
  installed = join(folder, "node_modules", "assay");
  mkdirSync(installed, { recursive: true });
  run(process.execPath, ["scripts/pack.ts", folder], root);
  run("tar", ["-xzf", join(folder, `assay-${manifest.version}.tgz`), "--strip-components=1", "-C", installed], root);
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "dir");
  }
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, words: readonly string[], cwd = folder): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

test("the package starts where only its own dependencies are installed", () => {
  run(process.execPath, ["node_modules/assay/bin/assay.js", "--help"]);
});

test("every door of the package opens, and its types lie beside it", () => {
  const doors = Object.entries<Record<string, string>>(manifest.exports).filter(([name]) => name !== "./package.json");
  const names = doors.map(([name]) => join("assay", name));

  const script = `for (const name of ${JSON.stringify(names)}) await import(name); console.log("opened")`;

  expect(run(process.execPath, ["--input-type=module", "--eval", script])).toContain("opened");
  expect(doors.filter(([, door]) => !existsSync(join(installed, door.types!)))).toEqual([]);
});

test("every file of a room that is not TypeScript is in the package", () => {
  const assets = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[^./]+$/.test(path) && !/\.(tsx?|md)$|tsconfig\.json$|golden\//.test(path))
    .filter((path) => !existsSync(join(installed, "dist", path)));

  expect(assets).toEqual([]);
});

test("the package holds neither sources, nor tests, nor a Node of its own", () => {
  const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
  const published = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));

  expect(files.filter((path) => /^src\/|\.test\.|-double\.|\.golden\./.test(path))).toEqual([]);
  expect(published.optionalDependencies).toBeUndefined();
  expect(published.dependencies).toEqual(manifest.dependencies);
});

test("the package names no folder of the machine that it was packed on", () => {
  const maps = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".map"),
  );

  const sources = maps.flatMap((path) => JSON.parse(readFileSync(join(installed, "dist", path), "utf8")).sources);

  expect(sources.length).toBeGreaterThan(500);
  expect(sources.filter((source) => !existsSync(join(root, "src", source)))).toEqual([]);
});

test.each([
  ["bundler", "esnext"],
  ["nodenext", "nodenext"],
])(
  "every door's types, and those below them, are whole under moduleResolution %s",
  (moduleResolution, module) => {
    const doors = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
    const compilerOptions = { target: "es2024", strict: true, noEmit: true, types: [], moduleResolution, module };
    const lines = doors.map((name, at) => `export * as door${at} from "assay/${name.slice(2)}";`);
    writeFileSync(join(folder, "consumer.mts"), lines.join("\n"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.mts"] }));

    const found = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], {
      encoding: "utf8",
    });

    expect(found.stdout).toBe("");
  },
  300_000,
);
