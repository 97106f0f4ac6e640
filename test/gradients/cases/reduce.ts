import { nn, numpy as np } from "@jax-js/jax";
import { tensor } from "#base";
import { argMax, argMin, cumulativeSum, logSumExp, max, mean, min, sum } from "#engine";
import { row } from "../case.ts";
import { each, fill, normal, type Plain, plain, total } from "../plain.ts";

const x = normal("reduce", [2, 3, 4]);
const one = normal("reduce", [2, 1, 4]);
const ties = tensor([2, 3], [1, 2, 2, 3, 3, 3]);

/** Folds the middle axis. */
const overMiddle =
  (fold: (values: number[]) => number) =>
  ({ x }: { x: Plain }) =>
    fill([2, 4], ([i, k]) => fold([0, 1, 2].map((j) => x.at([i!, j, k!]))));
const overAll =
  (fold: (values: number[]) => number) =>
  ({ x }: { x: Plain }) =>
    plain([], [fold([...x.data])]);
const added = (values: number[]) => total(values.length, (at) => values[at]!);
const logAdded = (values: number[]) => Math.log(added(values.map(Math.exp)));

export const reduce = [
  row("ReduceSum", {
    inputs: { x },
    ours: ({ x }) => sum(x, { axes: 1 }),
    plain: overMiddle(added),
    jax: ({ x }) => np.sum(x, 1),
  }),
  row("ReduceSum", {
    note: "over everything",
    inputs: { x },
    ours: ({ x }) => x.sum(),
    plain: overAll(added),
    jax: ({ x }) => np.sum(x),
  }),
  row("ReduceSum", {
    note: "over two axes, kept",
    inputs: { x },
    ours: ({ x }) => x.sum({ axes: [0, -1], keepDims: true }),
    plain: ({ x }) => fill([1, 3, 1], ([, j]) => total(2, (i) => total(4, (k) => x.at([i, j!, k])))),
    jax: ({ x }) => np.sum(x, [0, 2], { keepdims: true }),
  }),
  row("ReduceSum", {
    note: "over an axis of length one",
    inputs: { one },
    ours: ({ one }) => one.sum({ axes: 1 }),
    plain: ({ one }) => fill([2, 4], ([i, k]) => one.at([i!, 0, k!])),
    jax: ({ one }) => np.sum(one, 1),
  }),
  row("ReduceMean", {
    inputs: { x },
    ours: ({ x }) => mean(x, { axes: 1 }),
    plain: overMiddle((v) => added(v) / 3),
    jax: ({ x }) => np.mean(x, 1),
  }),
  row("ReduceMean", {
    note: "over everything",
    inputs: { x },
    ours: ({ x }) => x.mean(),
    plain: overAll((v) => added(v) / 24),
    jax: ({ x }) => np.mean(x),
  }),
  row("ReduceMax", {
    inputs: { x },
    ours: ({ x }) => max(x, { axes: 1 }),
    plain: overMiddle((v) => Math.max(...v)),
    jax: ({ x }) => np.max(x, 1),
  }),
  row("ReduceMin", {
    inputs: { x },
    ours: ({ x }) => min(x, { axes: 1 }),
    plain: overMiddle((v) => Math.min(...v)),
    jax: ({ x }) => np.min(x, 1),
  }),
  row("ReduceMax", {
    note: "over everything",
    inputs: { x },
    ours: ({ x }) => x.max(),
    plain: overAll((v) => Math.max(...v)),
  }),
  row("LogSumExp", {
    inputs: { x },
    ours: ({ x }) => logSumExp(x, { axes: 1 }),
    plain: overMiddle(logAdded),
    jax: ({ x }) => nn.logsumexp(x, 1),
  }),
  row("LogSumExp", {
    note: "over an axis of length one",
    inputs: { one },
    ours: ({ one }) => one.logSumExp({ axes: 1, keepDims: true }),
    plain: ({ one }) => one,
    jax: ({ one }) => nn.logsumexp(one, 1, { keepdims: true }),
  }),
  row("ArgMax", {
    differentiable: false,
    inputs: { x },
    ours: ({ x }) => argMax(x, { axis: 1 }),
    plain: overMiddle((v) => v.indexOf(Math.max(...v))),
    jax: ({ x }) => np.argmax(x, 1),
  }),
  row("ArgMax", {
    note: "of equal values is the first",
    differentiable: false,
    inputs: { ties },
    ours: ({ ties }) => ties.argMax(),
    plain: () => plain([2], [1, 0]),
  }),
  row("ArgMin", {
    differentiable: false,
    inputs: { x },
    ours: ({ x }) => argMin(x, { axis: 1 }),
    plain: overMiddle((v) => v.indexOf(Math.min(...v))),
    jax: ({ x }) => np.argmin(x, 1),
  }),
  row("CumulativeSum", {
    inputs: { x },
    ours: ({ x }) => cumulativeSum(x, { axis: 1 }),
    plain: ({ x }) => fill([2, 3, 4], ([i, j, k]) => total(j! + 1, (l) => x.at([i!, l, k!]))),
    jax: ({ x }) => np.cumsum(x, 1),
  }),
  row("CumulativeSum", {
    note: "backwards, without itself",
    inputs: { x },
    ours: ({ x }) => cumulativeSum(x, { axis: 1, exclusive: true, reverse: true }),
    plain: ({ x }) => fill([2, 3, 4], ([i, j, k]) => total(2 - j!, (l) => x.at([i!, j! + 1 + l, k!]))),
  }),
  row("ReduceSum", {
    note: "of nothing left, axis by axis",
    inputs: { x },
    ours: ({ x }) => x.sum({ axes: 0 }).sum({ axes: 0 }).sum({ axes: 0 }),
    plain: overAll(added),
  }),
  row("ReduceMax", {
    note: "of equal values shares the gradient",
    inputs: { ties: normal("ties", [3]) },
    ours: ({ ties }) => ties.mul(0).add(ties.sum()).max(),
    plain: ({ ties }) => plain([], [added([...each(ties, (v) => v).data])]),
  }),
];
