import { describe, expect, test } from "vitest";
import {
  affine,
  averagePool2d,
  compile,
  concat,
  conv1d,
  crossEntropy,
  dropout,
  einsum,
  gather,
  grad,
  groupNorm,
  layerNorm,
  maxPool2d,
  rotaryEmbedding,
  scaledDotProductAttention,
  scatterAdd,
  scope,
  split,
  squeeze,
  tensorType,
  type Value,
  valueAndGrad,
} from "#engine";
import { f, type Mistake } from "./mistakes.ts";

const ids = (...shape: (number | string)[]) => tensorType("int64", shape);

const mistakes: Mistake[] = [
  {
    says: "shapes that do not broadcast, both of them",
    code: "SHAPE_MISMATCH",
    message: /\[2, 3\] and \[4\]/,
    types: { a: f(2, 3), b: f(4) },
    build: ({ a, b }) => a!.add(b!),
  },
  {
    says: "symbols that differ",
    code: "SHAPE_MISMATCH",
    message: /axis -1 has T and S/,
    types: { a: f("T"), b: f("S") },
    build: ({ a, b }) => a!.mul(b!),
  },
  {
    says: "matrices that do not fit, and the way out",
    code: "SHAPE_MISMATCH",
    message: /\[2, 3\] and \[2, 3\]; transpose one with \.swapAxes\(-1, -2\)/,
    types: { a: f(2, 3) },
    build: ({ a }) => a!.matmul(a!),
  },
  {
    says: "dtypes that differ",
    code: "DTYPE_MISMATCH",
    message: /float32 \[3\] and int64 \[3\]; cast one/,
    types: { a: f(3), b: ids(3) },
    build: ({ a, b }) => a!.add(b!),
  },
  {
    says: "a fraction among whole numbers",
    code: "DTYPE_MISMATCH",
    message: /int64 holds, got 2\.5/,
    types: { a: ids(3) },
    build: ({ a }) => a!.mul(2.5),
  },
  {
    says: "a reshape to another size",
    code: "SHAPE_MISMATCH",
    message: /\[2, 3\] holds 6, \[4\] holds 4/,
    types: { a: f(2, 3) },
    build: ({ a }) => a!.reshape([4]),
  },
  {
    says: "a length that -1 cannot be",
    code: "SHAPE_MISMATCH",
    message: /in place of -1/,
    types: { a: f(2, 3) },
    build: ({ a }) => a!.reshape([4, -1]),
  },
  {
    says: "an axis that is not there",
    code: "AXIS_OUT_OF_RANGE",
    message: /from -2 to 1, got 2/,
    types: { a: f(2, 3) },
    build: ({ a }) => a!.sum({ axes: 2 }),
  },
  {
    says: "an axis named twice",
    code: "AXIS_OUT_OF_RANGE",
    message: /every axis once/,
    types: { a: f(2, 3) },
    build: ({ a }) => a!.transpose([0, 0]),
  },
  {
    says: "a long axis to drop",
    code: "SHAPE_MISMATCH",
    message: /to have length 1/,
    types: { a: f(2, 3) },
    build: ({ a }) => squeeze(a!, 0),
  },
  {
    says: "an axis that cannot grow",
    code: "SHAPE_MISMATCH",
    message: /\[2, 3\] to \[2, 1\]/,
    types: { a: f(2, 3) },
    build: ({ a }) => a!.broadcastTo([2, 1]),
  },
  {
    says: "neighbours of unlike shape",
    code: "SHAPE_MISMATCH",
    message: /\[2, 3\] and \[3, 3\]/,
    types: { a: f(2, 3), b: f(3, 3) },
    build: ({ a, b }) => concat([a!, b!], 1),
  },
  {
    says: "no neighbours at all",
    code: "SHAPE_MISMATCH",
    message: /at least one/,
    types: { a: f(1) },
    build: ({ a }) => concat([], 0).add(a!),
  },
  {
    says: "a slice past the end",
    code: "SHAPE_MISMATCH",
    message: /0 to 5/,
    types: { a: f(2, 3) },
    build: ({ a }) => a!.slice(1, 0, 5),
  },
  {
    says: "parts that do not add up",
    code: "SHAPE_MISMATCH",
    message: /1 \+ 1 = 2/,
    types: { a: f(2, 3) },
    build: ({ a }) => split(a!, { axis: 1, lengths: [1, 1] })[0]!,
  },
  {
    says: "weights of a map of another size",
    code: "SHAPE_MISMATCH",
    message: /\[2, 3\], \[4, 5\], \[5\]/,
    types: { a: f(2, 3), w: f(4, 5), b: f(5) },
    build: ({ a, w, b }) => affine(a!, { weight: w!, bias: b! }),
  },
  {
    says: "positions that are no integers",
    code: "DTYPE_UNSUPPORTED",
    message: /int32 or int64/,
    types: { a: f(2, 3) },
    build: ({ a }) => gather(a!, a!),
  },
  {
    says: "positions without the axes of x",
    code: "SHAPE_MISMATCH",
    message: /\.expandDims\(\)/,
    types: { a: f(2, 3), i: ids(2) },
    build: ({ a, i }) => scatterAdd(a!, { indices: i!, updates: a! }),
  },
  {
    says: "a kernel for other channels",
    code: "SHAPE_MISMATCH",
    message: /\[1, 4, 9\] and \[6, 3, 3\]/,
    types: { a: f(1, 4, 9), w: f(6, 3, 3) },
    build: ({ a, w }) => conv1d(a!, { weight: w! }),
  },
  {
    says: "a kernel that reaches too far",
    code: "SHAPE_MISMATCH",
    message: /at least 5 places/,
    types: { a: f(1, 4, 3), w: f(6, 4, 5) },
    build: ({ a, w }) => conv1d(a!, { weight: w! }),
  },
  {
    says: "a stride that a symbol does not have",
    code: "SHAPE_MISMATCH",
    message: /such as 2\*T/,
    types: { a: f(1, 4, "T"), w: f(6, 4, 1) },
    build: ({ a, w }) => conv1d(a!, { weight: w! }, { stride: 2 }),
  },
  {
    says: "pooling without height and width",
    code: "SHAPE_MISMATCH",
    message: /\[N, C, H, W\]/,
    types: { a: f(2, 3) },
    build: ({ a }) => maxPool2d(a!, { size: 2 }),
  },
  {
    says: "a window that does not fit",
    code: "SHAPE_MISMATCH",
    message: /windows of 4/,
    types: { a: f(1, 1, 3, 3) },
    build: ({ a }) => averagePool2d(a!, { size: 4 }),
  },
  {
    says: "weights of a norm of another size",
    code: "SHAPE_MISMATCH",
    message: /layerNorm of \[2, 3\].*weights of shape \[3\], got \[2\]/,
    types: { a: f(2, 3), s: f(2) },
    build: ({ a, s }) => layerNorm(a!, { scale: s! }),
  },
  {
    says: "groups that do not divide the channels",
    code: "SHAPE_MISMATCH",
    message: /a multiple of 4/,
    types: { a: f(2, 6, 3) },
    build: ({ a }) => groupNorm(a!, {}, { groups: 4 }),
  },
  {
    says: "targets of another shape",
    code: "SHAPE_MISMATCH",
    message: /logits \[2, 3\].*shape \[2\], got \[3\]/,
    types: { a: f(2, 3), t: ids(3) },
    build: ({ a, t }) => crossEntropy(a!, t!),
  },
  {
    says: "heads that are not split",
    code: "SHAPE_MISMATCH",
    message: /split the channels into heads/,
    types: { a: f(2, 3) },
    build: ({ a }) => scaledDotProductAttention({ query: a!, key: a!, value: a! }),
  },
  {
    says: "a mask that does not grow",
    code: "SHAPE_MISMATCH",
    message: /\[1, 2, 3, 3\]/,
    types: { a: f(1, 2, 3, 4), m: f(5, 1, 1, 3) },
    build: ({ a, m }) => scaledDotProductAttention({ query: a!, key: a!, value: a! }, { mask: m! }),
  },
  {
    says: "angles for other places",
    code: "SHAPE_MISMATCH",
    message: /\[2, 3, 4\], \[5, 2\]/,
    types: { a: f(2, 3, 4), c: f(5, 2) },
    build: ({ a, c }) => rotaryEmbedding(a!, { cos: c!, sin: c! }),
  },
  {
    says: "a mask of dropout of another shape",
    code: "SHAPE_MISMATCH",
    message: /shape \[2, 3\], got \[3\]/,
    types: { a: f(2, 3), m: f(3) },
    build: ({ a, m }) => dropout(a!, m!),
  },
  {
    says: "a formula without an arrow",
    code: "EINSUM_SYNTAX",
    message: /"ij"/,
    types: { a: f(2, 3) },
    build: ({ a }) => einsum("ij", a!),
  },
  {
    says: "a letter of two lengths",
    code: "SHAPE_MISMATCH",
    message: /\[2, 3\], \[2, 3\]/,
    types: { a: f(2, 3) },
    build: ({ a }) => einsum("ij,jk->ik", a!, a!),
  },
];

describe("a mistake in a graph", () => {
  test.each(mistakes)("is refused with $code: $says", async ({ code, message, types, build }) => {
    const compiling = compile((x: Record<string, Value>) => ({ y: scope("blocks.3", () => build(x)) }), types as never);

    await expect(compiling).rejects.toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
    await expect(compiling).rejects.toThrow(/\(in blocks\.3\)$/);
  });

  test("is refused when the way to a weight leads through what has no derivative", async () => {
    const compiling = compile(
      valueAndGrad(({ x }: { x: Value }) => x.floor().sum(), { wrt: "x" }),
      { x: f(3) },
    );

    await expect(compiling).rejects.toThrow(
      expect.objectContaining({ code: "NOT_DIFFERENTIABLE", message: expect.stringContaining("stopGradient()") }),
    );
  });

  test("is refused when the loss is no scalar", async () => {
    const compiling = compile((inputs) => ({ g: grad((at: { x: Value }) => at.x, { wrt: "x" })(inputs) }), { x: f(3) });

    await expect(compiling).rejects.toThrow(expect.objectContaining({ code: "LOSS_NOT_SCALAR" }));
  });
});
