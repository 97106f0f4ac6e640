import { init, type Array as JaxArray, grad as jaxGrad, numpy as np } from "@jax-js/jax";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tensor } from "#base";
import { compile, tensorType, type Value, valueAndGrad } from "#engine";
import { expectClose } from "./closeness.ts";
import { plain, plainOf } from "./plain.ts";

/** One step of a random program, said twice. `x` and `y` are values of shape [3, 4] that were made before. */
interface Step {
  readonly ours: (x: Value, y: Value) => Value;
  readonly jax: (x: JaxArray, y: JaxArray) => JaxArray;
}

const alone = (jax: (x: JaxArray) => JaxArray) => (x: JaxArray, y: JaxArray) => {
  y.dispose();
  return jax(x);
};

const steps: Record<string, Step> = {
  add: { ours: (x, y) => x.add(y), jax: (x, y) => x.add(y) },
  sub: { ours: (x, y) => x.sub(y), jax: (x, y) => x.sub(y) },
  mul: { ours: (x, y) => x.mul(y), jax: (x, y) => x.mul(y) },
  tanh: { ours: (x) => x.tanh(), jax: alone(np.tanh) },
  sin: { ours: (x) => x.sin(), jax: alone(np.sin) },
  sigmoid: { ours: (x) => x.sigmoid(), jax: alone((x) => np.reciprocal(np.exp(np.negative(x)).add(1))) },
  centre: {
    ours: (x) => x.sub(x.mean({ axes: 1, keepDims: true })),
    jax: alone((x) => x.ref.sub(np.mean(x, 1, { keepdims: true }))),
  },
  total: { ours: (x, y) => x.mul(y.sum({ axes: 0 })), jax: (x, y) => x.mul(np.sum(y, 0)) },
  gram: {
    ours: (x, y) => x.matmul(y.swapAxes(0, 1)).matmul(y),
    jax: (x, y) => np.matmul(np.matmul(x, np.transpose(y.ref)), y),
  },
  turn: { ours: (x) => x.swapAxes(0, 1).reshape([3, 4]), jax: alone((x) => np.transpose(x).reshape([3, 4])) },
  roots: { ours: (x) => x.square().add(1).sqrt(), jax: alone((x) => np.sqrt(np.square(x).add(1))) },
};

/** Names of steps, and which earlier values each of them takes. */
const programs = fc.array(
  fc.record({ name: fc.constantFrom(...Object.keys(steps)), left: fc.nat(20), right: fc.nat(20) }),
  { minLength: 1, maxLength: 7 },
);

const numbers = fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 12, maxLength: 12 });

test("random small graphs have the value and the gradients that jax-js finds", async () => {
  await init("wasm");

  await fc.assert(
    fc.asyncProperty(programs, numbers, numbers, async (program, a, b) => {
      const ours = (inputs: { a: Value; b: Value }) => {
        const values = [inputs.a, inputs.b];
        for (const { name, left, right } of program) {
          values.push(steps[name]!.ours(values[left % values.length]!, values[right % values.length]!));
        }
        return values.at(-1)!.mean();
      };
      const theirs = (inputs: { a: JaxArray; b: JaxArray }) => {
        const values = [inputs.a, inputs.b];
        for (const { name, left, right } of program) {
          values.push(steps[name]!.jax(values[left % values.length]!.ref, values[right % values.length]!.ref));
        }
        return np.mean(values.at(-1)!.ref);
      };
      const type = tensorType("float32", [3, 4]);
      const compiled = await compile(valueAndGrad(ours, { wrt: ["a", "b"] }), { a: type, b: type });
      const array = (values: number[]) => np.array(Float32Array.from(values), { shape: [3, 4] });

      const { value, gradient } = await compiled.run({ a: tensor([3, 4], a), b: tensor([3, 4], b) });

      const expected = (jaxGrad(theirs as never) as unknown as typeof theirs)({ a: array(a), b: array(b) });
      const { a: da, b: db } = expected as unknown as { a: JaxArray; b: JaxArray };
      expectClose(plainOf(value), plain([], await theirs({ a: array(a), b: array(b) }).data()), 1e-4);
      expectClose(plainOf(gradient.a), plain([3, 4], await da.data()), 1e-3);
      expectClose(plainOf(gradient.b), plain([3, 4], await db.data()), 1e-3);
    }),
    { numRuns: 60, seed: 7 },
  );
});

test("compile() computes an axis of any length with one program", async () => {
  const loss = ({ x, w }: { x: Value; w: Value }) => x.reshape(["B", 2, -1]).matmul(w).tanh().mean();
  const signature = { x: tensorType("float32", ["B", "2*T"]), w: tensorType("float32", ["T", 3]) };
  const program = await compile(valueAndGrad(loss, { wrt: ["x", "w"] }), signature);
  const fixed = (rows: number, half: number) =>
    compile(
      valueAndGrad(({ x, w }: { x: Value; w: Value }) => x.reshape([rows, 2, half]).matmul(w).tanh().mean(), {
        wrt: ["x", "w"],
      }),
      { x: tensorType("float32", [rows, 2 * half]), w: tensorType("float32", [half, 3]) },
    );
  for (const [rows, half] of [
    [1, 1],
    [2, 5],
    [7, 3],
  ] as const) {
    const x = tensor(
      [rows, 2 * half],
      Array.from({ length: rows * 2 * half }, (_, at) => Math.sin(at)),
    );
    const w = tensor(
      [half, 3],
      Array.from({ length: half * 3 }, (_, at) => Math.cos(at)),
    );

    const flexible = await program.run({ x, w });

    const exact = await (await fixed(rows, half)).run({ x, w });
    expectClose(plainOf(flexible.gradient.x), plainOf(exact.gradient.x), 1e-6);
    expectClose(plainOf(flexible.gradient.w), plainOf(exact.gradient.w), 1e-6);
    expect(flexible.value.data[0]).toBeCloseTo(Number(exact.value.data[0]), 6);
  }
});
