import { numpy as np } from "@jax-js/jax";
import { tensor } from "#base";
import { clip, cos, div, exp, floor, log, maximum, minimum, neg, pow, rsqrt, sign, sin, sqrt, where } from "#engine";
import { row } from "../case.ts";
import { each, fill, normal, positive } from "../plain.ts";

const x = normal("x", [3, 4]);
const y = normal("y", [3, 4]);
const above = positive("above", [3, 4]);
const column = normal("column", [3, 1]);
const line = normal("line", [4]);

export const elementwise = [
  row("Add", {
    inputs: { x, y },
    ours: ({ x, y }) => x.add(y),
    plain: ({ x, y }) => fill([3, 4], (i) => x.at(i) + y.at(i)),
    jax: ({ x, y }) => x.add(y),
  }),
  row("Add", {
    note: "broadcasting on the right",
    inputs: { x, line },
    ours: ({ x, line }) => x.add(line),
    plain: ({ x, line }) => fill([3, 4], (i) => x.at(i) + line.at(i)),
    jax: ({ x, line }) => x.add(line),
  }),
  row("Add", {
    note: "broadcasting on the left",
    inputs: { x, column },
    ours: ({ x, column }) => column.add(x),
    plain: ({ x, column }) => fill([3, 4], (i) => x.at(i) + column.at(i)),
    jax: ({ x, column }) => column.add(x),
  }),
  row("Add", {
    note: "broadcasting on both sides",
    inputs: { line, column },
    ours: ({ line, column }) => column.add(line),
    plain: ({ line, column }) => fill([3, 4], (i) => line.at(i) + column.at(i)),
    jax: ({ line, column }) => column.add(line),
  }),
  row("Add", {
    note: "of a value to itself",
    inputs: { x },
    ours: ({ x }) => x.add(x),
    plain: ({ x }) => each(x, (v) => 2 * v),
    jax: ({ x }) => x.ref.add(x),
  }),
  row("Sub", {
    inputs: { x, line },
    ours: ({ x, line }) => x.sub(line),
    plain: ({ x, line }) => fill([3, 4], (i) => x.at(i) - line.at(i)),
    jax: ({ x, line }) => x.sub(line),
  }),
  row("Sub", {
    note: "broadcasting on the left",
    inputs: { x, column },
    ours: ({ x, column }) => column.sub(x),
    plain: ({ x, column }) => fill([3, 4], (i) => column.at(i) - x.at(i)),
    jax: ({ x, column }) => column.sub(x),
  }),
  row("Mul", {
    inputs: { x, y },
    ours: ({ x, y }) => x.mul(y),
    plain: ({ x, y }) => fill([3, 4], (i) => x.at(i) * y.at(i)),
    jax: ({ x, y }) => x.mul(y),
  }),
  row("Mul", {
    note: "of a value with itself",
    inputs: { x },
    ours: ({ x }) => x.mul(x),
    plain: ({ x }) => each(x, (v) => v * v),
    jax: ({ x }) => x.ref.mul(x),
  }),
  row("Mul", {
    note: "broadcasting on both sides",
    inputs: { line, column },
    ours: ({ line, column }) => line.mul(column),
    plain: ({ line, column }) => fill([3, 4], (i) => line.at(i) * column.at(i)),
    jax: ({ line, column }) => line.mul(column),
  }),
  row("Mul", {
    note: "with a number",
    inputs: { x },
    ours: ({ x }) => x.mul(2.5),
    plain: ({ x }) => each(x, (v) => v * 2.5),
    jax: ({ x }) => x.mul(2.5),
  }),
  row("Div", {
    inputs: { x, above },
    ours: ({ x, above }) => x.div(above),
    plain: ({ x, above }) => fill([3, 4], (i) => x.at(i) / above.at(i)),
    jax: ({ x, above }) => x.div(above),
  }),
  row("Div", {
    note: "broadcasting on the left",
    inputs: { column, above },
    ours: ({ column, above }) => div(column, above),
    plain: ({ column, above }) => fill([3, 4], (i) => column.at(i) / above.at(i)),
    jax: ({ column, above }) => column.div(above),
  }),
  row("Div", {
    note: "of a value by itself",
    inputs: { above },
    ours: ({ above }) => above.div(above),
    plain: ({ above }) => each(above, () => 1),
    jax: ({ above }) => above.ref.div(above),
  }),
  row("Pow", {
    inputs: { above, y },
    ours: ({ above, y }) => pow(above, y),
    plain: ({ above, y }) => fill([3, 4], (i) => above.at(i) ** y.at(i)),
    jax: ({ above, y }) => np.power(above, y),
  }),
  row("Pow", {
    note: "by a number",
    inputs: { x },
    ours: ({ x }) => x.pow(3),
    plain: ({ x }) => each(x, (v) => v ** 3),
  }),
  row("Maximum", {
    inputs: { x, line },
    ours: ({ x, line }) => maximum(x, line),
    plain: ({ x, line }) => fill([3, 4], (i) => Math.max(x.at(i), line.at(i))),
    jax: ({ x, line }) => np.maximum(x, line),
  }),
  row("Minimum", {
    inputs: { x, column },
    ours: ({ x, column }) => minimum(column, x),
    plain: ({ x, column }) => fill([3, 4], (i) => Math.min(x.at(i), column.at(i))),
    jax: ({ x, column }) => np.minimum(column, x),
  }),
  row("Maximum", {
    note: "of equal values shares the gradient",
    inputs: { x },
    ours: ({ x }) => maximum(x, x),
    plain: ({ x }) => x,
  }),
  row("Minimum", {
    note: "of equal values shares the gradient",
    inputs: { x },
    ours: ({ x }) => minimum(x, x),
    plain: ({ x }) => x,
  }),
  row("Abs", {
    inputs: { x },
    ours: ({ x }) => x.abs(),
    plain: ({ x }) => each(x, Math.abs),
    jax: ({ x }) => np.abs(x),
  }),
  row("Cos", {
    inputs: { x },
    ours: ({ x }) => cos(x),
    plain: ({ x }) => each(x, Math.cos),
    jax: ({ x }) => np.cos(x),
  }),
  row("Exp", {
    inputs: { x },
    ours: ({ x }) => exp(x),
    plain: ({ x }) => each(x, Math.exp),
    jax: ({ x }) => np.exp(x),
  }),
  row("Floor", {
    differentiable: false,
    inputs: { x },
    ours: ({ x }) => floor(x),
    plain: ({ x }) => each(x, Math.floor),
    jax: ({ x }) => np.floor(x),
  }),
  row("Log", {
    inputs: { above },
    ours: ({ above }) => log(above),
    plain: ({ above }) => each(above, Math.log),
    jax: ({ above }) => np.log(above),
  }),
  row("Neg", {
    inputs: { x },
    ours: ({ x }) => neg(x),
    plain: ({ x }) => each(x, (v) => -v),
    jax: ({ x }) => np.negative(x),
  }),
  row("Rsqrt", {
    inputs: { above },
    ours: ({ above }) => rsqrt(above),
    plain: ({ above }) => each(above, (v) => 1 / Math.sqrt(v)),
    jax: ({ above }) => np.reciprocal(np.sqrt(above)),
  }),
  row("Sign", {
    inputs: { x },
    ours: ({ x }) => sign(x),
    plain: ({ x }) => each(x, Math.sign),
    jax: ({ x }) => np.sign(x),
  }),
  row("Sin", {
    inputs: { x },
    ours: ({ x }) => sin(x),
    plain: ({ x }) => each(x, Math.sin),
    jax: ({ x }) => np.sin(x),
  }),
  row("Sqrt", {
    inputs: { above },
    ours: ({ above }) => sqrt(above),
    plain: ({ above }) => each(above, Math.sqrt),
    jax: ({ above }) => np.sqrt(above),
  }),
  row("Clip", {
    inputs: { x },
    ours: ({ x }) => clip(x, -0.5, 0.7),
    plain: ({ x }) => each(x, (v) => Math.min(Math.max(v, -0.5), 0.7)),
    jax: ({ x }) => np.clip(x, -0.5, 0.7),
  }),
  row("Clip", {
    note: "on one side",
    inputs: { x },
    ours: ({ x }) => clip(x, -0.5, Number.POSITIVE_INFINITY),
    plain: ({ x }) => each(x, (v) => Math.max(v, -0.5)),
  }),
  row("Cast", {
    note: "to integers",
    differentiable: false,
    inputs: { x },
    ours: ({ x }) => x.cast("int32"),
    plain: ({ x }) => each(x, Math.trunc),
  }),
  row("Cast", {
    note: "there and back",
    inputs: { x },
    ours: ({ x }) => x.cast("float64").square().cast(x.dtype),
    plain: ({ x }) => each(x, (v) => v * v),
  }),
  row("Where", {
    inputs: { x, line },
    fixed: { c: tensor([3, 1], [1, 0, 1], "bool") },
    ours: ({ c, x, line }) => where(c, x, line),
    plain: ({ c, x, line }) => fill([3, 4], (i) => (c.at(i) ? x.at(i) : line.at(i))),
    jax: ({ c, x, line }) => np.where(c, x, line),
  }),
  row("Where", {
    note: "with a number",
    inputs: { x },
    fixed: { c: tensor([4], [1, 0, 1, 0], "bool") },
    ours: ({ c, x }) => where(c, x, -1),
    plain: ({ c, x }) => fill([3, 4], (i) => (c.at(i) ? x.at(i) : -1)),
  }),
];
