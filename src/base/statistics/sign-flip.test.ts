import { expect, test } from "vitest";
import { stream } from "../random/streams.ts";
import { binomialCdf } from "./distributions.ts";
import { signFlip } from "./sign-flip.ts";

const signs = (positive: number, negative: number): number[] => [
  ...new Array(positive).fill(1),
  ...new Array(negative).fill(-1),
];

test("signFlip() tries every choice of signs for up to 16 differences, zeros not counted", () => {
  const random = stream(0, "exact");

  const { pValue, method } = signFlip([...signs(16, 0), 0, 0, 0], { random });

  expect(pValue).toBe(2 / 2 ** 16);
  expect(method).toBe("exact sign flip, 65536 choices");
});

test("signFlip() by random choices comes near the exact p-value, which is the sign test's for ones", () => {
  const differences = signs(75, 50);
  const exact = 1 - binomialCdf(74, { n: 125, share: 0.5 });

  const greater = signFlip(differences, { random: stream(1, "random"), alternative: "greater" }).pValue;
  const both = signFlip(differences, { random: stream(2, "random") }).pValue;
  const less = signFlip(differences, { random: stream(3, "random"), alternative: "less" }).pValue;

  // Four standard errors of a share near 1.6 % in 9,999 tries are 0.5 %.
  expect(Math.abs(greater - exact)).toBeLessThan(0.005);
  expect(Math.abs(both - 2 * exact)).toBeLessThan(0.007);
  expect(less).toBeGreaterThan(0.97);
});

test("signFlip() by random choices never says zero", () => {
  const { pValue, method } = signFlip(signs(60, 0), { random: stream(0, "floor"), permutations: 99 });

  expect(pValue).toBe(1 / 100);
  expect(method).toBe("sign flip, 99 random choices");
});

test("signFlip() counts sums as equal when only their rounding differs", () => {
  const differences = [0.1, 0.2, 0.3, 0.6];

  // −0.1 − 0.2 − 0.3 + 0.6 is 1e-16 and not 0: with the slack, exactly the choices that reach 0 on paper reach it.
  const { pValue } = signFlip([-0.1, -0.2, -0.3, 0.6], { random: stream(0, "ties") });

  expect(pValue).toBe(1);
  expect(signFlip(differences, { random: stream(0, "ties") }).pValue).toBe(2 / 16);
});

test("signFlip() finds nothing where all pairs are equal", () => {
  expect(signFlip([0, 0, 0], { random: stream(0, "zeros") }).pValue).toBe(1);
});

test("signFlip() refuses what are no differences", () => {
  const random = stream(0, "refusals");

  expect(() => signFlip([], { random })).toThrow("signFlip: Expected at least 1 value, got 0");
  expect(() => signFlip([1, Number.NaN], { random })).toThrow("NaN at position 1");
  expect(() => signFlip([1], { random, permutations: 0 })).toThrow("at least 1, got 0");
});
