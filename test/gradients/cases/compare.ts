import { numpy as np } from "@jax-js/jax";
import { tensor } from "#base";
import { and, equal, greater, greaterOrEqual, isFiniteNumber, less, lessOrEqual, not, or } from "#engine";
import { row } from "../case.ts";
import { each, fill, type Plain } from "../plain.ts";

const a = tensor([2, 3], [1, 2, 3, 3, 2, 1]);
const b = tensor([3], [2, 2, 2]);
const p = tensor([2, 2], [1, 1, 0, 0], "bool");
const q = tensor([2], [1, 0], "bool");
const odd = tensor([4], [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);

const both = { differentiable: false, inputs: { a, b } };
const bools = { differentiable: false, fixed: { p, q } };
const judged =
  (formula: (a: number, b: number) => boolean) =>
  ({ a, b }: { a: Plain; b: Plain }) =>
    fill([2, 3], (i) => Number(formula(a.at(i), b.at(i))));

export const compare = [
  row("Equal", {
    ...both,
    ours: ({ a, b }) => equal(a, b),
    plain: judged((a, b) => a === b),
    jax: ({ a, b }) => a.equal(b),
  }),
  row("Greater", {
    ...both,
    ours: ({ a, b }) => greater(a, b),
    plain: judged((a, b) => a > b),
    jax: ({ a, b }) => a.greater(b),
  }),
  row("GreaterOrEqual", { ...both, ours: ({ a, b }) => greaterOrEqual(a, b), plain: judged((a, b) => a >= b) }),
  row("Less", {
    ...both,
    ours: ({ a, b }) => less(a, b),
    plain: judged((a, b) => a < b),
    jax: ({ a, b }) => a.less(b),
  }),
  row("LessOrEqual", { ...both, ours: ({ a, b }) => lessOrEqual(a, b), plain: judged((a, b) => a <= b) }),
  row("And", {
    ...bools,
    ours: ({ p, q }) => and(p, q),
    plain: ({ p, q }) => fill([2, 2], (i) => p.at(i) * q.at(i)),
    jax: ({ p, q }) => np.logicalAnd(p, q),
  }),
  row("Or", {
    ...bools,
    ours: ({ p, q }) => or(p, q),
    plain: ({ p, q }) => fill([2, 2], (i) => Math.max(p.at(i), q.at(i))),
    jax: ({ p, q }) => np.logicalOr(p, q),
  }),
  row("Not", {
    ...bools,
    ours: ({ p }) => not(p),
    plain: ({ p }) => each(p, (v) => 1 - v),
    jax: ({ p, q }) => {
      q.dispose();
      return np.logicalNot(p);
    },
  }),
  row("IsNaN", {
    note: "in isFiniteNumber",
    differentiable: false,
    inputs: { odd },
    ours: ({ odd }) => isFiniteNumber(odd),
    plain: ({ odd }) => each(odd, (v) => Number(Number.isFinite(v))),
  }),
  row("IsInfinite", {
    note: "in isFiniteNumber",
    differentiable: false,
    inputs: { odd },
    ours: ({ odd }) => odd.isFinite().not(),
    plain: ({ odd }) => each(odd, (v) => Number(!Number.isFinite(v))),
  }),
];
