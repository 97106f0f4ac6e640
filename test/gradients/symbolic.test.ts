import { describe, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import {
  affine,
  averagePool2d,
  compile,
  concat,
  conv1d,
  conv2d,
  crossEntropy,
  cumulativeSum,
  type Dim,
  embed,
  groupNorm,
  layerNorm,
  maxPool2d,
  oneHot,
  pad,
  rmsNorm,
  rotaryEmbedding,
  scaledDotProductAttention,
  split,
  type TensorType,
  tensorType,
  topK,
  triangularMask,
  type Value,
  valueAndGrad,
  where,
} from "#engine";
import { expectClose } from "./closeness.ts";
import { integers, normal, plainOf } from "./plain.ts";

type Lengths = Readonly<Record<string, number>>;
type Shape = readonly (number | string)[];

interface Model {
  readonly floats: Readonly<Record<string, Shape>>;
  readonly ids?: Readonly<Record<string, Shape>>;
  readonly loss: (x: Readonly<Record<string, Value>>) => Value;
}

const models: Record<string, Model> = {
  attention: {
    floats: { x: ["B", "T", 8], w: [8, 8], cos: ["T", 2], sin: ["T", 2] },
    loss: ({ x, w, cos, sin }) => {
      const [batch, length] = x!.shape as [Dim, Dim];
      const heads = (part: Value) => part.reshape([batch, length, -1, 4]).swapAxes(1, 2);
      const [q, k] = [heads(x!.matmul(w!)), heads(x!.slice(2, 0, 4))];
      const query = rotaryEmbedding(q, { cos: cos!, sin: sin! });
      const output = scaledDotProductAttention({ query, key: k, value: k }, { causal: true });
      return output.swapAxes(1, 2).reshape([batch, length, 8]).square().mean();
    },
  },
  "attention with keys from before": {
    floats: { x: ["B", 2, "T", 4], past: ["B", 2, "P", 4], all: ["B", 2, "P+T", 4] },
    loss: ({ x, all }) =>
      scaledDotProductAttention({ query: x!, key: all!, value: all! }, { causal: true }).square().mean(),
  },
  "a language model's loss": {
    floats: { table: [7, 6], scale: [6] },
    ids: { ids: ["B", "T"], targets: ["B", "T"] },
    loss: ({ table, scale, ids, targets }) => {
      const x = layerNorm(rmsNorm(embed(ids!, table!), { scale: scale! }), { scale: scale!, bias: scale! });
      return crossEntropy(affine(x, { weight: table!.swapAxes(0, 1) }), targets!, { ignoreIndex: 3 });
    },
  },
  convolutions: {
    floats: { x: ["B", 4, "2*T"], w: [6, 2, 4], image: ["B", 4, "2*T+6", 6], k: [2, 4, 3, 3] },
    loss: ({ x, w, image, k }) => {
      const line = conv1d(x!, { weight: w! }, { stride: 2, padding: 1, groups: 2 });
      const picture = maxPool2d(
        groupNorm(conv2d(image!, { weight: k! }, { stride: 2, padding: 1 }), {}, { groups: 2 }),
        { size: [1, 2] },
      );
      const means = averagePool2d(image!, { size: 2 });
      return line.tanh().mean().add(picture.square().mean()).add(means.square().mean());
    },
  },
  "moving along a symbol": {
    floats: { x: ["T", "B"], y: ["T"] },
    loss: ({ x, y }) => {
      const [rows, columns] = x!.shape as [Dim, Dim];
      const longer = typeof rows === "number" ? rows + 2 : `${rows}+2`;
      const [a, b] = split(pad(x!, { axis: 0, before: 2, after: rows }), { axis: 0, lengths: [rows, longer] });
      const seen = where(triangularMask(rows, columns, { offset: 1 }), a!, y!.expandDims(1));
      const marked = oneHot(x!.argMax({ axis: 0 }), rows).matmul(y!);
      const most = topK(y!, { count: 1 }).values;
      return cumulativeSum(seen, { axis: 0 }).square().mean().add(b!.sum()).add(marked.mean()).add(most.sum());
    },
  },
};

const sized = (shape: Shape, lengths: Lengths): number[] =>
  shape.map((dim) =>
    typeof dim === "number"
      ? dim
      : dim
          .split("+")
          .map((term) =>
            term
              .split("*")
              .map((factor) => lengths[factor] ?? Number(factor))
              .reduce((a, b) => a * b, 1),
          )
          .reduce((a, b) => a + b, 0),
  );

const each = <From, To>(
  tree: Readonly<Record<string, From>> | undefined,
  make: (one: From, name: string) => To,
): Record<string, To> => Object.fromEntries(Object.entries(tree ?? {}).map(([name, one]) => [name, make(one, name)]));

async function run({ floats, ids, loss }: Model, typed: (shape: Shape) => Shape, given: Record<string, Tensor>) {
  const types: Record<string, TensorType> = {
    ...each(floats, (shape) => tensorType("float32", typed(shape))),
    ...each(ids, (shape) => tensorType("int64", typed(shape))),
  };
  const program = await compile(valueAndGrad(loss, { wrt: Object.keys(floats) }), types);
  return program.run(given as never) as unknown as Promise<{ value: Tensor; gradient: Record<string, Tensor> }>;
}

describe("a program with axes of any length", () => {
  test.each(Object.entries(models))("computes %s as one with fixed lengths does", async (name, model) => {
    for (const lengths of [
      { B: 1, T: 2, P: 3 },
      { B: 3, T: 5, P: 1 },
    ]) {
      const numbers = (shape: Shape, at: string) => normal(`${name} ${at}`, sized(shape, lengths));
      const positions = (shape: Shape) => {
        const size = sized(shape, lengths);
        return integers(
          size,
          Array.from({ length: size.reduce((a, b) => a * b, 1) }, (_, at) => (at * 5) % 7),
        );
      };
      const given: Record<string, Tensor> = { ...each(model.floats, numbers), ...each(model.ids, positions) };

      const flexible = await run(model, (shape) => shape, given);

      const exact = await run(model, (shape) => sized(shape, lengths), given);

      expectClose(plainOf(flexible.value), plainOf(exact.value), 1e-6);
      for (const [at, dx] of Object.entries(exact.gradient))
        expectClose(plainOf(flexible.gradient[at]!), plainOf(dx), 1e-5);
    }
  });

  test("takes a sum or product of symbols in whatever order it is written", async () => {
    const types = { x: tensorType("float32", ["T+P"]), y: tensorType("float32", ["T*P"]) };
    const parts = { a: tensorType("float32", ["P"]), b: tensorType("float32", ["T"]) };
    const program = await compile(
      ({ x, y, a, b }) => ({ sum: concat([a, b], 0).add(x), products: a.expandDims(1).mul(b).reshape([-1]).add(y) }),
      { ...types, ...parts },
    );

    const found = await program.run({
      x: tensor([5], [1, 1, 1, 1, 1]),
      y: tensor([6], [0, 0, 0, 0, 0, 1]),
      a: tensor([3], [1, 2, 3]),
      b: tensor([2], [4, 5]),
    });

    expect([...found.sum.data]).toEqual([2, 3, 4, 5, 6]);
    expect([...found.products.data]).toEqual([4, 5, 8, 10, 12, 16]);
  });

  test("refuses a length that would leave less than nothing for its symbol", async () => {
    const program = await compile(({ x }) => ({ y: x.exp() }), { x: tensorType("float32", ["T+4"]) });

    const running = program.run({ x: normal("short", [3]) });

    await expect(running).rejects.toThrowError(
      'Expected a length of T+4 for a whole T of zero or more at "x", got [3]',
    );
  });

  test.each([
    ["T/2", "DIM_SYNTAX"],
    [-3, "DIM_NEGATIVE"],
  ] as const)("refuses the length %s in a signature", async (dim, code) => {
    const compiling = compile(({ x }) => ({ y: x.exp() }), { x: tensorType("float32", [dim]) });

    await expect(compiling).rejects.toMatchObject({ code });
  });

  test("refuses a length that its symbol cannot make", async () => {
    const program = await compile(({ x }) => ({ y: x.exp() }), { x: tensorType("float32", ["2*T"]) });

    const running = program.run({ x: normal("odd", [3]) });

    await expect(running).rejects.toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH", message: expect.stringContaining("for a whole T") }),
    );
  });
});
