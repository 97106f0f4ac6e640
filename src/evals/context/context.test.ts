import fc from "fast-check";
import { expect, test } from "vitest";
import { completionPrompt, composeContext, predictedLine } from "./compose.ts";
import { type ComposerName, composers } from "./composers.ts";
import { declarations } from "./declarations.ts";
import { offeredFiles, type TextFile } from "./files.ts";
import { importedPaths } from "./imports.ts";

const file = (path: string, content = path): TextFile => ({ path, content });
const target = file("src/pack/new.py", "import src.pack.one\nfrom lib.two import x as y\nimport os\n");
const repository = [
  file("src/pack/one.py", "def f():\n    return 1\n\nclass A:\n    x = 1\n    def g(self): pass\n"),
  file("lib/two.py", "abc"),
  file("README.md", "abc"),
  file("src/pack/deep/three.py", "abcd"),
  file("src/four.py", ""),
];

const order = async (name: ComposerName) =>
  (await composers[name](repository, { target, seed: 0 })).map(({ path }) => path);

test.each([
  ["naive", ["src/pack/one.py", "lib/two.py", "README.md", "src/pack/deep/three.py", "src/four.py"]],
  ["alphabetical", ["src/pack/one.py", "src/pack/deep/three.py", "src/four.py", "lib/two.py", "README.md"]],
  // Distances 0, 3, 2, 1, 1: the farthest first, and those at 1 turned round.
  ["path-distance", ["lib/two.py", "README.md", "src/four.py", "src/pack/deep/three.py", "src/pack/one.py"]],
  // Of the two files of three characters the later counts as four, and the one of four then as five.
  ["file-length", ["src/pack/one.py", "src/pack/deep/three.py", "README.md", "lib/two.py", "src/four.py"]],
  ["imports-first", ["README.md", "src/pack/deep/three.py", "src/four.py", "src/pack/one.py", "lib/two.py"]],
] as const)("composers put files in the order that %s has", async (name, expected) => {
  const ordered = await order(name);

  expect(ordered).toEqual(expected);
});

test("composers that mask keep the nearest files whole", async () => {
  const half = await composers["declarations-half"](repository, { target, seed: 0 });
  const one = await composers["declarations-all-but-one"](repository.slice(0, 2), { target, seed: 0 });

  expect(half.map(({ content }) => content)).toEqual(["", "", "", "abcd", repository[0]!.content]);
  expect(one.map(({ content }) => content)).toEqual(["", repository[0]!.content]);
});

test("half-memory forgets about half of the lines, the same ones for the same seed", async () => {
  const long = file("a.py", Array.from({ length: 2000 }, (_, at) => String(at)).join("\n"));
  const lines = async (seed: number) =>
    (await composers["half-memory-path-distance"]([long], { target, seed }))[0]!.content.split("\n");

  const [first, again, other] = [await lines(1), await lines(1), await lines(2)];

  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
  expect(Math.abs(first.length - 1000)).toBeLessThan(120);
});

test("declarations() keeps what begins with def or class, and one pass for a body", () => {
  const code =
    "import x\n\nclass A:\n  '''doc'''\n  def f(self):\n    return 1\n    # more\n\ndef g(): pass\ndefault = 1\n";

  expect(declarations(code)).toBe("class A:\npass\n  def f(self):\npass\ndef g(): pass\ndefault = 1\npass");
});

test("importedPaths() matches dotted names in either direction, and plain names never", async () => {
  const code = "import a.b.c\nfrom pkg.part import thing\nfrom . import x\nimport solo\nimport long.name as n";
  const paths = ["a/b/c.py", "a/b.py", "src/a/b/c/d.py", "pkg/part/__init__.py", "solo.py", "long/name.py", "x/y.py"];

  const imported = await importedPaths(code, paths);

  expect([...imported]).toEqual(["a/b/c.py", "a/b.py", "src/a/b/c/d.py", "pkg/part/__init__.py", "long/name.py"]);
});

