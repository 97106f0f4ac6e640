import { nn, numpy as np } from "@jax-js/jax";
import { tensor } from "#base";
import { crossEntropy, groupNorm, layerNorm, logSoftmax, rmsNorm, softmax } from "#engine";
import { row } from "../case.ts";
import { each, fill, integers, normal, type Plain, plain, total } from "../plain.ts";

const x = normal("network", [2, 3, 5]);
const scale = normal("scale", [5]);
const bias = normal("bias", [5]);
const logits = normal("logits", [2, 3, 5], { scale: 2 });
const targets = integers([2, 3], [0, 4, 2, 2, 1, 3]);
const some = integers([2, 3], [0, -100, 2, -100, 1, 3]);
const weights = tensor([2, 3], [1, 0.5, 0, 2, 1, 0.25]);
const kept = tensor([2, 3], [1, 1, 0, 0, 1, 0], "bool");

const lastAxis = (x: Plain, place: readonly number[]) =>
  Array.from({ length: x.shape.at(-1)! }, (_, at) => x.at([...place.slice(0, -1), at]));
const sum = (values: number[]) => total(values.length, (at) => values[at]!);
/** By its definition. */
export const softmaxOf = (x: Plain) => fill(x.shape, (i) => Math.exp(x.at(i)) / sum(lastAxis(x, i).map(Math.exp)));
const normalOf = (x: Plain, epsilon: number) =>
  fill(x.shape, (i) => {
    const row = lastAxis(x, i);
    const mean = sum(row) / row.length;
    return (x.at(i) - mean) / Math.sqrt(sum(row.map((v) => (v - mean) ** 2)) / row.length + epsilon);
  });
const rmsOf = (x: Plain, epsilon: number) =>
  fill(x.shape, (i) => x.at(i) / Math.sqrt(sum(lastAxis(x, i).map((v) => v * v)) / x.shape.at(-1)! + epsilon));
const lossesOf = (logits: Plain, targets: Plain) => {
  const p = softmaxOf(logits);
  return fill(targets.shape, (i) => (targets.at(i) < 0 ? 0 : -Math.log(p.at([...i, targets.at(i)]))));
};

