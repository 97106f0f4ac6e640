import { expect, test } from "vitest";
import { singleTests } from "./single-tests.ts";

test("singleTests() cuts a file of scripts into its tests, each with the file's head", () => {
  const content =
    'import { f } from "./f.js";\n\ntest("f adds", () => {\n  f(1);\n});\n\nit(`g is it`, () => {\n  g();\n});\n';

  const found = singleTests(content, { path: "f.test.js", language: "javascript" });

  expect(found.map(({ id, title }) => [id, title])).toEqual([
    ["f.test.js/0", "f adds"],
    ["f.test.js/1", "g is it"],
  ]);
  expect(found[0]!.code).toBe('import { f } from "./f.js";\n\ntest("f adds", () => {\n  f(1);\n});');
});

test("singleTests() reads Python's tests by their names, and knows none of other languages", () => {
  const content = "import f\n\n\ndef test_it_adds_two(x):\n    f(1)\n\n    f(2)\n\n\ndef helper():\n    pass\n";

  const [found, ...others] = singleTests(content, { path: "test_f.py", language: "python" });

  expect(others).toEqual([]);
  expect(found).toEqual({
    id: "test_f.py/0",
    title: "it adds two",
    code: "import f\n\ndef test_it_adds_two(x):\n    f(1)\n\n    f(2)",
  });
  expect(singleTests("void testIt() {}", { path: "A.java", language: "java" })).toEqual([]);
});
