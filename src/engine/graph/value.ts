import type { DType } from "#base";
import * as compare from "../operators/compare.ts";
import * as elementwise from "../operators/elementwise.ts";
import { type MatmulOptions, matmul } from "../operators/linear-algebra.ts";
import * as movement from "../operators/movement.ts";
import * as reduce from "../operators/reduce.ts";
import type { Dim, Shape } from "./dims.ts";
import type { Node, TensorType } from "./operator.ts";

/** A value, or a number that takes the dtype of the value it meets. */
export type Operand = Value | number;

/**
 * A tensor that is not computed yet: it knows its dtype, its shape and the node that makes it.
 * Every method adds a node and returns a new value; dtypes and shapes are checked at once.
 */
export class Value implements TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly node: Node;
  /** Which output of its node this is. */
  readonly index: number;

  constructor(type: TensorType, node: Node, index: number) {
    this.dtype = type.dtype;
    this.shape = type.shape;
    this.node = node;
    this.index = index;
  }

  get rank(): number {
    return this.shape.length;
  }

  // ----- Arithmetic, with broadcasting

  add(other: Operand): Value {
    return elementwise.add(this, other);
  }
  sub(other: Operand): Value {
    return elementwise.sub(this, other);
  }
  mul(other: Operand): Value {
    return elementwise.mul(this, other);
  }
  div(other: Operand): Value {
    return elementwise.div(this, other);
  }
  pow(exponent: Operand): Value {
    return elementwise.pow(this, exponent);
  }
  maximum(other: Operand): Value {
    return elementwise.maximum(this, other);
  }
  minimum(other: Operand): Value {
    return elementwise.minimum(this, other);
  }
  neg(): Value {
    return elementwise.neg(this);
  }
  square(): Value {
    return elementwise.mul(this, this);
  }

  // ----- Elementwise functions

  abs(): Value {
    return elementwise.abs(this);
  }
  cast(dtype: DType): Value {
    return elementwise.cast(this, dtype);
  }
  clip(low: number, high: number): Value {
    return elementwise.clip(this, low, high);
  }
  cos(): Value {
    return elementwise.cos(this);
  }
  erf(): Value {
    return elementwise.erf(this);
  }
  exp(): Value {
    return elementwise.exp(this);
  }
  floor(): Value {
    return elementwise.floor(this);
  }
  log(): Value {
    return elementwise.log(this);
  }
  relu(): Value {
    return elementwise.relu(this);
  }
  sigmoid(): Value {
    return elementwise.sigmoid(this);
  }
  sign(): Value {
    return elementwise.sign(this);
  }
  sin(): Value {
    return elementwise.sin(this);
  }
  sqrt(): Value {
    return elementwise.sqrt(this);
  }
  tanh(): Value {
    return elementwise.tanh(this);
  }

  // ----- Comparisons, giving bool

  equal(other: Operand): Value {
    return compare.equal(this, other);
  }
  greater(other: Operand): Value {
    return compare.greater(this, other);
  }
  greaterOrEqual(other: Operand): Value {
    return compare.greaterOrEqual(this, other);
  }
  less(other: Operand): Value {
    return compare.less(this, other);
  }
  lessOrEqual(other: Operand): Value {
    return compare.lessOrEqual(this, other);
  }
  and(other: Value): Value {
    return compare.and(this, other);
  }
  or(other: Value): Value {
    return compare.or(this, other);
  }
  not(): Value {
    return compare.not(this);
  }

  // ----- Reductions, over all axes unless told

  sum(options?: reduce.ReduceOptions): Value {
    return reduce.sum(this, options);
  }
  mean(options?: reduce.ReduceOptions): Value {
    return reduce.mean(this, options);
  }
  max(options?: reduce.ReduceOptions): Value {
    return reduce.max(this, options);
  }
  min(options?: reduce.ReduceOptions): Value {
    return reduce.min(this, options);
  }
  logSumExp(options?: reduce.ReduceOptions): Value {
    return reduce.logSumExp(this, options);
  }
  argMax(options?: reduce.ArgOptions): Value {
    return reduce.argMax(this, options);
  }

  // ----- Movement

  /** The same values in row-major order under another shape; one length may be -1. */
  reshape(shape: readonly Dim[]): Value {
    return movement.reshape(this, shape);
  }
  transpose(permutation: readonly number[]): Value {
    return movement.transpose(this, permutation);
  }
  swapAxes(first: number, second: number): Value {
    return movement.swapAxes(this, first, second);
  }
  expandDims(axis: number): Value {
    return movement.expandDims(this, axis);
  }
  squeeze(axis: number): Value {
    return movement.squeeze(this, axis);
  }
  broadcastTo(shape: Shape): Value {
    return movement.broadcastTo(this, shape);
  }
  /** Values `start` to before `end` along `axis`; negative positions count from the end. */
  slice(axis: number, start: Dim, end?: Dim): Value {
    return movement.slice(this, { axis, start, ...(end === undefined ? {} : { end }) });
  }

  // ----- Linear algebra

  matmul(other: Value, options?: MatmulOptions): Value {
    return matmul(this, other, options);
  }
}
