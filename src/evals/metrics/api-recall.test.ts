import { expect, test } from "vitest";
import { apiRecall, apiRecallOfCode, calledNamesFinder } from "./api-recall.ts";

test("calledNamesFinder() finds the last name of every call, also in decorators, nested calls and broken code", async () => {
  const find = await calledNamesFinder();

  expect(find("a.b.f(g(1))[h()]\n@deco(x)\ndef k(): return C().m\n")).toEqual({
    called: ["C", "deco", "f", "g", "h"],
    hasError: false,
  });
  expect(find("f(1\nx = g(2)\ndef (")).toMatchObject({ called: expect.arrayContaining(["g"]), hasError: true });
  expect(find("")).toEqual({ called: [], hasError: false });
  expect(find("# f(x)\n's(1)'\n(lambda: 0)()\nt[0]()").called).toEqual([]);
});

test("calledNamesFinder() reads names in any script, and lone surrogates without failing", async () => {
  const find = await calledNamesFinder();

  expect(find("größe(1); 😀; 变量.方法()").called).toEqual(["größe", "方法"]);
  expect(() => find("\ud800(\udfff)\u0000")).not.toThrow();
});

test("apiRecall() divides by the length of the list, repeated names included", () => {
  expect(apiRecall(["a", "a", "z"], ["a", "b"])).toBe(1 / 2);
  expect(apiRecall(["a"], ["a", "a"])).toBe(1 / 2);
  expect(apiRecall(["a"], [])).toBe(0);
});

test("apiRecallOfCode() averages the recall of each answer", async () => {
  const result = await apiRecallOfCode([
    { candidate: "x.load(); fit(y)", reference: ["load", "fit"] },
    { candidate: "I cannot help with that.", reference: ["load"] },
  ]);

  expect(result).toMatchObject({ value: 0.5, n: 2, perSample: [1, 0] });
});
