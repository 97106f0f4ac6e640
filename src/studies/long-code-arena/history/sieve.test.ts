import { expect, test } from "vitest";
import { Sieve } from "./sieve.ts";
import { endingsIn, isTestPath } from "./source-paths.ts";

test("isTestPath() and endingsIn() follow the paper's substrings", () => {
  expect(["tests/a.py", "src/latest/x.py", "a/Test/b.py", "src/a.test.ts", "src/contest.py"].map(isTestPath)).toEqual([
    ...[true, true, true, true, false],
  ]);
  expect(endingsIn(["a.ts", "b.mts", "c.py"])).toEqual([".cts", ".mts", ".ts"]);
});

test("Sieve counts a candidate under the first rule that it breaks", () => {
  const sieve = new Sieve("things");

  const passed = [1, 2, 3, 4].filter((n) =>
    sieve.passes([
      ["small", n < 4],
      ["odd", () => n % 2 === 1],
    ]),
  );

  expect(passed).toEqual([1, 3]);
  expect(sieve.note()).toBe("4 things looked at; left out by rule: 1 (odd), 1 (small)");
});
