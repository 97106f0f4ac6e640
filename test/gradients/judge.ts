/** Three judges of an operator: a plain loop in float64, differences of that loop, and jax-js. */
import { grad, init, type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { type DType, sizeOf, stream, type Tensor, tensor } from "#base";
import { compile, constant, mul, tensorType, type Value, valueAndGrad } from "#engine";
import type { OperatorCase } from "./case.ts";
import { dot, type Plain, plain, plainOf } from "./plain.ts";

export interface Answer {
  readonly value: Plain;
  readonly gradients: Readonly<Record<string, Plain>>;
}

/** The weights by which the output is summed to the scalar that is differentiated. */
export const cotangentOf = (shape: readonly number[]): Plain => {
  const random = stream(1, "cotangent");
  return plain(
    shape,
    Array.from({ length: sizeOf(shape) }, () => Math.fround(random.normal())),
  );
};

type Trees = Record<string, Record<string, Value>>;

/** What the engine says: value, and the gradients with respect to `wrt`. */
export async function askEngine(
  one: OperatorCase,
  { dtype = "float32", wrt = Object.keys(one.inputs) }: { dtype?: "float32" | "float64"; wrt?: readonly string[] } = {},
): Promise<Answer> {
  const inputs = Object.fromEntries(Object.entries(one.inputs).map(([name, given]) => [name, as(given, dtype)]));
  const fixed = Object.fromEntries(
    Object.entries(one.fixed).map(([name, given]) => [name, given.dtype === "float32" ? as(given, dtype) : given]),
  );
  const types = (tree: Record<string, Tensor>) =>
    Object.fromEntries(Object.entries(tree).map(([name, given]) => [name, tensorType(given.dtype, given.shape)]));
  const build = (trees: Trees) => {
    const value = one.ours({ ...trees.inputs, ...trees.fixed });
    return { value, loss: value.dtype === dtype && wrt.length > 0 ? weighted(value) : value };
  };
  const paths = wrt.map((name) => `inputs.${name}`);
  const traced = (trees: Trees) =>
    one.differentiable && paths.length > 0
      ? valueAndGrad(build, { wrt: paths })(trees)
      : { value: build(trees), gradient: {} };
  const program = await compile(traced as never, { inputs: types(inputs), fixed: types(fixed) } as never);
  const result = (await program.run({ inputs, fixed } as never)) as unknown as {
    value: { value: Tensor };
    gradient: Record<string, Tensor>;
  };
  const gradients = wrt.map((name) => [name, result.gradient[`inputs.${name}`]] as const);
  const known = gradients.flatMap(([name, dx]) => (dx === undefined ? [] : [[name, plainOf(dx)] as const]));
  return { value: plainOf(result.value.value), gradients: Object.fromEntries(known) };
}

const as = ({ shape, data }: Tensor, dtype: DType): Tensor => tensor(shape, Array.from(data, Number), dtype);

function weighted(value: Value): Value {
  const { shape, data } = cotangentOf(value.shape as number[]);
  return mul(value, constant(tensor(shape, data, value.dtype))).sum();
}

/** What the plain loop says; gradients by central differences in random directions are in `differenceAlong`. */
export const askPlain = (one: OperatorCase): Plain => one.plain(plainInputs(one));

const plainInputs = ({ inputs, fixed }: OperatorCase): Record<string, Plain> =>
  Object.fromEntries(Object.entries({ ...inputs, ...fixed }).map(([name, given]) => [name, plainOf(given)]));

/** d/dε ⟨c, f(x + ε v)⟩ at zero, by central differences of the float64 loop. */
export function differenceAlong(one: OperatorCase, direction: Readonly<Record<string, Plain>>): number {
  const step = 1e-5;
  const given = plainInputs(one);
  const moved = (by: number): number => {
    const shifted = Object.entries(direction).map(([name, { data }]) => {
      const { shape, data: base } = given[name]!;
      return [
        name,
        plain(
          shape,
          Array.from(base, (value, at) => value + by * data[at]!),
        ),
      ] as const;
    });
    const y = one.plain({ ...given, ...Object.fromEntries(shifted) });
    return dot(y, cotangentOf(y.shape));
  };
  return (moved(step) - moved(-step)) / (2 * step);
}

let ready: Promise<unknown> | undefined;

/** What jax-js says. */
export async function askJax(one: OperatorCase): Promise<Answer> {
  ready ??= init("wasm");
  await ready;
  const compute = one.jax!;
  const fixed = () => Object.fromEntries(Object.entries(one.fixed).map(([name, given]) => [name, toJax(given)]));
  const inputs = () => Object.fromEntries(Object.entries(one.inputs).map(([name, given]) => [name, toJax(given)]));
  const value = await fromJax(compute({ ...inputs(), ...fixed() }));
  if (!one.differentiable || Object.keys(one.inputs).length === 0) return { value, gradients: {} };
  const loss = (x: Record<string, JaxArray>) => {
    const y = compute({ ...x, ...fixed() });
    const { shape, data } = cotangentOf(y.shape);
    return np.sum(y.mul(np.array(Float32Array.from(data), { shape: [...shape] })));
  };
  const gradient = (grad(loss) as unknown as typeof loss)(inputs()) as unknown as Record<string, JaxArray>;
  const entries = await Promise.all(
    Object.entries(gradient).map(async ([name, dx]) => [name, await fromJax(dx)] as const),
  );
  return { value, gradients: Object.fromEntries(entries) };
}

function toJax({ dtype, shape, data }: Tensor): JaxArray {
  const numbers = Array.from(data, Number);
  if (dtype === "float32") return np.array(Float32Array.from(numbers), { shape: [...shape] });
  if (dtype === "bool")
    return np.array(Int32Array.from(numbers), { shape: [...shape], dtype: "int32" as never }).notEqual(0);
  return np.array(Int32Array.from(numbers), { shape: [...shape], dtype: "int32" as never });
}

async function fromJax(array: JaxArray): Promise<Plain> {
  const { shape } = array;
  return plain(shape, Array.from(await array.data(), Number));
}
