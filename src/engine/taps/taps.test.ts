import { expect, test } from "vitest";
import { tensor } from "#base";
import { valueAndGrad } from "../gradient/grad.ts";
import { scope } from "../graph/scope.ts";
import { tensorType, type ValuesOf } from "../graph/tree.ts";
import type { Value } from "../graph/value.ts";
import { compile } from "../runtime/session.ts";
import { listTaps } from "./list.ts";
import { firstNonFinite, isAllFinite } from "./non-finite.ts";
import { addAt, replaceAt } from "./positions.ts";
import { tap, withTaps } from "./taps.ts";

const signature = { x: tensorType("float32", ["B", "T", 2]) };

/** Two blocks: x → 2 x → log(2 x). */
function model({ x }: { readonly x: Value }): Value {
  const doubled = scope("blocks.0", () => tap("mlp.output", x.mul(2)));
  return scope("blocks.1", () => scope("mlp", () => tap("output", doubled.log())));
}

const x = tensor([1, 3, 2], [1, 2, 3, 4, 5, 6]);

test("tap() changes nothing where nobody listens", async () => {
  const plain = await compile(model, signature);

  const found = await plain.run({ x });

  expect([...found.data]).toEqual([...x.data].map((value) => Math.fround(Math.log(2 * Number(value)))).map(near));
});

const near = (value: number) => expect.closeTo(value, 6);

test("withTaps() hands out taps by their scoped names as more outputs", async () => {
  const program = await compile(
    (inputs: ValuesOf<typeof signature>) => withTaps({ read: ["blocks.0.mlp.output"] }, () => model(inputs)),
    signature,
  );

  const { taps } = await program.run({ x });

  expect(Object.keys(taps)).toEqual(["blocks.0.mlp.output"]);
  expect([...taps["blocks.0.mlp.output"]!.data]).toEqual([2, 4, 6, 8, 10, 12]);
});

test("withTaps() lets the model go on with an edited tap, and reads it after the edit", async () => {
  const plan = { read: "all", edit: { "blocks.0.mlp.output": (value: Value) => value.mul(0).add(1) } } as const;
  const program = await compile((inputs: ValuesOf<typeof signature>) => withTaps(plan, () => model(inputs)), signature);

  const { result, taps } = await program.run({ x });

  expect([...result.data]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...taps["blocks.0.mlp.output"]!.data]).toEqual([1, 1, 1, 1, 1, 1]);
});

test("withTaps() inside withTaps(): the inner edit comes first", async () => {
  const inner = { edit: { "blocks.0.mlp.output": (value: Value) => value.add(1) } };
  const outer = { read: "all", edit: { "blocks.0.mlp.output": (value: Value) => value.mul(10) } } as const;
  const program = await compile(
    (inputs: ValuesOf<typeof signature>) => withTaps(outer, () => withTaps(inner, () => model(inputs)).result).taps,
    signature,
  );

  const taps = await program.run({ x: tensor([1, 1, 2], [1, 2]) });

  expect([...taps["blocks.0.mlp.output"]!.data]).toEqual([30, 50]);
});

const atTokens = {
  x: tensorType("float32", ["B", "T", 2]),
  positions: tensorType("int64", ["B"]),
  vector: tensorType("float32", [2]),
};

test("addAt() adds at one token of each row, and its gradient is that of the model at this token", async () => {
  const edited = ({ x, positions, vector }: ValuesOf<typeof atTokens>) =>
    withTaps({ edit: { "blocks.0.mlp.output": (value) => addAt(value, { positions, vector }) } }, () => model({ x }));
  const program = await compile(
    valueAndGrad((inputs: ValuesOf<typeof atTokens>) => ({ loss: edited(inputs).result.sum() }), { wrt: "vector" }),
    atTokens,
  );

  const found = await program.run({ x, positions: tensor([1], [1], "int64"), vector: tensor([2], [4, 2]) });

  const logs = [2, 4, 6 + 4, 8 + 2, 10, 12].reduce((sum, value) => sum + Math.log(value), 0);
  expect(Number(found.value.loss.data[0])).toBeCloseTo(logs, 5);
  expect([...found.gradient.data]).toEqual([near(1 / 10), near(1 / 10)]);
});

