// Exercises: src/engine/graph/onnx.ts src/engine/graph/operator.ts src/engine/graph/shapes.ts
import { expect, test } from "vitest";
import { tensor } from "#base";
import "../operators/fluent.ts";
import { add, cast, mul, sub } from "../operators/elementwise.ts";
import { constant, input } from "../operators/leaves.ts";
import { full } from "../operators/movement.ts";
import { dependentsOf, nodesOf } from "./graph.ts";
import { hashOfModel, lower } from "./lower.ts";
import { encodeModel } from "./onnx.ts";
import { scope } from "./scope.ts";
import { tensorType } from "./tree.ts";
import type { Value } from "./value.ts";

const x = input("x", tensorType("float32", ["B", 4]));
const y = input("y", tensorType("float32", ["B", 4]));
const inputs = new Map([
  ["x", x],
  ["y", y],
]);
const lowered = (outputs: Record<string, Value>) => lower(inputs, new Map(Object.entries(outputs)));
const names = (outputs: Record<string, Value>) => lowered(outputs).nodes.map(({ operator }) => operator);

test("lower() computes equal expressions once", () => {
  expect(names({ z: x.exp().add(x.exp()) })).toEqual(["Exp", "Add"]);
});

test("lower() leaves out inputs that nothing needs, and operators too", () => {
  y.exp();

  const model = lowered({ z: x.exp() });

  expect(model.inputs.map(({ name }) => name)).toEqual(["in.x"]);
  expect(model.nodes.length).toBe(1);
});

test("lower() copies an output that is an input or another output as well", () => {
  const both = x.exp();

  expect(names({ same: x, first: both, second: both })).toEqual(["Exp", "Identity", "Identity"]);
});

test("lower() names nodes after the scope in which they were built", () => {
  const z = scope("blocks.0", () => x.exp());

  expect(lowered({ z }).nodes[0]!.name).toBe("blocks.0/Exp_0");
});

test("lower() reads a symbol's length from the inputs only where a node needs it", () => {
  expect(names({ z: x.reshape(["B", 2, 2]) })).toEqual(["Reshape"]);
  expect(names({ z: full(["B"], 1) })).toContain("Shape");
});

test("lower() refuses a symbol that no input has", () => {
  expect(() => lowered({ z: full(["Q"], 1) })).toThrow(expect.objectContaining({ code: "SYMBOL_UNBOUND" }));
});

test("equal graphs have equal hashes, and another constant another one", () => {
  const hash = (value: Value) => hashOfModel(encodeModel(lowered({ z: value })), {});

  expect(hash(x.mul(2))).toBe(hash(x.mul(2)));
  expect(hash(x.mul(2))).not.toBe(hash(x.mul(3)));
});

test("add(), sub(), mul() and cast() leave out what changes nothing", () => {
  expect(add(x, 0)).toBe(x);
  expect(sub(x, 0)).toBe(x);
  expect(mul(1, x)).toBe(x);
  expect(cast(x, "float32")).toBe(x);
  expect(x.neg().neg()).toBe(x);
});

test("add() keeps a zero whose shape or dtype counts", () => {
  const zeros = constant(tensor([3, 1, 1], [0, 0, 0]));

  expect(add(constant(1), full(["B"], 0)).shape).toEqual(["B"]);
  expect(add(x, zeros).shape).toEqual([3, "B", 4]);
});

test("add() leaves an expansion to broadcasting, unless both sides need it", () => {
  const row = constant(tensor([4], [1, 2, 3, 4]));

  expect(names({ z: add(x, row.broadcastTo(["B", 4])) })).toEqual(["Add"]);
  expect(add(constant(1).broadcastTo([2, 3]), constant(2).broadcastTo([2, 3])).shape).toEqual([2, 3]);
});

test("nodesOf() lists inputs before their users, and stands a chain of any depth", () => {
  let deep = x;
  for (let at = 0; at < 20_000; at++) deep = deep.add(y);

  const order = nodesOf([deep]);

  expect(order.length).toBe(20_002);
  expect(order.at(-1)).toBe(deep.node);
});

test("dependentsOf() finds what a value reaches", () => {
  const [a, b] = [x.exp(), y.exp()];
  const order = nodesOf([a.add(b)]);

  const dependents = dependentsOf([x], order);

  expect(dependents.has(a.node)).toBe(true);
  expect(dependents.has(b.node)).toBe(false);
});
