import { numpy as np } from "@jax-js/jax";
import {
  broadcastTo,
  concat,
  expandDims,
  pad,
  reshape,
  slice,
  split,
  squeeze,
  stack,
  swapAxes,
  transpose,
} from "#engine";
import { row } from "../case.ts";
import { fill, normal, plain } from "../plain.ts";

const x = normal("movement", [2, 3, 4]);
const y = normal("movement", [2, 1, 4]);

export const movement = [
  row("Reshape", {
    inputs: { x },
    ours: ({ x }) => reshape(x, [4, -1]),
    plain: ({ x }) => plain([4, 6], x.data),
    jax: ({ x }) => x.reshape([4, 6]),
  }),
  row("Reshape", {
    note: "there and back",
    inputs: { x },
    ours: ({ x }) => x.reshape([24]).reshape([2, 3, 4]),
    plain: ({ x }) => x,
  }),
  row("Reshape", {
    note: "by axes of length one",
    inputs: { y },
    ours: ({ y }) => expandDims(squeeze(y, 1), 0),
    plain: ({ y }) => plain([1, 2, 4], y.data),
  }),
  row("Transpose", {
    inputs: { x },
    ours: ({ x }) => transpose(x, [2, 0, 1]),
    plain: ({ x }) => fill([4, 2, 3], ([k, i, j]) => x.at([i!, j!, k!])),
    jax: ({ x }) => np.transpose(x, [2, 0, 1]),
  }),
  row("Transpose", {
    note: "of two axes, twice",
    inputs: { x },
    ours: ({ x }) => swapAxes(swapAxes(x, 0, 1), 1, 2),
    plain: ({ x }) => fill([3, 4, 2], ([j, k, i]) => x.at([i!, j!, k!])),
    jax: ({ x }) => np.transpose(x, [1, 2, 0]),
  }),
  row("Expand", {
    inputs: { y },
    ours: ({ y }) => broadcastTo(y, [5, 2, 3, 4]),
    plain: ({ y }) => fill([5, 2, 3, 4], (i) => y.at(i)),
    jax: ({ y }) => np.broadcastTo(y, [5, 2, 3, 4]),
  }),
  row("Concat", {
    inputs: { x, y },
    ours: ({ x, y }) => concat([x, y, x], 1),
    plain: ({ x, y }) => fill([2, 7, 4], ([i, j, k]) => (j === 3 ? y.at([i!, 0, k!]) : x.at([i!, j! % 4, k!]))),
    jax: ({ x, y }) => np.concatenate([x.ref, y, x], 1),
  }),
  row("Concat", {
    note: "along a new axis",
    inputs: { x },
    ours: ({ x }) => stack([x, x], -1),
    plain: ({ x }) => fill([2, 3, 4, 2], ([i, j, k]) => x.at([i!, j!, k!])),
    jax: ({ x }) => np.stack([x.ref, x], -1),
  }),
  row("Slice", {
    inputs: { x },
    ours: ({ x }) => x.slice(2, 1, -1),
    plain: ({ x }) => fill([2, 3, 2], ([i, j, k]) => x.at([i!, j!, k! + 1])),
    jax: ({ x }) => x.slice([], [], [1, 3]),
  }),
  row("Slice", {
    note: "of one place",
    inputs: { x },
    ours: ({ x }) => slice(x, { axis: 1, start: 2 }),
    plain: ({ x }) => fill([2, 1, 4], ([i, , k]) => x.at([i!, 2, k!])),
    jax: ({ x }) => x.slice([], [2, 3]),
  }),
  row("Split", {
    note: "of which one part is used",
    inputs: { x },
    ours: ({ x }) => split(x, { axis: -1, lengths: [1, 2, 1] })[1]!,
    plain: ({ x }) => fill([2, 3, 2], ([i, j, k]) => x.at([i!, j!, k! + 1])),
    jax: ({ x }) => np.split(x, [1, 3], -1)[1]!,
  }),
  row("Split", {
    note: "into parts that are joined again",
    inputs: { x },
    ours: ({ x }) => concat(split(x, { axis: 1, lengths: [1, 2] }).reverse(), 1),
    plain: ({ x }) => fill([2, 3, 4], ([i, j, k]) => x.at([i!, (j! + 1) % 3, k!])),
  }),
  row("Pad", {
    inputs: { x },
    ours: ({ x }) => pad(x, { axis: 1, before: 2, after: 1 }),
    plain: ({ x }) => fill([2, 6, 4], ([i, j, k]) => (j! < 2 || j! > 4 ? 0 : x.at([i!, j! - 2, k!]))),
    jax: ({ x }) =>
      np.pad(x, [
        [0, 0],
        [2, 1],
        [0, 0],
      ]),
  }),
  row("Pad", {
    note: "with a number",
    inputs: { x },
    ours: ({ x }) => pad(x, { axis: -1, after: 1, fill: -3 }),
    plain: ({ x }) => fill([2, 3, 5], ([i, j, k]) => (k === 4 ? -3 : x.at([i!, j!, k!]))),
  }),
];
