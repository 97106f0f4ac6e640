import { expect, test } from "vitest";
import { stream } from "#base";
import { alphaObjective, expectedLog, learnAlpha, logBeta, trigamma } from "./dirichlet.ts";

test("expectedLog() and logBeta() by hand", () => {
  expect([...expectedLog([1, 1])]).toEqual([expect.closeTo(-1, 12), expect.closeTo(-1, 12)]);
  expect(logBeta([2, 3])).toBeCloseTo(Math.log(1 / 12), 12);
});

test("trigamma() is π²/6 at one and follows its recurrence", () => {
  expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 13);
  expect(trigamma(0.01)).toBeCloseTo(trigamma(1.01) + 1e4, 8);
  expect(trigamma(50)).toBeCloseTo(0.020201333226697, 13);
});

test.each(["symmetric", "each"] as const)("learnAlpha() ends where no %s move gains", (shape) => {
  const random = stream(0, "alpha");
  const logs = new Float64Array(4);
  const images = 50;
  for (let image = 0; image < images; image++) {
    const gamma = Float64Array.from({ length: 4 }, (_, k) => 0.2 + 3 * (k + 1) * random.next());
    for (const [k, value] of expectedLog(gamma).entries()) logs[k]! += value;
  }
  const evidence = { images, logs };

  const alpha = learnAlpha(new Float64Array(4).fill(5), evidence, shape);

  const best = alphaObjective(alpha, evidence);
  const moves =
    shape === "symmetric"
      ? [[1, 1, 1, 1]]
      : [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
          [0, 0, 0, 1],
        ];
  for (const move of moves) {
    for (const sign of [-1, 1]) {
      const moved = alpha.map((value, k) => value * Math.exp(sign * 1e-3 * move[k]!));
      expect(alphaObjective(moved, evidence)).toBeLessThan(best);
    }
  }
});
