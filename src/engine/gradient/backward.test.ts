import { expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import "../operators/fluent.ts";
import { tensorType } from "../graph/tree.ts";
import type { Value } from "../graph/value.ts";
import { compile } from "../runtime/session.ts";
import { vjp } from "./backward.ts";

const type = tensorType("float32", [3]);
const x = tensor([3], [1, 2, 3]);
const numbers = (given: Tensor) => [...given.data];

test("vjp() weighs the rows of the Jacobian by the seed", async () => {
  const program = await compile(({ x, seed }) => ({ dx: vjp(x.mul(x), [x], seed)[0]! }), { x: type, seed: type });

  const { dx } = await program.run({ x, seed: tensor([3], [1, 0, -1]) });

  expect(numbers(dx)).toEqual([2, 0, -6]);
});

test("vjp() gives zeros for what the output does not depend on", async () => {
  const program = await compile(({ x, y }) => ({ dy: vjp(x.exp(), [y], x)[0]! }), { x: type, y: type });

  const { dy } = await program.run({ x, y: x });

  expect(numbers(dy)).toEqual([0, 0, 0]);
});

test("vjp() differentiates by a value in the middle as by an input", async () => {
  const build = ({ x }: { x: Value }) => {
    const middle = x.mul(2);
    return { dm: vjp(middle.square().sum(), [middle], x.sum().mul(0).add(1))[0]! };
  };
  const program = await compile(build, { x: type });

  const { dm } = await program.run({ x });

  expect(numbers(dm)).toEqual([4, 8, 12]);
});

test("vjp() adds up what comes back along every way", async () => {
  const build = ({ x }: { x: Value }) => {
    const [a, b] = [x.mul(3), x.neg()];
    return { dx: vjp(a.add(b).add(x), [x], x)[0]! };
  };
  const program = await compile(build, { x: type });

  const { dx } = await program.run({ x });

  expect(numbers(dx)).toEqual([3, 6, 9]);
});

test("vjp() names what has no derivative, and where it stands", () => {
  const build = ({ x }: { x: Value }) => ({ dx: vjp(x.floor(), [x], x)[0]! });

  const compiling = compile(build, { x: type });

  return expect(compiling).rejects.toThrow(
    expect.objectContaining({
      code: "NOT_DIFFERENTIABLE",
      message: expect.stringContaining("Floor has no derivative"),
    }),
  );
});