test("replaceAt() replaces at the listed tokens and keeps the bits of all others; a negative position is none", async () => {
  const several = { ...atTokens, positions: tensorType("int64", ["B", 2]), vector: tensorType("float32", ["B", 2]) };
  const program = await compile(
    ({ x, positions, vector }: ValuesOf<typeof several>) => replaceAt(x, { positions, vector }),
    several,
  );

  const rows = tensor([2, 2, 2], [Number.NaN, -0, 3, 4, 5, 6, 7, 8]);
  const positions = tensor([2, 2], [1, -1, -1, -1], "int64");
  const found = await program.run({ x: rows, positions, vector: tensor([2, 2], [9, 9, 9, 9]) });

  expect([...found.data]).toEqual([Number.NaN, -0, 9, 9, 5, 6, 7, 8]);
});

test("addAt() refuses positions that are not int64", async () => {
  const wrong = { ...atTokens, positions: tensorType("float32", ["B"]) };

  const compiled = compile(({ x, ...at }: ValuesOf<typeof wrong>) => addAt(x, at), wrong);

  await expect(compiled).rejects.toThrowError(/int64 positions \[B\], got .* and float32 \[B\]/);
});

test("withTaps() names the nearest taps for one that the model does not have", async () => {
  const plan = { read: ["blocks.0.mlp.outputs"] };
  const compiled = compile((inputs: ValuesOf<typeof signature>) => withTaps(plan, () => model(inputs)), signature);

  await expect(compiled).rejects.toThrowError(
    'Expected a tap of the model, got "blocks.0.mlp.outputs"; the nearest are "blocks.0.mlp.output", "blocks.1.mlp.output"',
  );
});

test("withTaps() refuses a name that is used twice, and an edit that changes the shape", async () => {
  const twice = (inputs: ValuesOf<typeof signature>) => {
    return withTaps({}, () => tap("a", tap("a", inputs.x))).result;
  };
  const edit = { "blocks.0.mlp.output": (value: Value) => value.sum() };

  await expect(compile(twice, signature)).rejects.toThrowError('Expected each name once, got "a" twice');
  await expect(
    compile((inputs: ValuesOf<typeof signature>) => withTaps({ edit }, () => model(inputs)).result, signature),
  ).rejects.toThrowError('Expected float32 [B, T, 2] from the edit of "blocks.0.mlp.output", got float32 []');
});

test("listTaps() gives names and types without compiling", () => {
  const taps = listTaps(model, signature);

  expect([...taps]).toEqual([
    ["blocks.0.mlp.output", { dtype: "float32", shape: ["B", "T", 2] }],
    ["blocks.1.mlp.output", { dtype: "float32", shape: ["B", "T", 2] }],
  ]);
});

test.each([
  ["an input", [Number.NaN, 1], { kind: "input", name: "x" }],
  ["the tap where it came up", [-1, 1], { kind: "tap", name: "blocks.1.mlp.output" }],
  ["nothing when all is finite", [1, 1], undefined],
])("firstNonFinite() names %s", async (_, values, expected) => {
  const found = await firstNonFinite(model, { signature, inputs: { x: tensor([1, 1, 2], values) } });

  expect(found).toEqual(expected);
});

test("firstNonFinite() names the output that is not finite although every tap was", async () => {
  const build = ({ x }: ValuesOf<typeof signature>) => ({
    loss: scope("blocks.0", () => tap("a", x))
      .log()
      .sum(),
  });

  const found = await firstNonFinite(build, { signature, inputs: { x: tensor([1, 1, 2], [0, 1]) } });

  expect(found).toEqual({ kind: "output", name: "loss" });
});

test("isAllFinite() finds one NaN or infinity, and is not deceived by numbers whose sum overflows", () => {
  expect(isAllFinite(tensor([2], [3e38, 3e38]))).toBe(true);
  expect(isAllFinite(tensor([3], [1, Number.NaN, 2]))).toBe(false);
  expect(isAllFinite(tensor([1], [Number.NEGATIVE_INFINITY]))).toBe(false);
  expect(isAllFinite(tensor([1], [7], "int64"))).toBe(true);
});