test("offeredFiles() says why it leaves a file out", () => {
  const { offered, leftOut } = offeredFiles([
    file(".github/x.py"),
    file("big.txt", "x".repeat(16_000)),
    file("small.txt", "x".repeat(15_999)),
    file("docs/LICENSE.txt"),
    file(".hidden"),
    { path: "image.py", content: null },
  ]);

  expect(offered.map(({ path }) => path)).toEqual([".github/x.py", "small.txt"]);
  expect(leftOut.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    "big.txt: not Python and 16000 characters or more",
    "docs/LICENSE.txt: a licence",
    ".hidden: hidden",
    "image.py: no text",
  ]);
  expect(offeredFiles([file("a.md"), file("a.py")], { onlyPython: true }).leftOut).toEqual([
    { path: "a.md", reason: "not Python" },
  ]);
});

test("composeContext() joins names and contents without anything in between", async () => {
  const { text } = await composeContext([file("a.py", "A"), file("b.py", "B\n")], {
    composer: "naive",
    repository: "owner__name",
    target: file("t.py"),
  });

  expect(text).toBe("owner__nameMETASEP\na.pyMETASEP\nAb.pyMETASEP\nB\nt.pyMETASEP\n");
});

test("composeContext() cuts the beginning and accounts for every file and character", async () => {
  const names = Object.keys(composers) as ComposerName[];
  const content = fc.string({ maxLength: 30 });
  const files = fc.uniqueArray(
    fc.record({ path: fc.constantFrom("a.py", "b/c.py", "d.md", "e/f.txt", ".g"), content }),
    {
      selector: ({ path }) => path,
    },
  );

  await fc.assert(
    fc.asyncProperty(files, fc.constantFrom(...names), fc.nat(200), async (list, composer, limit) => {
      const embed = async (text: string) => Float64Array.of(text.length, 1);
      const context = { composer, repository: "r", target: file("t.py", "import b.c"), embed };
      const [cut, whole] = [await composeContext(list, { ...context, limit }), await composeContext(list, context)];

      expect(cut.text).toBe(whole.text.slice(Math.max(0, whole.text.length - limit)));
      const seen = [...cut.files, ...cut.leftOut].map(({ path }) => path);
      expect(seen.sort()).toEqual(list.map(({ path }) => path).sort());
      for (const { characters, of } of cut.files) expect(characters).toBeLessThanOrEqual(of);
    }),
  );
});

test("composeContext() names the nearest composer to a slip", async () => {
  const options = { composer: "path-distanc", repository: "r", target };

  await expect(composeContext([], options)).rejects.toThrow('did you mean "path-distance"?');
});

test("completionPrompt() ends before the line end that a model must begin with, predictedLine() takes what follows", () => {
  expect(completionPrompt("ctx", ["a", "b", "c"], 2)).toBe("ctx\na\nb");
  expect(completionPrompt("ctx", ["a"], 0)).toBe("ctx\n");
  expect([predictedLine("\n\n  x = 1\ny"), predictedLine(""), predictedLine("\n")]).toEqual(["  x = 1", "", ""]);
});

const shelf = [
  { path: "a.py", content: "draw(box)" },
  { path: "b.py", content: "read(file)" },
  { path: "c.py", content: "read(file, lines)\nlines.close()" },
];
const reading = { path: "new.py", content: "x = 1\nlines = read(file)" };

test.each(["bm25", "tf-idf"] as const)(
  "the composer %s puts the file last that shares most words with the last lines",
  async (name) => {
    const ordered = await composers[name](shelf, { target: reading, seed: 0 });

    expect(ordered.map(({ path }) => path)).toEqual(["a.py", "b.py", "c.py"]);
    expect(await composers[name]([], { target: reading, seed: 0 })).toEqual([]);
  },
);

test("the composer embeddings puts the file last whose vector is nearest, and needs somebody who embeds", async () => {
  const embed = async (text: string) =>
    Float64Array.of(text.includes("read") ? 1 : 0, text.includes("lines") ? 1 : 0.1);

  const ordered = await composers.embeddings(shelf, { target: reading, seed: 0, embed });

  expect(ordered.map(({ path }) => path)).toEqual(["a.py", "b.py", "c.py"]);
  await expect(composers.embeddings(shelf, { target: reading, seed: 0 })).rejects.toMatchObject({
    code: "EMBEDDER_MISSING",
  });
});
