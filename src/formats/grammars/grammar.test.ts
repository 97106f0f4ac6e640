import { expect, test } from "vitest";
import { pythonQuery } from "./grammar.ts";

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
