/** Lengths, windows and bounds that are none: refused where they are written, before anything is compiled. */
import { expect, test } from "vitest";
import { averagePool2d, compile, conv1d, maxPool2d, pad, split, topK, type Value } from "#engine";
import { f, type Mistake } from "./mistakes.ts";

const mistakes: Mistake[] = [
  {
    says: "a slice that begins before the first place",
    code: "SHAPE_MISMATCH",
    message: /inside axis 0 of \[3\], got -7 to 3/,
    types: { a: f(3) },
    build: ({ a }) => a!.slice(0, -10),
  },
  {
    says: "fewer places around a value than none",
    code: "SHAPE_MISMATCH",
    message: /zero or more, got -1; cut with \.slice\(\)/,
    types: { a: f(3) },
    build: ({ a }) => pad(a!, { axis: 0, before: -1 }),
  },
  {
    says: "a part of negative length, though all add up",
    code: "SHAPE_MISMATCH",
    message: /zero or more, got -2/,
    types: { a: f(3) },
    build: ({ a }) => split(a!, { axis: 0, lengths: [5, -2] })[0]!,
  },
  {
    says: "more largest values than there are",
    code: "SHAPE_MISMATCH",
    message: /length of axis 0 of \[3\], got 5/,
    types: { a: f(3) },
    build: ({ a }) => topK(a!, { count: 5 }).values,
  },
  {
    says: "bounds in the wrong order",
    code: "OPTION_RANGE",
    message: /got 2 and 1/,
    types: { a: f(3) },
    build: ({ a }) => a!.clip(2, 1),
  },
  {
    says: "a bound that is no number",
    code: "OPTION_RANGE",
    message: /got NaN and 1/,
    types: { a: f(3) },
    build: ({ a }) => a!.clip(Number.NaN, 1),
  },
  {
    says: "a stride of nothing",
    code: "OPTION_RANGE",
    message: /above zero for stride, got 0/,
    types: { a: f(1, 1, 5), w: f(1, 1, 2) },
    build: ({ a, w }) => conv1d(a!, { weight: w! }, { stride: 0 }),
  },
  {
    says: "a padding below zero",
    code: "OPTION_RANGE",
    message: /padding of zero or more, got -1/,
    types: { a: f(1, 1, 5, 5) },
    build: ({ a }) => maxPool2d(a!, { size: 2, padding: -1 }),
  },
  {
    says: "a window of a fraction of a place",
    code: "OPTION_RANGE",
    message: /averagePool2d: .* above zero for size, got 1\.5/,
    types: { a: f(1, 1, 5, 5) },
    build: ({ a }) => averagePool2d(a!, { size: 1.5, stride: 1 }),
  },
];

test.each(mistakes)("a graph is refused with $code for $says", async ({ code, message, types, build }) => {
  const compiling = compile((x: Record<string, Value>) => ({ y: build(x) }), types);

  await expect(compiling).rejects.toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});
