import { describe, expect, test } from "vitest";
import { operators } from "../../src/engine/operators/index.ts";
import { cases } from "./cases/index.ts";
import { expectClose } from "./closeness.ts";
import { askEngine, askJax, askPlain, cotangentOf, differenceAlong } from "./judge.ts";
import { dot, normal, plainOf } from "./plain.ts";

const rows = cases.map((one) => ({ name: `${one.operator}${one.note === "" ? "" : `, ${one.note}`}`, one }));
const differentiable = rows.filter(({ one }) => one.differentiable);

test("every operator has a case", () => {
  const covered = new Set(cases.map(({ operator }) => operator));

  expect(Object.keys(operators).filter((name) => !covered.has(name as never))).toEqual([]);
});

describe("operators", () => {
  test.each(rows)("$name agrees with a plain loop", async ({ one }) => {
    const { value } = await askEngine(one);

    expectClose(value, askPlain(one), one.tolerance);
  });

  test.each(differentiable)("$name has the derivative that differences of the loop have", async ({ one }) => {
    const { gradients } = await askEngine(one);
    const names = Object.keys(one.inputs);
    const directions = names.map((name) => plainOf(normal(`direction ${name}`, one.inputs[name]!.shape)));
    const known = names.map((name, at) => dot(gradients[name]!, directions[at]!));

    const expected = names.map((name, at) => differenceAlong(one, { [name]: directions[at]! }));

    const size = Math.max(...names.map((name, at) => norm(gradients[name]!.data) * norm(directions[at]!.data)), 1e-3);
    for (const [at, difference] of expected.entries()) {
      expect(Math.abs(known[at]! - difference) / size, names[at]).toBeLessThan(one.tolerance * 5);
    }
  });

  test.each(rows.filter(({ one }) => one.jax !== undefined))("$name agrees with jax-js", async ({ one }) => {
    const ours = await askEngine(one);

    const theirs = await askJax(one);

    expectClose(ours.value, theirs.value, one.tolerance * 5);
    for (const [name, dx] of Object.entries(theirs.gradients))
      expectClose(ours.gradients[name]!, dx, one.tolerance * 5);
  });

  const several = differentiable.filter(({ one }) => Object.keys(one.inputs).length > 1);
  test.each(several)("$name has the same gradient when only one input needs it", async ({ one }) => {
    const all = await askEngine(one);

    for (const name of Object.keys(one.inputs)) {
      const alone = await askEngine(one, { wrt: [name] });
      expectClose(alone.gradients[name]!, all.gradients[name]!, one.tolerance);
    }
  });

  test.each(rows.filter(({ one }) => !one.float32Only))("$name computes in float64", async ({ one }) => {
    const { value, gradients } = await askEngine(one, { dtype: "float64" });

    expectClose(value, askPlain(one), 1e-12);
    for (const name of Object.keys(gradients)) {
      const direction = plainOf(normal(`direction ${name}`, one.inputs[name]!.shape));
      const size = Math.max(norm(gradients[name]!.data) * norm(direction.data), norm(cotangentOf(value.shape).data));
      const miss = dot(gradients[name]!, direction) - differenceAlong(one, { [name]: direction });
      expect(Math.abs(miss) / size, name).toBeLessThan(1e-8);
    }
  });

  test.each(rows.filter(({ one }) => one.float32Only))("$name refuses float64 by name", async ({ one }) => {
    await expect(askEngine(one, { dtype: "float64" })).rejects.toThrow(
      expect.objectContaining({ code: "DTYPE_UNSUPPORTED", message: expect.stringContaining('.cast("float32")') }),
    );
  });
});

const norm = (data: Float64Array): number => Math.hypot(...data);
