import fc from "fast-check";
import { expect, test } from "vitest";
import { sizeOf } from "#base";
import {
  argMax,
  compile,
  concat,
  cumulativeSum,
  gather,
  layerNorm,
  oneHot,
  pad,
  range,
  softmax,
  split,
  tensorType,
  topK,
  type Value,
  valueAndGrad,
} from "#engine";
import { expectClose } from "./closeness.ts";
import { normal, plainOf } from "./plain.ts";

const length = (x: Value, axis: number) => Number(x.shape[axis]);

/** Steps on a value of any shape with two axes or more; `axis` is one of them. */
const steps: Record<string, (x: Value, axis: number) => Value> = {
  turn: (x, axis) => x.transpose(x.shape.map((_, at) => (at + axis) % x.rank)),
  swap: (x, axis) => x.swapAxes(axis, -1),
  pad: (x, axis) => pad(x, { axis, before: 1, after: axis, fill: 0.5 }),
  cut: (x, axis) => (length(x, axis) > 1 ? x.slice(axis, 1) : x),
  twice: (x, axis) => concat([x, x.neg()], axis),
  part: (x, axis) => (length(x, axis) > 1 ? split(x, { axis, lengths: [1, length(x, axis) - 1] })[1]! : x),
  fold: (x, axis) => x.add(x.sum({ axes: axis, keepDims: true })),
  centre: (x, axis) => x.sub(x.mean({ axes: axis, keepDims: true })),
  most: (x, axis) => x.sub(x.max({ axes: axis, keepDims: true })),
  wider: (x, axis) => (x.rank < 4 ? x.expandDims(axis) : x),
  narrower: (x, axis) => (x.rank > 2 && length(x, axis) === 1 ? x.squeeze(axis) : x),
  share: (x, axis) => softmax(x, { axis }),
  normal: (x) => layerNorm(x),
  gram: (x) => x.matmul(x.swapAxes(-1, -2), { scale: 0.1 }).tanh(),
  running: (x, axis) => cumulativeSum(x, { axis }),
  reversed: (x, axis) =>
    gather(
      x,
      range(length(x, axis))
        .neg()
        .add(length(x, axis) - 1),
      { axis },
    ),
  top: (x, axis) => topK(x, { axis, count: 1 }).values.add(x),
  chosen: (x) => x.mul(oneHot(argMax(x), length(x, x.rank - 1))),
  flat: (x) => x.reshape([length(x, 0), -1]),
  bent: (x) => x.tanh(),
};

const programs = fc.array(fc.record({ name: fc.constantFrom(...Object.keys(steps)), axis: fc.nat(11) }), {
  minLength: 2,
  maxLength: 9,
});

test("ONNX Runtime's optimizers change no number of a random graph or its gradient", async () => {
  const x = normal("optimized", [2, 3, 4]);

  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const loss = (inputs: { x: Value }) => {
        const apply = (x: Value, { name, axis }: { name: string; axis: number }) =>
          sizeOf(x.shape as number[]) > 500 ? x.tanh() : steps[name]!(x, axis % x.rank);
        const y = program.reduce(apply, inputs.x);
        return { y, loss: y.mul(y.cos()).mean() };
      };
      const build = valueAndGrad(loss, { wrt: "x" });
      const signature = { x: tensorType("float32", [2, 3, 4]) };
      const plainly = await compile(build, signature, { graphOptimization: "disabled", threads: 1 });
      const optimized = await compile(build, signature, { graphOptimization: "all", threads: 1 });

      const [expected, actual] = [await plainly.run({ x }), await optimized.run({ x })];

      expect(actual.value.y.shape).toEqual(expected.value.y.shape);
      expectClose(plainOf(actual.value.y), plainOf(expected.value.y), 1e-5);
      expectClose(plainOf(actual.gradient), plainOf(expected.gradient), 1e-4);
    }),
    { numRuns: 150, seed: 11 },
  );
});
