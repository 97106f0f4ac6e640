import { expect, test } from "vitest";
import { stream } from "#base";
import { dropoutMask } from "./dropout.ts";

test("dropoutMask() keeps its share, scaled, and the same for the same stream", () => {
  const draw = () => dropoutMask(stream(3, "dropout"), [100, 100], { rate: 0.25 });

  const mask = draw();

  expect(mask).toEqual(draw());
  expect([...new Set(mask.data)].sort()).toEqual([0, Math.fround(4 / 3)]);
  expect(mask.data.filter((value) => value === 0).length / 10_000).toBeCloseTo(0.25, 1);
});

test("dropoutMask() refuses a rate that leaves nothing", () => {
  expect(() => dropoutMask(stream(3, "dropout"), [2], { rate: 1 })).toThrow(
    expect.objectContaining({ code: "DROPOUT_RATE" }),
  );
});
