import { nn, numpy as np } from "@jax-js/jax";
import { tensor } from "#base";
import { attentionWithPattern, rotaryEmbedding, scaledDotProductAttention } from "#engine";
import { row } from "../case.ts";
import { fill, normal, type Plain, total } from "../plain.ts";
import { softmaxOf } from "./normalizing.ts";

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
/** Attention and its positions. */
export const attention = [
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
