import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stream } from "#base";
import { cutMiddle, fillInTheMiddle, middlePrompt, middleSentinels } from "./fill-in-the-middle.ts";
import { sourceGroups } from "./groups.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import { packageSources } from "./packages.ts";

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "assay-sources-"));
  const packages: Record<string, object> = { "": {} };
  const add = (path: string, about: object, files: Record<string, string>) => {
    packages[path] = { version: "1.0.0", ...about };
    for (const [name, text] of Object.entries(files)) {
      const file = join(project, path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  };
  add(
    "node_modules/free",
    { license: "MIT" },
    {
      "index.js": program("free"),
      "copy.js": program("free"),
      "index.d.ts": program("types"),
      "small.min.js": program("minified"),
      "wide.js": `const x = "${"a".repeat(2000)}";`,
      "README.md": program("prose"),
      "node_modules/inner/index.js": program("inner"),
    },
  );
  add("node_modules/either", { license: "(GPL-3.0 OR MIT)" }, { "a.mjs": program("either") });
  add("node_modules/bound", { license: "GPL-3.0" }, { "a.js": program("bound") });
  add("node_modules/here-only", { license: "MIT", os: ["linux"] }, { "a.js": program("here") });
  writeFileSync(join(project, "package-lock.json"), JSON.stringify({ packages }));
});
afterAll(() => rmSync(project, { recursive: true }));

/** A text of more than four hundred characters, unlike those of other names. */
function program(name: string): string {
  const random = stream(0, `test/${name}`);
  return Array.from({ length: 40 }, (_, at) => `const ${name}${at} = ${random.int(1e6)} + ${random.int(1e6)};\n`).join(
    "",
  );
}

test("packageSources() takes source text that is everywhere, free, and written by people, each content once", () => {
  const files = packageSources(project, { charactersOfPackage: 1e6 });

  expect(files.map(({ name }) => name.replace(/copy|index(?=\.js)/, "one")).sort()).toEqual([
    "either@1.0.0/a.mjs",
    "free@1.0.0/index.d.ts",
    "free@1.0.0/one.js",
  ]);
  expect(packageSources(project, { charactersOfPackage: 1e6 })).toEqual(files);
});

test("packageSources() takes no more of a package than it may", () => {
  const files = packageSources(project, { charactersOfPackage: program("free").length + 10 });

  expect(files.filter(({ name }) => name.startsWith("free")).length).toBe(1);
});

test("nearDuplicates() joins texts that differ in little, and no others", () => {
  const text = program("one");
  const changed = text.replace("const one7 ", "const changed ");

  const groups = nearDuplicates([text, program("two"), changed, program("three")], { similarity: 0.6 });

  expect(groups).toEqual([[0, 2], [1], [3]]);
});

test("nearDuplicates() is not led by the licence at the head of every file", () => {
  const licence = `/**\n${" * Permission is granted to whoever reads this, without a fee and without a warranty.\n".repeat(40)} */\n`;
  const [a, b] = ["first", "second"].map((name) => licence + program(name).slice(0, 500)) as [string, string];

  expect(nearDuplicates([a, b], { similarity: 0.6 })).toEqual([[0], [1]]);
});

test("sourceGroups() keeps a group in one split, decided by contents alone", () => {
  const files = Array.from({ length: 64 }, (_, at) => ({
    name: `p/${at}.js`,
    text: program(`file${String.fromCharCode(97 + (at % 26))}${at}`),
    hash: String(at),
  }));

  const groups = sourceGroups(files);
  const renamed = sourceGroups(files.map((file) => ({ ...file, name: `q/${file.name}` })).reverse());

  expect(groups.flatMap((group) => group.files).length).toBe(64);
  expect(renamed.map(({ hash, split }) => ({ hash, split }))).toEqual(
    groups.map(({ hash, split }) => ({ hash, split })),
  );
  expect(new Set(groups.map(({ split }) => split))).toEqual(new Set(["train", "heldOut"]));
});

test("cutMiddle() and fillInTheMiddle() lose no character and tear none apart, in either order", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer(), (text, seed) => {
      const { prefix, middle, suffix } = cutMiddle(text, stream(seed, "cut"));

      expect(prefix + middle + suffix).toBe(text);
      expect([prefix, middle, suffix].every((part) => part.isWellFormed())).toBe(text.isWellFormed());
      const { prefix: p, suffix: s, middle: m } = middleSentinels;
      expect(fillInTheMiddle({ prefix, middle, suffix }, "PSM")).toBe(`${p}${prefix}${s}${suffix}${m}${middle}`);
      expect(fillInTheMiddle({ prefix, middle, suffix }, "SPM")).toBe(`${p}${s}${suffix}${m}${prefix}${middle}`);
    }),
  );
});

test("middlePrompt() ends where the middle is to begin", () => {
  expect(middlePrompt({ prefix: "a = ", suffix: ";" }, "PSM")).toBe("<fim_prefix>a = <fim_suffix>;<fim_middle>");
  expect(middlePrompt({ prefix: "a = ", suffix: ";" }, "SPM")).toBe("<fim_prefix><fim_suffix>;<fim_middle>a = ");
});
