import fc from "fast-check";
import { expect, test } from "vitest";
import { stream } from "#base";
import { chooseToken, likeliest, logProbOf } from "./sampling.ts";

const logits = Float32Array.of(1, 3, 2, 3, -1);

test("likeliest() takes the first of equal ones", () => {
  expect(likeliest(logits)).toBe(1);
});

test("logProbOf() adds up to one over all tokens, also far from zero", () => {
  for (const shift of [0, 1000, -1000]) {
    const moved = logits.map((value) => value + shift);
    const total = [...moved.keys()].reduce((sum, id) => sum + Math.exp(logProbOf(moved, id)), 0);
    expect(total).toBeCloseTo(1, 10);
  }
});

test("chooseToken() draws with the model's probabilities at temperature 1", () => {
  const random = stream(0, "test");
  const counts = new Array<number>(5).fill(0);
  for (let draw = 0; draw < 20_000; draw++) counts[chooseToken(logits, { temperature: 1 }, random)]!++;

  for (const [id, count] of counts.entries()) {
    const p = Math.exp(logProbOf(logits, id));
    expect(Math.abs(count / 20_000 - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 20_000) + 1e-9);
  }
});

test("chooseToken() never leaves topK and topP", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, topK, topP) => {
        const given = Float32Array.from(values);
        const order = [...given.keys()].sort((a, b) => given[b]! - given[a]! || a - b);
        const id = chooseToken(given, { temperature: 1, topK, topP }, stream(1, "test"));
        const kept = order.slice(0, topK);
        const mass = (ids: number[]) => ids.reduce((sum, one) => sum + Math.exp(given[one]! - given[order[0]!]!), 0);
        const before = mass(kept.slice(0, kept.indexOf(id)));
        expect(kept).toContain(id);
        expect(before).toBeLessThan(topP * mass(kept) + 1e-9);
      },
    ),
  );
});

test("chooseToken() at a low temperature takes the likeliest", () => {
  expect(chooseToken(Float32Array.of(0, 1, 0), { temperature: 0.001 }, stream(0, "test"))).toBe(1);
});
