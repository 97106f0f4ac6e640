/**
 * Attention from here on: what every decoder does with its queries, keys and values.
 *
 * Axes     B batch · T tokens · P places of the past · S = P + T · H heads · Hk heads of keys and values · D head size
 */
import { axisSize, concat, type Dim, range, softmax, split, tap, triangularMask, type Value, where } from "#engine";
import type { KeysAndValues, Pass } from "./pass.ts";

/** What is attended with, by head. */
export interface Heads extends KeysAndValues {
  /** [B, H, T, D]; `key` and `value` are [B, Hk, T, D] */
  readonly query: Value;
}

/** Which tokens are seen, and how scores are scaled. */
export interface AttendOptions {
  readonly pass: Pass;
  /** The block whose past this is. */
  readonly layer: number;
  /** A token sees so many tokens, itself among them; all earlier ones when null. */
  readonly window?: number | null;
  /** 1 / √D when left out. */
  readonly scale?: number | undefined;
  /** Scores stay within ± this. */
  readonly cap?: number | undefined;
}

/** Far below every score and finite, so that a row of which nothing is seen is no NaN. */
const hidden = -1e30;

/**
 * What each head gathers from the tokens up to its own, those of the past included.
 *
 *     P = softmax(S + mask),  S = scale · Q [K_past; K]ᵀ, or cap · tanh(S / cap);  heads = P [V_past; V]
 *
 * Shapes   query [B, H, T, D] · key, value [B, Hk, T, D], Hk divides H → [B, H, T, D]
 */
export function attend({ query, key, value }: Heads, options: AttendOptions): Value {
  const { pass, layer } = options;
  const [q, k, v] = [tap("query", query), tap("key", key), tap("value", value)];
  const past = pass.past?.blocks[layer];
  if (past !== undefined && pass.past?.lengths === undefined)
    return attendFilled({ query: q, key: k, value: v }, past, options);
  const own = scoresOf(q, k, options).add(ownBias(q.shape[2]!, options)); // [B, H, T, T]
  if (past === undefined) return tap("heads", grouped(tap("pattern", softmax(own)), v));
  const earlier = scoresOf(q, past.key, options).add(pastBias(past, options)); // [B, H, T, P]
  const pattern = tap("pattern", softmax(concat([earlier, own], -1))); // [B, H, T, P + T]
  const lengths = [past.key.shape[2]!, k.shape[2]!];
  const [toPast, toOwn] = split(pattern, { axis: -1, lengths }) as [Value, Value];
  return tap("heads", grouped(toPast, past.value).add(grouped(toOwn, v)));
}

/** As attend() where every place of the past is filled: earlier keys and own ones are one row of keys. */
function attendFilled({ query, key, value }: Heads, past: KeysAndValues, options: AttendOptions): Value {
  const { window, pass } = options;
  const [keys, values] = [concat([past.key, key], 2), concat([past.value, value], 2)]; // [B, Hk, P + T, D]
  const places = range(keys.shape[2]!).expandDims(0);
  const at = range(query.shape[2]!).add(axisSize(past.key.shape[2]!, "int64")).expandDims(1);
  const seen = places.lessOrEqual(at);
  const inside = window == null ? seen : seen.and(places.greater(at.sub(window)));
  const shown = pass.mask === undefined ? inside : inside.and(pass.mask.greater(0).expandDims(1).expandDims(1));
  const scores = scoresOf(query, keys, options).add(biasOf(shown)); // [B, H, T, P + T]
  return tap("heads", grouped(tap("pattern", softmax(scores)), values));
}

/** How well each query fits each key. [B, H, T, D] · [B, Hk, S, D] → [B, H, T, S] */
function scoresOf(query: Value, keys: Value, { scale, cap }: AttendOptions): Value {
  const scores = grouped(query, keys.swapAxes(-1, -2), scale ?? 1 / Math.sqrt(Number(query.shape[3])));
  return capped(scores, cap);
}

/** Within ± cap. */
export const capped = (x: Value, cap: number | undefined): Value =>
  cap === undefined ? x : x.div(cap).tanh().mul(cap);

/** x y for each head where several heads of x share one of y: they become rows of one product. [B, H, T, K] · [B, Hk, K, N] → [B, H, T, N] */
function grouped(x: Value, y: Value, scale = 1): Value {
  const [batch, heads, rows] = x.shape as [Dim, Dim, Dim];
  if (heads === y.shape[1]) return x.matmul(y, { scale });
  const folded = x.reshape([batch, y.shape[1]!, -1, x.shape[3]!]);
  return folded.matmul(y, { scale }).reshape([batch, heads, rows, y.shape[3]!]);
}

/** A token sees itself and those before it, of its own text where several share a row. [T, T], or [B, 1, T, T] */
function ownBias(tokens: Dim, { pass: { segments }, window }: AttendOptions): Value {
  const seen = triangularMask(tokens, tokens);
  const inside = window == null ? seen : seen.and(triangularMask(tokens, tokens, { offset: -window }).not());
  if (segments === undefined) return biasOf(inside);
  const batch = segments.shape[0]!;
  const isSame = segments.reshape([batch, 1, tokens, 1]).equal(segments.reshape([batch, 1, 1, tokens]));
  return biasOf(isSame.and(inside));
}

/** Places beyond a text's length hold nothing yet. [B, 1, T, P] */
function pastBias({ key }: KeysAndValues, { pass, window }: AttendOptions): Value {
  const lengths = pass.past!.lengths!;
  const [batch, tokens] = [lengths.shape[0]!, pass.positions.shape.at(-1)!];
  const places = range(key.shape[2]!).reshape([1, 1, 1, key.shape[2]!]);
  const filled = places.less(lengths.reshape([batch, 1, 1, 1]));
  if (window == null) return biasOf(filled);
  const oldest = pass.positions.sub(window).reshape([-1, 1, tokens, 1]);
  return biasOf(filled.and(places.greater(oldest)));
}

const biasOf = (seen: Value): Value => where(seen, 0, hidden);

/** Channels apart by head. [B, T, H · D] → [B, H, T, D] */
export function splitHeads(x: Value, heads: number): Value {
  const [batch, tokens, channels] = x.shape as [Dim, Dim, number];
  return x.reshape([batch, tokens, heads, channels / heads]).transpose([0, 2, 1, 3]);
}

/** Heads side by side again. [B, H, T, D] → [B, T, H · D] */
export function mergeHeads(x: Value): Value {
  const [batch, heads, tokens, size] = x.shape as [Dim, number, Dim, number];
  return x.transpose([0, 2, 1, 3]).reshape([batch, tokens, heads * size]);
}

/** The residual of the tokens whose logits are wanted. [B, T, C] → [B, 1, C], or as it is */
export function lastTokens(residual: Value, { last }: Pass): Value {
  if (last === undefined) return residual;
  const [batch, tokens, channels] = residual.shape as [Dim, Dim, Dim];
  const isLast = range(tokens)
    .reshape([1, tokens, 1])
    .equal(last.reshape([batch, 1, 1]));
  return where(isLast, residual, 0)
    .sum({ axes: [1], keepDims: true })
    .reshape([batch, 1, channels]);
}