/** Softmaxes, their loss, and normalisations. */
export const normalizing = [
  row("Softmax", {
    inputs: { x },
    ours: ({ x }) => softmax(x),
    plain: ({ x }) => softmaxOf(x),
    jax: ({ x }) => nn.softmax(x, -1),
  }),
  row("Softmax", {
    note: "along the first axis",
    inputs: { x },
    ours: ({ x }) => softmax(x, { axis: 0 }),
    plain: ({ x }) =>
      fill([2, 3, 5], ([i, j, k]) => Math.exp(x.at([i!, j!, k!])) / total(2, (l) => Math.exp(x.at([l, j!, k!])))),
    jax: ({ x }) => nn.softmax(x, 0),
  }),
  row("LogSoftmax", {
    inputs: { x },
    ours: ({ x }) => logSoftmax(x),
    plain: ({ x }) => each(softmaxOf(x), Math.log),
    jax: ({ x }) => nn.logSoftmax(x, -1),
  }),
  row("CrossEntropy", {
    inputs: { logits },
    fixed: { targets },
    ours: ({ logits, targets }) => crossEntropy(logits, targets),
    plain: ({ logits, targets }) => plain([], [sum([...lossesOf(logits, targets).data]) / 6]),
    jax: ({ logits, targets }) =>
      np.mean(np.negative(np.sum(nn.logSoftmax(logits, -1).mul(nn.oneHot(targets, 5)), -1))),
  }),
  row("CrossEntropy", {
    note: "for each position",
    inputs: { logits },
    fixed: { targets },
    ours: ({ logits, targets }) => crossEntropy(logits, targets, { reduction: "none" }),
    plain: ({ logits, targets }) => lossesOf(logits, targets),
    jax: ({ logits, targets }) => np.negative(np.sum(nn.logSoftmax(logits, -1).mul(nn.oneHot(targets, 5)), -1)),
  }),
  row("CrossEntropy", {
    note: "without ignored targets",
    inputs: { logits },
    fixed: { some },
    ours: ({ logits, some }) => crossEntropy(logits, some, { ignoreIndex: -100 }),
    plain: ({ logits, some }) => plain([], [sum([...lossesOf(logits, some).data]) / 4]),
  }),
  row("CrossEntropy", {
    note: "with weights, summed",
    inputs: { logits },
    fixed: { targets, weights },
    ours: ({ logits, targets, weights }) => crossEntropy(logits, targets, { mask: weights, reduction: "sum" }),
    plain: ({ logits, targets, weights }) => {
      const l = lossesOf(logits, targets);
      return plain([], [total(6, (i) => l.data[i]! * weights.data[i]!)]);
    },
  }),
  row("CrossEntropy", {
    note: "with a mask and ignored targets",
    inputs: { logits },
    fixed: { some, kept },
    ours: ({ logits, some, kept }) => crossEntropy(logits, some, { ignoreIndex: -100, mask: kept }),
    plain: ({ logits, some, kept }) => {
      const l = lossesOf(logits, some);
      return plain([], [total(6, (i) => l.data[i]! * kept.data[i]!) / 2]);
    },
  }),
  row("CrossEntropy", {
    note: "where nothing counts",
    inputs: { logits },
    fixed: { none: integers([2, 3], [-1, -1, -1, -1, -1, -1]) },
    ours: ({ logits, none }) => crossEntropy(logits, none, { ignoreIndex: -1 }),
    plain: () => plain([], [0]),
  }),
  row("LayerNorm", {
    inputs: { x, scale, bias },
    ours: ({ x, scale, bias }) => layerNorm(x, { scale, bias }, { epsilon: 0.1 }),
    plain: ({ x, scale, bias }) => {
      const y = normalOf(x, 0.1);
      return fill(x.shape, (i) => y.at(i) * scale.at(i) + bias.at(i));
    },
    jax: ({ x, scale, bias }) => nn.standardize(x, -1, { epsilon: 0.1 }).mul(scale).add(bias),
  }),
  row("LayerNorm", {
    note: "without weights",
    inputs: { x },
    ours: ({ x }) => layerNorm(x),
    plain: ({ x }) => normalOf(x, 1e-5),
    jax: ({ x }) => nn.standardize(x, -1, { epsilon: 1e-5 }),
  }),
  row("LayerNorm", {
    note: "with a scale alone, on one row",
    inputs: { row: normal("row", [5]), scale },
    ours: ({ row, scale }) => layerNorm(row, { scale }),
    plain: ({ row, scale }) => {
      const y = normalOf(row, 1e-5);
      return fill([5], (i) => y.at(i) * scale.at(i));
    },
  }),
  row("LayerNorm", {
    note: "of groups of channels",
    inputs: { image: normal("image", [2, 4, 3]), wide: normal("wide", [4]), shift: normal("shift", [4]) },
    ours: ({ image, wide, shift }) => groupNorm(image, { scale: wide, bias: shift }, { groups: 2, epsilon: 1e-3 }),
    plain: ({ image, wide, shift }) => {
      const y = normalOf(plain([2, 2, 6], image.data), 1e-3);
      return fill([2, 4, 3], ([n, c, l]) => y.data[(n! * 4 + c!) * 3 + l!]! * wide.at([c!]) + shift.at([c!]));
    },
  }),
  row("RmsNorm", {
    inputs: { x, scale },
    ours: ({ x, scale }) => rmsNorm(x, { scale }, { epsilon: 1e-3 }),
    plain: ({ x, scale }) => {
      const y = rmsOf(x, 1e-3);
      return fill(x.shape, (i) => y.at(i) * scale.at(i));
    },
    jax: ({ x, scale }) => x.ref.div(np.sqrt(np.mean(np.square(x), -1, { keepdims: true }).add(1e-3))).mul(scale),
  }),
  row("RmsNorm", {
    note: "without a scale",
    inputs: { x },
    ours: ({ x }) => rmsNorm(x),
    plain: ({ x }) => rmsOf(x, 1e-5),
  }),
];
