import { nn, numpy as np } from "@jax-js/jax";
import { tensor } from "#base";
import {
  attentionWithPattern,
  crossEntropy,
  groupNorm,
  layerNorm,
  logSoftmax,
  rmsNorm,
  rotaryEmbedding,
  scaledDotProductAttention,
  softmax,
} from "#engine";
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
const softmaxOf = (x: Plain) => fill(x.shape, (i) => Math.exp(x.at(i)) / sum(lastAxis(x, i).map(Math.exp)));
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

interface Qkv {
  readonly q: Plain;
  readonly k: Plain;
  readonly v: Plain;
}

/** Attention by its definition; `score` may change what a query sees of a key. */
function attended({ q, k, v }: Qkv, score: (s: number, place: number[]) => number = (s) => s): [Plain, Plain] {
  const [batch, heads, rows, size] = q.shape as [number, number, number, number];
  const group = heads / k.shape[1]!;
  const scores = fill([batch, heads, rows, k.shape[2]!], ([n, h, t, s]) => {
    const raw = total(size, (d) => q.at([n!, h!, t!, d]) * k.at([n!, Math.floor(h! / group), s!, d]));
    return score(raw / Math.sqrt(size), [n!, h!, t!, s!]);
  });
  const p = softmaxOf(scores);
  const output = fill([batch, heads, rows, v.shape[3]!], ([n, h, t, d]) =>
    total(k.shape[2]!, (s) => p.at([n!, h!, t!, s]) * v.at([n!, Math.floor(h! / group), s, d!])),
  );
  return [output, p];
}

const heads = (name: string, count: number, rows: number) => normal(name, [2, count, rows, 4]);
const qkv = { q: heads("q", 2, 3), k: heads("k", 2, 5), v: heads("v", 2, 5) };
const grouped = { q: heads("q", 4, 3), k: heads("k", 2, 3), v: heads("v", 2, 3) };
const mask = tensor(
  [2, 1, 3, 5],
  [1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0],
  "bool",
);
const perHead = normal("per head", [4, 3, 3]);
const past = (s: number, [, , t, at]: number[]) => (at! <= t! ? s : Number.NEGATIVE_INFINITY);
const asQkv = ({
  q,
  k,
  v,
}: {
  q: import("#engine").Value;
  k: import("#engine").Value;
  v: import("#engine").Value;
}) => ({ query: q, key: k, value: v });

const turned = normal("turned", [2, 2, 3, 6]);
const angles = normal("angles", [3, 3]);
const own = normal("own angles", [2, 3, 3]);
const rotated = (
  x: Plain,
  angle: (n: number, t: number, pair: number) => number,
  pairOf: (d: number) => [number, number, number],
) =>
  fill(x.shape, ([n, h, t, d]) => {
    const [pair, mine, sign] = pairOf(d!);
    const a = angle(n!, t!, pair);
    const partner = sign < 0 ? mine + 3 : mine - 3;
    return sign === 0
      ? x.at([n!, h!, t!, d!])
      : x.at([n!, h!, t!, d!]) * Math.cos(a) + sign * x.at([n!, h!, t!, partner]) * Math.sin(a);
  });
const half = (d: number): [number, number, number] => [d % 3, d, d < 3 ? -1 : 1];

