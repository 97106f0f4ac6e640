import { join } from "node:path";
import { expect, test } from "vitest";
import { listFolder, readTextFile } from "#formats";
import { commentRemover } from "./comments.ts";
import { definitionSieve } from "./definition-sieve.ts";
import { endingsOf, languageOf, mainLanguage } from "./languages.ts";
import { codeNames } from "./names.ts";

const names = (list: readonly { name: string; line: number }[]): string[] =>
  list.map(({ name, line }) => `${name}:${line}`);

test.each([
  ["python", "class A:\n  def f(self):\n    return g(A(), self.h())"],
  ["javascript", "class A {\n  f() {\n    return g(new A(), this.h());\n  }\n}"],
  ["typescript", "class A {\n  f(): number {\n    return g(new A(), this.h());\n  }\n}"],
  ["java", "class A {\n  int f() {\n    return g(new A(), this.h());\n  }\n}"],
  ["kotlin", "class A {\n  fun f(): Int {\n    return g(A(), this.h())\n  }\n}"],
] as const)("codeNames() finds what %s defines and calls", async (language, text) => {
  const find = await codeNames(language);

  const { defined, called, hasError } = find(text);

  expect(names(defined)).toEqual(["A:0", "f:1"]);
  expect(names(called).sort()).toEqual(["A:2", "g:2", "h:2"]);
  expect(hasError).toBe(false);
});

test("codeNames() counts functions that are values", async () => {
  const find = await codeNames("javascript");

  expect(names(find("const f = () => 1;\nfunction* g() {}\nlet x = 2;").defined)).toEqual(["f:0", "g:1"]);
});

test("commentRemover() takes comments out and keeps what looks like one", async () => {
  const python = await commentRemover("python");
  const javascript = await commentRemover("javascript");

  expect(python('"""Doc.\nMore."""\n# one\nx = "# no"  # two\n')).toEqual({
    code: 'x = "# no"\n',
    comments: ['"""Doc.\nMore."""', "# one", "# two"],
  });
  expect(javascript('/* a\n b */ f("// no"); // c\n').code).toBe(' f("// no");\n');
});

test("languageOf() and mainLanguage() go by the ends of names", () => {
  expect(["a.PY", "a.mjs", "b.kt", "c.txt", "d"].map(languageOf)).toEqual([
    ...["python", "javascript", "kotlin", undefined, undefined],
  ]);
  expect(mainLanguage(["a.ts", "b.py", "c.py", "x.md"])).toBe("python");
  expect(mainLanguage([])).toBeUndefined();
  expect(endingsOf("typescript")).toEqual(["cts", "mts", "ts"]);
});

test("definitionSieve() lets every definition of the project's own sources through", async () => {
  const find = await codeNames("typescript");
  const folder = join(import.meta.dirname, "../..");
  const texts = listFolder(join(folder, "evals")).flatMap(({ name }) =>
    name.endsWith(".ts") ? [readTextFile(join(folder, "evals", name))] : [],
  );

  const lost = texts.flatMap((text) =>
    find(text)
      .defined.filter(({ name }) => !definitionSieve("typescript", [name])(text))
      .map(({ name }) => name),
  );

  expect(texts.length).toBeGreaterThan(50);
  expect(lost).toEqual([]);
});

test.each([
  [
    "javascript",
    "export default class Box extends Map { static async *[Symbol.iterator]() {} /* a */ size$() {} }",
    ["Box", "size$"],
  ],
  ["javascript", "const a = 1,\n  late = async (x) => x; function* many () {}", ["late", "many"]],
  ["python", "class Box(Base):\n    async def  read(self): ...", ["Box", "read"]],
  ["kotlin", "fun <T> List<T>.second(): T = this[1]\nclass Box", ["second", "Box"]],
  ["java", "class Box<T> { private List<T> all() { return null; } }", ["Box", "all"]],
] as const)("definitionSieve() knows how %s defines: %s", async (language, text, names) => {
  const find = await codeNames(language);

  expect(
    find(text)
      .defined.map(({ name }) => name)
      .toSorted(),
  ).toEqual([...names].toSorted());
  for (const name of names) expect(definitionSieve(language, [name])(text), name).toBe(true);
  expect(definitionSieve(language, ["other"])(text)).toBe(false);
});

test("definitionSieve() leaves out what is only called on something, and everything without names", () => {
  const text = "list.map(one).filter(Boolean)";

  expect(definitionSieve("typescript", ["map", "filter"])(text)).toBe(false);
  expect(definitionSieve("typescript", [])(text)).toBe(false);
});
