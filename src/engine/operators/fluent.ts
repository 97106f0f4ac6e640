/** The methods of a value, so that maths reads from left to right: `x.matmul(w).add(b)`. */
import type { DType } from "#base";
import type { Dim, Shape } from "../graph/dims.ts";
import { type Operand, Value } from "../graph/value.ts";
import * as activation from "./activation.ts";
import * as compare from "./compare.ts";
import * as elementwise from "./elementwise.ts";
import { type MatmulOptions, matmul } from "./linear-algebra.ts";
import * as movement from "./movement.ts";
import { slice } from "./parts.ts";
import * as reduce from "./reduce.ts";

/** What can be asked of any value. */
export interface Fluent {
  // ----- Arithmetic, with broadcasting
  add(other: Operand): Value;
  sub(other: Operand): Value;
  mul(other: Operand): Value;
  div(other: Operand): Value;
  pow(exponent: Operand): Value;
  maximum(other: Operand): Value;
  minimum(other: Operand): Value;
  neg(): Value;
  square(): Value;

  // ----- Elementwise functions
  abs(): Value;
  cast(dtype: DType): Value;
  clip(low: number, high: number): Value;
  cos(): Value;
  erf(): Value;
  exp(): Value;
  expm1(): Value;
  floor(): Value;
  log(): Value;
  log1p(): Value;
  relu(): Value;
  rsqrt(): Value;
  sigmoid(): Value;
  sign(): Value;
  sin(): Value;
  sqrt(): Value;
  tanh(): Value;

  // ----- Comparisons, giving bool
  equal(other: Operand): Value;
  greater(other: Operand): Value;
  greaterOrEqual(other: Operand): Value;
  less(other: Operand): Value;
  lessOrEqual(other: Operand): Value;
  and(other: Value): Value;
  or(other: Value): Value;
  not(): Value;
  isFinite(): Value;

  // ----- Reductions, over all axes unless told
  sum(options?: reduce.ReduceOptions): Value;
  mean(options?: reduce.ReduceOptions): Value;
  max(options?: reduce.ReduceOptions): Value;
  min(options?: reduce.ReduceOptions): Value;
  logSumExp(options?: reduce.ReduceOptions): Value;
  argMax(options?: reduce.ArgOptions): Value;
  argMin(options?: reduce.ArgOptions): Value;

  // ----- Movement
  /** The same values in row-major order under another shape; one length may be -1. */
  reshape(shape: readonly Dim[]): Value;
  transpose(permutation: readonly number[]): Value;
  swapAxes(first: number, second: number): Value;
  expandDims(axis: number): Value;
  squeeze(axis: number): Value;
  broadcastTo(shape: Shape): Value;
  /** Values `start` to before `end` along `axis`; negative positions count from the end. */
  slice(axis: number, start: Dim, end?: Dim): Value;

  // ----- Linear algebra
  /** scale · x other over the last two axes; vectors count as one row or one column. */
  matmul(other: Value, options?: MatmulOptions): Value;
}

declare module "../graph/value.ts" {
  interface Value extends Fluent {}
}

type Methods = { readonly [Name in keyof Fluent]: (x: Value, ...rest: Parameters<Fluent[Name]>) => Value };

const { add, sub, mul, div, pow, maximum, minimum, neg } = elementwise;
const { abs, cast, clip, cos, exp, floor, log, rsqrt, sign, sin, sqrt } = elementwise;
const { erf, expm1, log1p, relu, sigmoid, tanh } = activation;
const { and, equal, greater, greaterOrEqual, isFiniteNumber, less, lessOrEqual, not, or } = compare;
const { argMax, argMin, logSumExp, max, mean, min, sum } = reduce;
const { broadcastTo, expandDims, reshape, squeeze, swapAxes, transpose } = movement;

const methods: Methods = {
  add,
  sub,
  mul,
  div,
  pow,
  maximum,
  minimum,
  neg,
  square: (x) => mul(x, x),
  abs,
  cast,
  clip,
  cos,
  exp,
  floor,
  log,
  rsqrt,
  sign,
  sin,
  sqrt,
  erf,
  expm1,
  log1p,
  relu,
  sigmoid,
  tanh,
  and,
  equal,
  greater,
  greaterOrEqual,
  isFinite: isFiniteNumber,
  less,
  lessOrEqual,
  not,
  or,
  argMax,
  argMin,
  logSumExp,
  max,
  mean,
  min,
  sum,
  broadcastTo,
  expandDims,
  reshape,
  squeeze,
  swapAxes,
  transpose,
  slice: (x, ...[axis, start, end]) => slice(x, { axis, start, ...(end === undefined ? {} : { end }) }),
  matmul,
};

for (const [name, apply] of Object.entries(methods)) {
  Object.defineProperty(Value.prototype, name, {
    value(this: Value, ...rest: unknown[]) {
      return (apply as (x: Value, ...rest: unknown[]) => Value)(this, ...rest);
    },
  });
}
