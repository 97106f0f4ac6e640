import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Tensor, tensor, zeros } from "#base";
import { accumulate, zeroTree } from "./accumulate.ts";
import { type AdamWOptions, adamW } from "./adamw.ts";
import { chunkSize } from "./chunks.ts";
import { clipScale, globalNorm } from "./clip.ts";
import { columnMask, rowMask } from "./masks.ts";
import { compileOptimizer, type OptimizerOptions } from "./optimizer.ts";
import { prepareRule, programStep } from "./rule-step.ts";
import { type SgdOptions, sgd } from "./sgd.ts";

interface GoldenCase {
  readonly name: string;
  readonly optimizer: "sgd" | "adamw";
  readonly options: Readonly<Record<string, unknown>>;
  readonly maxNorm: number | null;
  readonly groups: Readonly<Record<string, { readonly factor: number; readonly weight_decay: number }>>;
  readonly rates: readonly number[];
  readonly weights: Trees;
  readonly gradients: readonly Trees[];
  readonly norms: readonly number[];
  readonly after: readonly Trees[];
}

type Trees = { readonly matrix: readonly number[]; readonly bias: readonly number[] };

const golden = JSON.parse(readFileSync("test/golden/engine/optimizers.golden.json", "utf8"));
const cases: readonly GoldenCase[] = golden.cases;

const treeOf = ({ matrix, bias }: Trees) => ({ matrix: tensor([3, 4], matrix), bias: tensor([4], bias) });

/** PyTorch's names for options, at this border alone. */
function ruleOf({ optimizer, options }: GoldenCase) {
  const { betas, eps, weight_decay: weightDecay, momentum, nesterov } = options;
  if (optimizer === "sgd") return sgd(given({ weightDecay, momentum, nesterov }) as SgdOptions);
  const [beta1, beta2] = (betas as number[] | undefined) ?? [];
  return adamW(given({ weightDecay, beta1, beta2, epsilon: eps }) as AdamWOptions);
}

