/**
 * Attention over heads.
 *
 * Axes     T queries · S keys · D head size · H heads · Hk heads of keys and values
 */
import { multiplyDims, type Shape, showShape, subtractDims } from "../graph/dims.ts";
import { applyAll, defineOperators, operator, traceError } from "../graph/operator.ts";
import { broadcastShapes, expectDtype, expectSameDtype, floats } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { add, where } from "./elementwise.ts";
import { triangularMask } from "./indexing.ts";
import { constant } from "./leaves.ts";
import { emitProduct } from "./linear-algebra.ts";
import { broadcastTo, expandDims, reshape } from "./movement.ts";

/** What scores are multiplied by before the softmax. */
export interface AttentionAttributes {
  readonly scale: number;
}

/** The table of this family. */
export const attention = defineOperators({
  /** Inputs q, k, v and, if there is one, a bias on the scores; outputs softmax(scale · q kᵀ + bias) v and the softmax. */
  Attention: operator<AttentionAttributes>({
    infer([q, k, v, bias]) {
      for (const other of [k!, v!]) expectSameDtype("attention", q!, other);
      expectDtype("attention", q!, floats);
      const batch = q!.shape.slice(0, -2);
      const pattern: Shape = [...batch, q!.shape.at(-2)!, k!.shape.at(-2)!];
      if (bias !== undefined) expectBias(bias, pattern);
      return [
        { dtype: q!.dtype, shape: [...q!.shape.slice(0, -1), v!.shape.at(-1)!] },
        { dtype: q!.dtype, shape: pattern },
      ];
    },
    emit: ({ inputs: [q, k, v, bias], attributes: { scale }, node }, emitter) => {
      const { rank, dtype } = node.inputs[0]!;
      const operand = (name: string) => ({ name, rank });
      const product = { a: operand(q!), b: operand(k!), dtype };
      const scores = emitProduct(emitter, product, { transposeA: false, transposeB: true, scale });
      const biased = bias === undefined ? scores : emitter.onnx("Add", [scores, bias])[0]!;
      const [pattern] = emitter.onnx("Softmax", [biased], { attributes: { axis: -1 } });
      return [emitter.onnx("MatMul", [pattern!, v!])[0]!, pattern!];
    },
  }),
});

function expectBias(bias: Value, pattern: Shape): void {
  if (showShape(broadcastShapes("attention", bias.shape, pattern)) === showShape(pattern)) return;
  const got = showShape(bias.shape);
  throw traceError("SHAPE_MISMATCH", `attention: Expected a mask that grows to ${showShape(pattern)}, got ${got}`);
}

/** Which keys a query sees, and how scores are scaled. */
export interface AttentionOptions {
  /** Each query sees the keys up to its own place, counted from the end when there are more keys than queries. */
  readonly causal?: boolean;
  /** Bool, true for what is seen, or numbers to add to the scores; grows to [*batch, H, T, S]. */
  readonly mask?: Value | undefined;
  /** 1 / √D when left out. */
  readonly scale?: number;
}

/** Queries, keys and values by head. */
export interface AttentionInputs {
  /** [*batch, H, T, D] */
  readonly query: Value;
  /** [*batch, Hk, S, D] */
  readonly key: Value;
  /** [*batch, Hk, S, D] */
  readonly value: Value;
}

/** Far below every score, and finite: a row of which nothing is seen gives equal weights, not NaN. */
const hidden = -1e30;

/**
 * Scaled dot-product attention; several query heads may share one head of keys and values.
 *
 *     P = softmax(scale · Q Kᵀ + mask),  output = P V
 *
 * Shapes   query [*batch, H, T, D] · key, value [*batch, Hk, S, D], Hk divides H → [*batch, H, T, D]
 * Source   Vaswani et al. 2017, Attention Is All You Need (arXiv:1706.03762), §3.2.1; Ainslie et al. 2023, GQA (arXiv:2305.13245), §2.2
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH
 */
