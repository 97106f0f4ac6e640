// Exercises: src/cli/main.ts
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-start-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(words: readonly string[], cwd = root) {
  return spawnSync(process.execPath, words, { cwd, encoding: "utf8" });
}

/** A preloaded module that makes this Node call itself older. */
const pretend = (version: string) =>
  `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`;

test.each(["23.11.0", "20.20.2", "18.0.0"])("bin/assay.js on Node %s says what to do and exits 2", (version) => {
  const { status, stdout, stderr } = start(["--import", pretend(version), "bin/assay.js", "studies"]);

  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(`assay: Expected Node 24 or later, got ${version}; run \`npm install\``);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("bin/assay.js starts in a checkout without a build", () => {
  const { status, stdout } = start(["bin/assay.js", "--help"]);

  expect(status).toBe(0);
  expect(stdout).toContain("Usage: assay");
});

test("npx assay starts in a checkout", () => {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };

  const { status, stdout } = spawnSync("npx --no -- assay --help", { cwd: root, env, encoding: "utf8", shell: true });

  expect(status).toBe(0);
  expect(stdout).toContain("Usage: assay");
});

/** The smallest package with our bin: it prints where its room `#probe` was found. */
function layOutProbe(packageRoot: string): void {
  const files = {
    "src/cli/main.ts": 'export { runCommandLine } from "#probe";',
    "src/probe/index.ts":
      "export const runCommandLine = (words: string[]): number => { console.log('src', ...words); return 3; };",
    "dist/cli/main.js": 'export { runCommandLine } from "#probe";',
    "dist/probe/index.js": "export const runCommandLine = (words) => { console.log('dist', ...words); return 4; };",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(packageRoot, path)), { recursive: true });
    writeFileSync(join(packageRoot, path), text);
  }
  cpSync(join(root, "package.json"), join(packageRoot, "package.json"));
  cpSync(join(root, "bin"), join(packageRoot, "bin"), { recursive: true });
}

test("bin/assay.js finds rooms in src in a checkout, passes the words on and returns the exit code", () => {
  layOutProbe(folder);

  const { status, stdout } = start(["bin/assay.js", "run", "x"], folder);

  expect({ status, stdout }).toEqual({ status: 3, stdout: "src run x\n" });
});

test("bin/assay.js finds rooms in dist when it is installed, even if src lies beside it", () => {
  layOutProbe(join(folder, "node_modules", "assay"));

  const { status, stdout } = start(["node_modules/assay/bin/assay.js", "run"], folder);

  expect({ status, stdout }).toEqual({ status: 4, stdout: "dist run\n" });
});
