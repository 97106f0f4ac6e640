import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { checkedFolders, listFiles, readSources } from "../scripts/sources.ts";
import { judgePage } from "../scripts/study-page.ts";
import { untested } from "../scripts/untested.ts";

const root = dirname(import.meta.dirname);
const sources = readSources(root, checkedFolders);
const paths = checkedFolders.flatMap((folder) => listFiles(root, folder));

/** Folders directly below one of the rooms. */
function itemsOf(room: string): string[] {
  const found = paths.flatMap((path) => new RegExp(`^src/${room}/[^/]+(?=/)`).exec(path)?.[0] ?? []);
  return [...new Set(found)];
}

const missing = (folder: string, names: readonly string[]): string[] =>
  names.map((name) => `${folder}/${name}`).filter((path) => !paths.includes(path));

test("every function that a door shows is named in a test, and every file behind a door is loaded by one", () => {
  expect(untested(sources)).toEqual([]);
});

test("every check has a test that plants what it must catch", () => {
  const checks = paths.filter((path) => /^scripts\/check-.+(?<!\.test)\.ts$/.test(path));

  expect(checks.filter((path) => !paths.includes(path.replace(".ts", ".test.ts")))).toEqual([]);
});

test("every study folder has its method, its claims, its door and a test of its own", () => {
  const incomplete = itemsOf("studies").flatMap((folder) => {
    const own = [`${folder}/study.test.ts`, `test/studies/${folder.split("/").at(-1)}.test.ts`];
    const tested = own.some((path) => paths.includes(path)) ? [] : [own.join(" or ")];
    return [...missing(folder, ["README.md", "study.ts", "claims.ts", "settings.ts", "index.ts"]), ...tested];
  });

  expect(incomplete).toEqual([]);
});

test("every study's README has the eight sections in order, and its map leads to files and functions that exist", () => {
  const wrong = itemsOf("studies").flatMap((folder) => {
    const file = join(root, folder, "README.md");
    const read = (path: string) => {
      const found = [folder, "src", "."].map((base) => join(root, base, path)).find((place) => existsSync(place));
      return found && readFileSync(found, "utf8");
    };
    const readme = existsSync(file) ? readFileSync(file, "utf8") : "";
    return judgePage(readme, read).map((problem) => `${folder}/README.md ${problem}`);
  });

  expect(wrong).toEqual([]);
});

test("every model folder has its configuration, its figure, its weights and its door", () => {
  const files = ["config.ts", "model.ts", "weights.ts", "index.ts"];

  expect(itemsOf("models").flatMap((folder) => missing(folder, files))).toEqual([]);
});

test("every golden file says first which script made it, with which versions, which seed, and when", () => {
  const golden = listFiles(root, "test/golden").filter((path) => path.endsWith(".golden.json"));
  const nameless = golden.filter((path) => {
    const content = JSON.parse(readFileSync(join(root, path), "utf8"));
    const { script, versions, seed, date } = content.generated ?? {};
    const complete = Object.keys(content)[0] === "generated" && versions && seed !== undefined && date;
    return !complete || !existsSync(join(root, script));
  });

  expect(nameless).toEqual([]);
});

test("every benchmark has its numbers in bench/RESULTS.md", () => {
  const file = join(root, "bench/RESULTS.md");
  const results = existsSync(file) ? readFileSync(file, "utf8") : "";
  const benchmarks = paths.filter((path) => /^bench\/[^/]+(?<!\.test)\.ts$/.test(path));

  expect(benchmarks.filter((path) => !results.includes(path))).toEqual([]);
});