export function scaledDotProductAttention(inputs: AttentionInputs, options: AttentionOptions = {}): Value {
  return attentionWithPattern(inputs, options).output;
}

/** As scaledDotProductAttention(), with the pattern P [*batch, H, T, S] beside the output. */
export function attentionWithPattern(
  { query, key, value }: AttentionInputs,
  options: AttentionOptions = {},
): { readonly output: Value; readonly pattern: Value } {
  expectHeads(query, key, value);
  const group = Number(query.shape.at(-3)) / Number(key.shape.at(-3));
  const { scale = 1 / Math.sqrt(Number(query.shape.at(-1))) } = options;
  const bias = biasOf(query, key, options);
  const folded = group === 1 ? query : foldGroup(query, key);
  const inputs = [folded, key, value, ...(bias === undefined ? [] : [foldBias(bias, query, group)])];
  const [output, pattern] = applyAll(attention.Attention, inputs, { scale });
  const heads = query.shape.slice(0, -1);
  return {
    output: reshape(output!, [...heads, value.shape.at(-1)!]),
    pattern: reshape(pattern!, [...heads, key.shape.at(-2)!]),
  };
}

function expectHeads(query: Value, key: Value, value: Value): void {
  const [heads, keyHeads] = [query.shape.at(-3), key.shape.at(-3)];
  const known = typeof heads === "number" && typeof keyHeads === "number" && typeof query.shape.at(-1) === "number";
  const alike = (a: Shape, b: Shape) => showShape(a) === showShape(b);
  const fits =
    query.rank === key.rank &&
    alike(key.shape.slice(0, -1), value.shape.slice(0, -1)) &&
    alike(query.shape.slice(0, -3), key.shape.slice(0, -3)) &&
    query.shape.at(-1) === key.shape.at(-1);
  if (known && fits && heads % keyHeads === 0) return;
  const got = [query, key, value].map(({ shape }) => showShape(shape)).join(", ");
  const expected = "Expected query [*batch, H, T, D], key and value [*batch, Hk, S, D] with known H, Hk and D";
  throw traceError("SHAPE_MISMATCH", `attention: ${expected}, got ${got}; split the channels into heads first`);
}

/** Query heads that share keys become rows of one product: [*batch, H, T, D] → [*batch, Hk, H / Hk · T, D]. */
const foldGroup = (query: Value, key: Value): Value =>
  reshape(query, [...query.shape.slice(0, -3), key.shape.at(-3)!, -1, query.shape.at(-1)!]);

function biasOf(query: Value, key: Value, { causal = false, mask }: AttentionOptions): Value | undefined {
  const [rows, columns] = [query.shape.at(-2)!, key.shape.at(-2)!];
  const offset = rows === columns ? 0 : subtractDims(columns, rows);
  const past = causal ? where(triangularMask(rows, columns, { offset }), asZero(query), hidden) : undefined;
  if (mask === undefined) return past;
  const seen = mask.dtype === "bool" ? where(mask, asZero(query), hidden) : mask;
  return past === undefined ? seen : add(past, seen);
}

const asZero = ({ dtype }: Value): Value => constant(0, dtype);

/** The bias for folded rows: each head of a group has rows of its own. */
function foldBias(bias: Value, { shape }: Value, group: number): Value {
  if (group === 1) return bias;
  const [heads, rows] = [Number(shape.at(-3)), shape.at(-2)!];
  const columns = bias.shape.at(-1)!;
  const table = bias.rank < 2 ? reshape(bias, [1, columns]) : bias;
  const perHead = table.rank > 2 && table.shape.at(-3) === heads;
  const before = table.shape.slice(0, perHead ? -3 : -2);
  const split = perHead
    ? reshape(table, [...before, heads / group, group, ...table.shape.slice(-2)])
    : expandDims(table, -3);
  const kept = split.shape.slice(0, -3);
  return reshape(broadcastTo(split, [...kept, group, rows, columns]), [...kept, multiplyDims(group, rows), columns]);
}