export const network = [
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
  row("Attention", {
    inputs: qkv,
    ours: (x) => scaledDotProductAttention(asQkv(x)),
    plain: (x) => attended(x)[0],
    jax: ({ q, k, v }) =>
      np.swapaxes(nn.dotProductAttention(np.swapaxes(q, 1, 2), np.swapaxes(k, 1, 2), np.swapaxes(v, 1, 2)), 1, 2),
  }),
  row("Attention", {
    note: "causal, with shared keys",
    inputs: grouped,
    ours: (x) => scaledDotProductAttention(asQkv(x), { causal: true }),
    plain: (x) => attended(x, past)[0],
    jax: ({ q, k, v }) =>
      np.swapaxes(
        nn.dotProductAttention(np.swapaxes(q, 1, 2), np.swapaxes(k, 1, 2), np.swapaxes(v, 1, 2), { isCausal: true }),
        1,
        2,
      ),
  }),
  row("Attention", {
    note: "causal, with keys from before",
    inputs: qkv,
    ours: (x) => scaledDotProductAttention(asQkv(x), { causal: true }),
    plain: (x) => attended(x, (s, [, , t, at]) => (at! <= t! + 2 ? s : Number.NEGATIVE_INFINITY))[0],
  }),
  row("Attention", {
    note: "with a mask",
    inputs: qkv,
    fixed: { mask },
    ours: ({ mask, ...x }) => scaledDotProductAttention(asQkv(x), { mask, scale: 0.5 }),
    plain: ({ mask, ...x }) =>
      attended(x, (s, [n, , t, at]) => (mask.at([n!, 0, t!, at!]) ? s : Number.NEGATIVE_INFINITY))[0],
  }),
  row("Attention", {
    note: "with a learned bias for each of the heads that share keys",
    inputs: { ...grouped, perHead },
    ours: ({ perHead, ...x }) => scaledDotProductAttention(asQkv(x), { mask: perHead }),
    plain: ({ perHead, ...x }) => attended(x, (s, [, ...place]) => s + perHead.at(place))[0],
  }),
  row("Attention", {
    note: "its pattern and its output together",
    inputs: grouped,
    ours: (x) => {
      const { output, pattern } = attentionWithPattern(asQkv(x), { causal: true });
      return output.sum({ axes: -1 }).add(pattern.square().sum({ axes: -1 }));
    },
    plain: (x) => {
      const [o, p] = attended(x, past);
      return fill([2, 4, 3], (i) => total(4, (d) => o.at([...i, d])) + total(3, (s) => p.at([...i, s]) ** 2));
    },
  }),
  row("RotaryEmbedding", {
    note: "by halves",
    float32Only: true,
    inputs: { turned, angles },
    ours: ({ turned, angles }) => rotaryEmbedding(turned, { cos: angles.cos(), sin: angles.sin() }),
    plain: ({ turned, angles }) => rotated(turned, (_n, t, pair) => angles.at([t, pair]), half),
  }),
  row("RotaryEmbedding", {
    note: "by neighbours",
    float32Only: true,
    inputs: { turned, angles },
    ours: ({ turned, angles }) => rotaryEmbedding(turned, { cos: angles.cos(), sin: angles.sin(), interleaved: true }),
    plain: ({ turned, angles }) =>
      fill(turned.shape, ([n, h, t, d]) => {
        const a = angles.at([t!, Math.floor(d! / 2)]);
        const [sign, partner] = d! % 2 === 0 ? [-1, d! + 1] : [1, d! - 1];
        return turned.at([n!, h!, t!, d!]) * Math.cos(a) + sign * turned.at([n!, h!, t!, partner]) * Math.sin(a);
      }),
  }),
  row("RotaryEmbedding", {
    note: "with positions of each example",
    float32Only: true,
    inputs: { turned, own },
    ours: ({ turned, own }) => rotaryEmbedding(turned, { cos: own.cos(), sin: own.sin() }),
    plain: ({ turned, own }) => rotated(turned, (n, t, pair) => own.at([n, t, pair]), half),
  }),
  row("RotaryEmbedding", {
    note: "of a part of the head",
    float32Only: true,
    inputs: { long: normal("long", [2, 3, 8]), angles },
    ours: ({ long, angles }) => rotaryEmbedding(long, { cos: angles.cos(), sin: angles.sin() }),
    plain: ({ long, angles }) =>
      fill([2, 3, 8], ([n, t, d]) =>
        d! > 5
          ? long.at([n!, t!, d!])
          : long.at([n!, t!, d!]) * Math.cos(angles.at([t!, d! % 3])) +
            (d! < 3 ? -1 : 1) * long.at([n!, t!, (d! + 3) % 6]) * Math.sin(angles.at([t!, d! % 3])),
      ),
  }),
];
