import { expect, test } from "vitest";
import { codeQuery, pythonQuery } from "./grammar.ts";

test("pythonQuery() returns captures in the order of the text, with their lines", async () => {
  const find = await pythonQuery(
    "(function_definition name: (identifier) @function) (class_definition name: (identifier) @class)",
  );

  expect(find("class A:\n  def f(self): pass\ndef g(): pass")).toEqual({
    captures: [
      { name: "class", text: "A", line: 0 },
      { name: "function", text: "f", line: 1 },
      { name: "function", text: "g", line: 2 },
    ],
    hasError: false,
  });
});

test("pythonQuery() searches what can be read of a text that is not Python", async () => {
  const find = await pythonQuery("(call) @call");

  const { captures, hasError } = find("Dear user, ```\nprint(1)\n)) def");

  expect(hasError).toBe(true);
  expect(captures.map(({ text }) => text)).toContain("print(1)");
});

test("pythonQuery() gives back the memory of every tree", async () => {
  const find = await pythonQuery("(identifier) @name");
  const text = "x = y + z\n".repeat(2000);

  for (let round = 0; round < 200; round++) find(text);

  expect(find(text).captures).toHaveLength(6000);
});

test("codeQuery() reads other languages, each with a grammar of its own", async () => {
  const called = "(call_expression function: (identifier) @called)";

  const [script, types] = [await codeQuery("javascript", called), await codeQuery("typescript", called)];

  expect(script("f(1)").captures).toEqual([{ name: "called", text: "f", line: 0 }]);
  expect(script("let x: number = f(1)").hasError).toBe(true);
  expect(types("let x: number = f(1)")).toEqual({
    captures: [{ name: "called", text: "f", line: 0 }],
    hasError: false,
  });
});
