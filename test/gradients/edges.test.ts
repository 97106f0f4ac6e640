/** Where formulas end: no numbers at all, equals among the largest, zero to the power zero, infinity that does not count. */
import { expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import {
  affine,
  compile,
  crossEntropy,
  gather,
  gatherElements,
  logSumExp,
  scaledDotProductAttention,
  scatterAdd,
  type TensorType,
  tensorType,
  topK,
  type Value,
  valueAndGrad,
} from "#engine";

type Given = Readonly<Record<string, Tensor>>;
type Values = Readonly<Record<string, Value>>;

/** The loss, and its gradient by every float that is given. */
async function slopes(loss: (x: Values) => Value, given: Given) {
  const types: Record<string, TensorType> = {};
  for (const [name, { dtype, shape }] of Object.entries(given)) types[name] = tensorType(dtype, shape);
  const wrt = Object.keys(given).filter((name) => given[name]!.dtype === "float32");
  const program = await compile(valueAndGrad(loss, { wrt }), types);
  const { value, gradient } = (await program.run(given as never)) as unknown as { value: Tensor; gradient: Given };
  const lists = Object.entries(gradient).map(([name, { data }]) => [name, Array.from(data, Number)] as const);
  return { value: Number(value.data[0]), ...Object.fromEntries(lists) } as Record<string, number[]> & { value: number };
}

const floats = (...values: number[]): Tensor => tensor([values.length], values);
const ids = (...values: number[]): Tensor => tensor([values.length], values, "int64");

test("the largest of equals share the gradient, in max, min, maximum and minimum", async () => {
  const given = { x: floats(1, 3, 3, 1), y: floats(1, 2, 4, 1) };

  const found = await slopes(({ x }) => x!.max().add(x!.min().mul(2)), { x: given.x });
  const pairs = await slopes(({ x, y }) => x!.maximum(y!).sum().add(x!.minimum(y!).sum().mul(10)), given);

  expect(found.x).toEqual([1, 0.5, 0.5, 1]);
  expect(pairs.x).toEqual([5.5, 1, 10, 5.5]);
  expect(pairs.y).toEqual([5.5, 10, 1, 5.5]);
});

test("topK() of equals gives the gradient to as many as it takes", async () => {
  const { x } = await slopes(({ x }) => topK(x!, { count: 2 }).values.sum(), { x: floats(5, 5, 5, 1) });

  expect(x!.toSorted()).toEqual([0, 0, 1, 1]);
});

test("gather(), gatherElements() and scatterAdd() add up what comes back to one place, counted from the end too", async () => {
  const at = ids(2, 0, -1, 2);
  const weights = tensor([4], [1, 10, 100, 1000]);

  const taken = await slopes(({ x, at, weights }) => gather(x!, at!).mul(weights!).sum(), {
    x: floats(1, 2, 3),
    at,
    weights,
  });
  const elements = await slopes(({ x, at, weights }) => gatherElements(x!, at!).mul(weights!).sum(), {
    x: floats(1, 2, 3),
    at,
    weights,
  });
  const added = await slopes(
    ({ x, at, u, weights }) => scatterAdd(x!, { indices: at!, updates: u! }).mul(weights!).sum(),
    {
      x: floats(1, 2, 3),
      at,
      u: floats(4, 5, 6, 7),
      weights: tensor([3], [1, 10, 100]),
    },
  );

  expect(taken.x).toEqual([10, 0, 1101]);
  expect(elements.x).toEqual([10, 0, 1101]);
  expect([added.x, added.u]).toEqual([
    [1, 10, 100],
    [100, 1, 100, 100],
  ]);
  expect(added.value).toBe(6 + 20 + 100 * (3 + 4 + 6 + 7));
});

test("pow() has a slope of zero at zero to the power zero, by either number", async () => {
  const found = await slopes(({ a, b }) => a!.pow(b!).sum(), { a: floats(0, 0, 2, 0), b: floats(0, 1, 0, 2) });
  const constant = await slopes(({ a }) => a!.pow(0).sum(), { a: floats(0, 3) });

  expect(found.a).toEqual([0, 1, 0, 0]);
  expect(found.b).toEqual([0, 0, expect.closeTo(Math.log(2), 6), 0]);
  expect(constant.a).toEqual([0, 0]);
});

test("crossEntropy() lets no infinite loss through where nothing counts", async () => {
  const given = { x: tensor([2, 2], [1, 2, Number.NEGATIVE_INFINITY, 3]), t: ids(0, 0) };
  const mask = tensor([2], [1, 0], "bool");

  const masked = await slopes(({ x, t, mask }) => crossEntropy(x!, t!, { mask: mask! }), { ...given, mask });
  const ignored = await slopes(({ x, t }) => crossEntropy(x!, t!, { ignoreIndex: -100 }), {
    ...given,
    t: ids(0, -100),
  });

  expect(masked.value).toBeCloseTo(Math.log(1 + Math.E), 6);
  expect(masked.x!.slice(2)).toEqual([0, 0]);
  expect([ignored.value, ignored.x]).toEqual([masked.value, masked.x]);
});

test("crossEntropy() with weights has the slope by a weight of zero too", async () => {
  const given = { x: tensor([2, 2], [0, 0, 0, 0]), t: ids(0, 1), w: floats(1, 0) };

  const { w } = await slopes(({ x, t, w }) => crossEntropy(x!, t!, { mask: w!, reduction: "sum" }), given);

  expect(w![1]).toBeCloseTo(Math.log(2), 6);
});

test("reductions over no axes leave every number as it is", async () => {
  for (const fold of [logSumExp, (x: Value, axes: object) => x.sum(axes), (x: Value, axes: object) => x.max(axes)]) {
    const program = await compile(({ x }) => ({ y: fold(x, { axes: [] }) }), { x: tensorType("float32", [3]) });

    const { y } = await program.run({ x: tensor([3], [1, 2, 3]) });

    expect([y.shape, [...y.data]]).toEqual([[3], [1, 2, 3]]);
  }
});

test("a batch of nothing has a loss and gradients: those of an empty sum", async () => {
  const types = {
    x: tensorType("float32", ["B", 2]),
    w: tensorType("float32", [2, 3]),
    b: tensorType("float32", [3]),
    table: tensorType("float32", [4, 2]),
    ids: tensorType("int64", ["B"]),
  };
  const loss = ({ x, w, b, table, ids }: Values) =>
    affine(x!.add(gather(table!, ids!)), { weight: w!, bias: b! })
      .tanh()
      .sum();
  const program = await compile(valueAndGrad(loss, { wrt: ["x", "w", "b", "table"] }), types);
  const weights = { w: tensor([2, 3], [1, 2, 3, 4, 5, 6]), b: tensor([3], [1, 1, 1]) };

  const { value, gradient } = (await program.run({
    x: tensor([0, 2], []),
    table: tensor([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
    ids: tensor([0], [], "int64"),
    ...weights,
  })) as unknown as { value: Tensor; gradient: Given };

  expect(Number(value.data[0])).toBe(0);
  expect(gradient.x!.shape).toEqual([0, 2]);
  for (const name of ["w", "b", "table"]) expect(gradient[name]!.data.every((slope) => slope === 0)).toBe(true);
});

test("scaledDotProductAttention() takes a mask of keys alone, also where heads share them", async () => {
  const key = tensor(
    [1, 2, 3, 2],
    Float32Array.from({ length: 12 }, (_, at) => Math.sin(at)),
  );
  const shared = tensor(
    [1, 4, 2, 2],
    Float32Array.from({ length: 16 }, (_, at) => Math.cos(at)),
  );
  const types = {
    q: tensorType("float32", [1, 4, 2, 2]),
    k: tensorType("float32", [1, 2, 3, 2]),
    m: tensorType("bool", [3]),
  };
  const build = ({ q, k, m }: Values) => ({
    masked: scaledDotProductAttention({ query: q!, key: k!, value: k! }, { mask: m! }),
    cut: scaledDotProductAttention({ query: q!, key: k!.slice(2, 0, 2), value: k!.slice(2, 0, 2) }),
  });
  const program = await compile(build, types as Record<string, TensorType>);

  const { masked, cut } = await program.run({ q: shared, k: key, m: tensor([3], [1, 1, 0], "bool") });

  for (const [at, value] of cut.data.entries()) expect(Number(masked.data[at])).toBeCloseTo(Number(value), 6);
});