const given = (options: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

function optionsOf({ groups }: GoldenCase): OptimizerOptions {
  const listed = Object.entries(groups).map(([name, { factor, weight_decay }]) => {
    return { match: (path: string) => path === name, rateFactor: factor, weightDecay: weight_decay };
  });
  return { groups: listed };
}

test.each(cases)("compileOptimizer() follows PyTorch for several steps: $name", async (golden) => {
  const weights = treeOf(golden.weights);
  const optimizer = await compileOptimizer(ruleOf(golden), weights, optionsOf(golden));
  const state = optimizer.start();

  for (const [at, learningRate] of golden.rates.entries()) {
    const gradients = treeOf(golden.gradients[at]!);
    const norm = await globalNorm(gradients);
    const gradientScale = golden.maxNorm === null ? 1 : clipScale(norm, golden.maxNorm);
    await optimizer.step({ weights, gradients, state }, { learningRate, gradientScale });

    if (golden.maxNorm !== null) expect(Math.abs(norm - golden.norms[at]!)).toBeLessThan(1e-6 * norm);
    for (const name of ["matrix", "bias"] as const) expectClose(weights[name], golden.after[at]![name]);
  }

  expect(state.step.data[0]).toBe(BigInt(golden.rates.length));
});

function expectClose(found: Tensor, expected: readonly number[]): void {
  const worst = expected.map((value, at) => Math.abs(Number(found.data[at]) - value) / (1 + Math.abs(value)));
  expect(Math.max(...worst)).toBeLessThan(2e-6);
}

test("sgd() without momentum is w − η (g + λ w), and keeps no state", async () => {
  const weights = { w: tensor([2], [1, -2]) };
  const optimizer = await compileOptimizer(sgd({ weightDecay: 0.5 }), weights);
  const state = optimizer.start();

  await optimizer.step({ weights, gradients: { w: tensor([2], [4, 8]) }, state }, { learningRate: 0.25 });

  expect([...weights.w.data]).toEqual([1 - 0.25 * 4.5, -2 - 0.25 * 7]);
  expect(state.slots).toEqual({});
});

test("adamW() moves by the learning rate in its first step, whatever the size of the gradient", async () => {
  const weights = { w: tensor([2], [1, 1]) };
  const optimizer = await compileOptimizer(adamW({ weightDecay: 0 }), weights);

  const gradients = { w: tensor([2], [1e-3, -1e3]) };
  await optimizer.step({ weights, gradients, state: optimizer.start() }, { learningRate: 0.125 });

  expect(weights.w.data[0]).toBeCloseTo(0.875, 5);
  expect(weights.w.data[1]).toBeCloseTo(1.125, 5);
});

test("adamW()'s kernel computes what its formula says", async () => {
  const rule = adamW({ weightDecay: 0.1 });
  const draw = (phase: number) =>
    tensor(
      [20_011],
      Float32Array.from({ length: 20_011 }, (_, at) => Math.sin(at + phase)),
    );
  const start = () => ({
    weight: draw(0),
    gradient: draw(1),
    slots: { firstMoment: draw(2), secondMoment: tensor([20_011], draw(3).data.map(Math.abs)) },
  });
  const numbers = rule.numbers({ step: 3, learningRate: 0.01, weightDecay: 0.1, gradientScale: 0.5 });
  const [byKernel, byFormula] = [start(), start()];

  await (await prepareRule(rule, {})).run(byKernel, numbers);
  await (await programStep(rule)).run(byFormula, numbers);

  expectClose(byKernel.weight, [...byFormula.weight.data]);
  expectClose(byKernel.slots.firstMoment, [...byFormula.slots.firstMoment.data]);
  expectClose(byKernel.slots.secondMoment, [...byFormula.slots.secondMoment.data]);
});

test.each([
  ["sgd()", sgd({ momentum: 0.9 })],
  ["adamW()", adamW()],
])("compileOptimizer() steps a tensor of several chunks as it steps its values alone: %s", async (_, rule) => {
  const size = 2 * chunkSize + 5;
  const values = Float32Array.from({ length: size }, (_, at) => Math.sin(at));
  const picked = [0, chunkSize - 1, chunkSize, 2 * chunkSize + 4];
  const large = { w: tensor([size], values.slice()) };
  const small = {
    w: tensor(
      [picked.length],
      Float32Array.from(picked, (at) => values[at]!),
    ),
  };

  for (const weights of [large, small]) {
    const optimizer = await compileOptimizer(rule, weights);
    const gradients = {
      w: tensor(
        weights.w.shape,
        weights.w.data.map((value) => value * value),
      ),
    };
    await optimizer.step({ weights, gradients, state: optimizer.start() }, { learningRate: 0.01 });
  }

  expect(picked.map((at) => large.w.data[at])).toEqual([...small.w.data]);
});

const bitsOf = (tensor: Tensor): Uint32Array => new Uint32Array((tensor.data as Float32Array).slice().buffer);

test("compileOptimizer() trains one column of one matrix and leaves every other value bit for bit", async () => {
  const oddities = [Number.NaN, -0, 1e-45, Number.POSITIVE_INFINITY, 3];
  const weights = {
    up: tensor(
      [3, 5],
      Float32Array.from({ length: 15 }, (_, at) => oddities[at % 5]!),
    ),
    down: tensor([4], [1, 2, 3, 4]),
  };
  const before = { up: bitsOf(weights.up), down: bitsOf(weights.down) };
  const groups = [{ match: (path: string) => path === "down", frozen: true }];
  const optimizer = await compileOptimizer(adamW(), weights, { groups, masks: { up: columnMask([3, 5], 4) } });
  const state = optimizer.start();
  const gradients = { up: tensor([3, 5], new Float32Array(15).fill(1)), down: tensor([4], [1, 1, 1, 1]) };

  await optimizer.step({ weights, gradients, state }, { learningRate: 0.5 });
  await optimizer.step({ weights, gradients, state }, { learningRate: 0.5 });

  const changed = [...bitsOf(weights.up).entries()].filter(([at, bits]) => bits !== before.up[at]);
  expect(changed.map(([at]) => at)).toEqual([4, 9, 14]);
  expect(bitsOf(weights.down)).toEqual(before.down);
  expect(state.slots.firstMoment!.up!.shape).toEqual([3]);
});

test("rowMask() is true in one row alone, and refuses a row that is not there", () => {
  expect([...rowMask([2, 3], 1).data]).toEqual([0, 0, 0, 1, 1, 1]);
  expect(() => rowMask([2, 3], 2)).toThrowError(/Expected a matrix with a row 2, got \[2, 3\]/);
});

test("compileOptimizer() refuses a group that matches nothing and a mask for a name that is not there", async () => {
  const weights = { mlp: { up: zeros([2, 2]) } };

  const group = compileOptimizer(sgd(), weights, { groups: [{ match: (path) => path === "mlp.upp" }] });
  const mask = compileOptimizer(sgd(), weights, { masks: { "mlp.upp": columnMask([2, 2], 0) } });

  await expect(group).rejects.toThrowError(/to match a weight, got none for groups\[0\]/);
  await expect(mask).rejects.toThrowError(/mlp\.up/);
});

test("step() names the gradient that is missing", async () => {
  const weights = { up: zeros([2]), down: zeros([2]) };
  const optimizer = await compileOptimizer(sgd(), weights);

  const step = optimizer.step(
    { weights, gradients: { up: zeros([2]) } as typeof weights, state: optimizer.start() },
    { learningRate: 1 },
  );

  await expect(step).rejects.toThrowError('Expected a gradient float32 [2] at "down", got nothing');
});

test("sgd() and adamW() refuse settings out of range", () => {
  expect(() => sgd({ momentum: 1 })).toThrowError("sgd: Expected momentum of 0 to below 1, got 1");
  expect(() => adamW({ weightDecay: -1 })).toThrowError("adamW: Expected weightDecay of 0 or more, got -1");
});

test("accumulate() adds up trees, and names a leaf that differs", async () => {
  const gradients = { a: tensor([2], [1, 2]), b: [tensor([1], [4])] };
  const sum = zeroTree(gradients);

  await accumulate(sum, gradients);
  await accumulate(sum, gradients);

  expect([...sum.a.data, ...sum.b[0]!.data]).toEqual([2, 4, 8]);
  await expect(accumulate(sum, { a: gradients.a, b: [] })).rejects.toThrowError('at "b.0", got nothing');
  await expect(accumulate(sum, { ...gradients, c: gradients.a })).rejects.toThrowError(
    'Expected nothing at "c", got float32 [2]',
  );
  expect([...sum.a.data]).toEqual([2, 4]);
});
