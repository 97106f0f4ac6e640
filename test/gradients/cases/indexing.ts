import { nn, numpy as np } from "@jax-js/jax";
import { tensor } from "#base";
import { embed, gather, gatherElements, oneHot, scatterAdd, topK, triangularMask } from "#engine";
import { row } from "../case.ts";
import { fill, integers, normal, plain } from "../plain.ts";

const x = normal("table", [4, 3]);
const deep = normal("deep", [2, 4, 3]);
const ids = integers([2, 3], [0, 2, 2, 3, 2, 0]);
const at = integers([4, 2], [0, 2, 1, 1, 2, 0, 0, 0]);
const updates = normal("updates", [4, 2]);

export const indexing = [
  row("Gather", {
    note: "as an embedding with repeated ids",
    inputs: { x },
    fixed: { ids },
    ours: ({ x, ids }) => embed(ids, x),
    plain: ({ x, ids }) => fill([2, 3, 3], ([i, j, k]) => x.at([ids.at([i!, j!]), k!])),
    jax: ({ x, ids }) => np.take(x, ids, 0),
  }),
  row("Gather", {
    note: "along a middle axis",
    inputs: { deep },
    fixed: { ids },
    ours: ({ deep, ids }) => gather(deep, ids, { axis: 1 }),
    plain: ({ deep, ids }) => fill([2, 2, 3, 3], ([b, i, j, k]) => deep.at([b!, ids.at([i!, j!]), k!])),
    jax: ({ deep, ids }) => np.take(deep, ids, 1),
  }),
  row("Gather", {
    note: "by int32 ids",
    inputs: { x },
    fixed: { short: tensor([2], [3, 3], "int32") },
    ours: ({ x, short }) => gather(x, short),
    plain: ({ x }) => fill([2, 3], ([, k]) => x.at([3, k!])),
  }),
  row("GatherElements", {
    inputs: { x },
    fixed: { at },
    ours: ({ x, at }) => gatherElements(x, at),
    plain: ({ x, at }) => fill([4, 2], ([i, j]) => x.at([i!, at.at([i!, j!])])),
    jax: ({ x, at }) => np.takeAlongAxis(x, at, 1),
  }),
  row("ScatterAdd", {
    note: "with positions that repeat",
    inputs: { x, updates },
    fixed: { at },
    ours: ({ x, at, updates }) => scatterAdd(x, { indices: at, updates }),
    plain: ({ x, at, updates }) =>
      fill(
        [4, 3],
        ([i, k]) =>
          x.at([i!, k!]) + [0, 1].reduce((sum, j) => sum + (at.at([i!, j]) === k ? updates.at([i!, j]) : 0), 0),
      ),
  }),
  row("OneHot", {
    differentiable: false,
    fixed: { ids },
    ours: ({ ids }) => oneHot(ids, 4),
    plain: ({ ids }) => fill([2, 3, 4], ([i, j, k]) => Number(ids.at([i!, j!]) === k)),
    jax: ({ ids }) => nn.oneHot(ids, 4),
  }),
  row("OneHot", {
    note: "as bool",
    differentiable: false,
    fixed: { ids },
    ours: ({ ids }) => oneHot(ids, 4, "bool"),
    plain: ({ ids }) => fill([2, 3, 4], ([i, j, k]) => Number(ids.at([i!, j!]) === k)),
  }),
  row("TopK", {
    inputs: { x },
    ours: ({ x }) => topK(x, { count: 2 }).values,
    plain: ({ x }) => fill([4, 2], ([i, j]) => [0, 1, 2].map((k) => x.at([i!, k])).sort((a, b) => b - a)[j!]!),
  }),
  row("TopK", {
    note: "its positions",
    differentiable: false,
    inputs: { x },
    ours: ({ x }) => topK(x, { axis: 0, count: 1 }).indices,
    plain: ({ x }) => fill([1, 3], ([, k]) => [0, 1, 2, 3].sort((a, b) => x.at([b, k!]) - x.at([a, k!]))[0]!),
  }),
  row("Range", {
    note: "as a triangle",
    differentiable: false,
    ours: () => triangularMask(3, 4),
    plain: () => fill([3, 4], ([i, j]) => Number(j! <= i!)),
    jax: () => np.tri(3, 4),
  }),
  row("Range", {
    note: "as a triangle further right",
    differentiable: false,
    ours: () => triangularMask(2, 4, { offset: 2 }),
    plain: () => plain([2, 4], [1, 1, 1, 0, 1, 1, 1, 1]),
  }),
];
