import { expect, test } from "vitest";
import { evaluate, holds, interpolate } from "./expressions.ts";

const scope = {
  contexts: {
    matrix: { node: 24, os: "Linux", tags: ["a", "b"] },
    env: { NAME: "x" },
    steps: { "set-up": { outcome: "failure" } },
  },
} as const;

test.each([
  ["matrix.node == 24 && matrix.os != 'windows'", true],
  ["matrix.node == '24'", true],
  ["'ABC' == 'abc'", true],
  ["!(1 > 2) || false", true],
  ["matrix.missing.deep", null],
  ["matrix['node'] >= 23.5", true],
  ["matrix.tags[1]", "b"],
  ["contains(matrix.tags, 'B')", true],
  ["contains('hello', 'ell') && startsWith('abc', 'a') && endsWith('abc', 'C')", true],
  ["format('{0}-{1}', env.NAME, 2)", "x-2"],
  ["join(matrix.tags, '+')", "a+b"],
  ["fromJSON('[1,2]')[1]", 2],
  ["toJSON(matrix.tags)", '["a","b"]'],
  ["env.NAME == 'x' && 'yes' || 'no'", "yes"],
  ["steps.set-up.outcome", "failure"],
  ["'it''s'", "it's"],
])("evaluate() gives %s its value", (text, value) => {
  expect(evaluate(text, scope)).toEqual(value);
});

test.each(["secrets.TOKEN", "hashFiles('x')", "matrix.*", "1 +", "(1", "a b"])("evaluate() refuses %s", (text) => {
  expect(() => evaluate(text, scope)).toThrow(/Expected an expression that the runner knows/);
});

test("interpolate() fills a text in, and nothing stands for null", () => {
  expect(interpolate(`v\${{ matrix.node }}/\${{ env.NONE }}.`, scope)).toBe("v24/.");
});

test("holds() waits for success unless the condition asks for the status", () => {
  const failed = { ...scope, status: "failure" } as const;

  expect(
    [undefined, "matrix.node == 24", "always()", "failure()", `\${{ !cancelled() }}`].map((one) => holds(one, failed)),
  ).toEqual([...[false, false, true, true, true]]);
  expect([undefined, "success()", "failure()"].map((one) => holds(one, scope))).toEqual([true, true, false]);
});
