/** Arithmetic on each element alone, with broadcasting where there are two operands. */
import { type DType, tensor } from "#base";
import { type Shape, sameShape } from "../graph/dims.ts";
import { onnxTypeOf } from "../graph/onnx.ts";
import {
  apply,
  defineOperators,
  type None,
  type Operator,
  type OperatorRow,
  operator,
  traceError,
} from "../graph/operator.ts";
import { broadcastShapes, expectDtype, expectHolds, expectSameDtype, floats, numbers } from "../graph/shapes.ts";
import type { Operand, Value } from "../graph/value.ts";
import { asValue, constant, knownNumber } from "./leaves.ts";

/** An operator of one operand that keeps the shape. */
export function unary(onnx: string, dtypes: readonly DType[] = floats): OperatorRow<None> {
  return {
    infer([x]) {
      expectDtype(onnx, x!, dtypes);
      return x!;
    },
    emit: ({ inputs }, emitter) => emitter.onnx(onnx, inputs),
  };
}

/** An operator of two operands of one dtype that broadcast. */
function binary(onnx: string, dtypes: readonly DType[] = numbers): OperatorRow<None> {
  return {
    infer([a, b]) {
      expectSameDtype(onnx, a!, b!);
      expectDtype(onnx, a!, dtypes);
      return { dtype: a!.dtype, shape: broadcastShapes(onnx, a!.shape, b!.shape) };
    },
    emit: ({ inputs }, emitter) => emitter.onnx(onnx, inputs),
  };
}

/** Between what a clipped value stays. */
export interface ClipAttributes {
  readonly low: number;
  readonly high: number;
}

/** The table of this family. */
export const elementwise = defineOperators({
  // ----- Two operands
  Add: binary("Add"),
  Div: binary("Div"),
  Maximum: binary("Max"),
  Minimum: binary("Min"),
  Mul: binary("Mul"),
  Pow: binary("Pow", floats),
  Sub: binary("Sub"),

  // ----- One operand
  Abs: unary("Abs", numbers),
  Cos: unary("Cos"),
  Exp: unary("Exp"),
  Floor: unary("Floor"),
  Log: unary("Log"),
  Neg: unary("Neg", numbers),
  Sign: unary("Sign", numbers),
  Sin: unary("Sin"),
  Sqrt: unary("Sqrt"),

  /** 1 / √x */
  Rsqrt: operator<None>({
    infer([x]) {
      expectDtype("Rsqrt", x!, floats);
      return x!;
    },
    emit: ({ inputs }, emitter) => emitter.onnx("Reciprocal", emitter.onnx("Sqrt", inputs)),
  }),
  Clip: operator<ClipAttributes>({
    infer([x], { low, high }) {
      expectDtype("Clip", x!, numbers);
      for (const limit of [low, high]) if (Number.isFinite(limit)) expectHolds("Clip", x!.dtype, limit);
      return x!;
    },
    emit: ({ inputs, attributes: { low, high }, node }, emitter) => {
      const { dtype } = node.inputs[0]!;
      const bound = (limit: number) => (Number.isFinite(limit) ? emitter.constant(tensor([], [limit], dtype)) : "");
      return emitter.onnx("Clip", [inputs[0]!, bound(low), bound(high)]);
    },
  }),
  Cast: operator<{ to: DType }>({
    infer: ([x], { to }) => ({ dtype: to, shape: x!.shape }),
    emit: ({ inputs, attributes }, emitter) =>
      emitter.onnx("Cast", inputs, { attributes: { to: onnxTypeOf(attributes.to) } }),
  }),
  Where: operator<None>({
    infer([condition, a, b]) {
      expectDtype("Where", condition!, ["bool"]);
      expectDtype("Where", a!, numbers);
      expectSameDtype("Where", a!, b!);
      const shape = broadcastShapes("Where", a!.shape, b!.shape);
      return { dtype: a!.dtype, shape: broadcastShapes("Where", condition!.shape, shape) };
    },
    emit: ({ inputs }, emitter) => emitter.onnx("Where", inputs),
  }),
});

// ----- Two operands

/** a + b */
export function add(a: Operand, b: Operand): Value {
  const [left, right] = pair(a, b);
  if (knownNumber(right) === 0 && coversDtype(left, right)) return left;
  if (knownNumber(left) === 0 && coversDtype(right, left)) return right;
  return join(elementwise.Add, left, right);
}

/** a − b */
export function sub(a: Operand, b: Operand): Value {
  const [left, right] = pair(a, b);
  if (knownNumber(right) === 0 && coversDtype(left, right)) return left;
  return join(elementwise.Sub, left, right);
}

/** a · b, element by element */
export function mul(a: Operand, b: Operand): Value {
  const [left, right] = pair(a, b);
  if (knownNumber(right) === 1 && coversDtype(left, right)) return left;
  if (knownNumber(left) === 1 && coversDtype(right, left)) return right;
  return join(elementwise.Mul, left, right);
}

/** a / b; integers divide towards zero */
export function div(a: Operand, b: Operand): Value {
  const [left, right] = pair(a, b);
  if (knownNumber(right) === 1 && coversDtype(left, right)) return left;
  return join(elementwise.Div, left, right);
}

/** a to the power b */
export function pow(a: Operand, b: Operand): Value {
  const [left, right] = pair(a, b);
  const exponent = knownNumber(right);
  if (exponent === 1 && coversDtype(left, right)) return left;
  if (exponent === 2 && coversDtype(left, right)) return mul(left, left);
  return join(elementwise.Pow, left, right);
}

/** The larger of a and b; equal ones share the gradient. */
export const maximum = (a: Operand, b: Operand): Value => join(elementwise.Maximum, ...pair(a, b));

/** The smaller of a and b; equal ones share the gradient. */
export const minimum = (a: Operand, b: Operand): Value => join(elementwise.Minimum, ...pair(a, b));

function pair(a: Operand, b: Operand): [Value, Value] {
  if (typeof a !== "number") return [a, asValue(b, a)];
  return typeof b !== "number" ? [asValue(a, b), b] : [constant(a), constant(b)];
}

/** Whether dropping `dropped` leaves the shape and dtype of the result as they were. */
function coversDtype(kept: Value, dropped: Value): boolean {
  return kept.dtype === dropped.dtype && sameShape(broadcastShapes("join", kept.shape, dropped.shape), kept.shape);
}

/** Applies an operator of two operands; an expansion that broadcasting does anyway is left out, it would cost a pass over memory. */
export function join(operator: Operator<None>, a: Value, b: Value): Value {
  const shape = broadcastShapes(operator.name, a.shape, b.shape);
  const left = unexpanded(a, b.shape, shape);
  // One after the other: where both sides were expanded, one of them has to stay so.
  return apply(operator, [left, unexpanded(b, left.shape, shape)], {});
}

function unexpanded(value: Value, other: Shape, shape: Shape): Value {
  const source = value.node.inputs[0];
  if (value.node.operator.name !== "Expand" || source === undefined) return value;
  const keepsShape = sameShape(broadcastShapes("join", source.shape, other), shape);
  return keepsShape ? unexpanded(source, other, shape) : value;
}

// ----- One operand

/** A function that applies an operator of one operand. */
export const single = (operator: Operator<None>) => (x: Value) => apply(operator, [x], {});

/** |x| */
export const abs: (x: Value) => Value = single(elementwise.Abs);
/** cos x */
export const cos: (x: Value) => Value = single(elementwise.Cos);
/** eˣ */
export const exp: (x: Value) => Value = single(elementwise.Exp);
/** The largest integer not above x. */
export const floor: (x: Value) => Value = single(elementwise.Floor);
/** The natural logarithm. */
export const log: (x: Value) => Value = single(elementwise.Log);
/** 1 / √x */
export const rsqrt: (x: Value) => Value = single(elementwise.Rsqrt);
/** −1, 0 or 1 */
export const sign: (x: Value) => Value = single(elementwise.Sign);
/** sin x */
export const sin: (x: Value) => Value = single(elementwise.Sin);
/** √x */
export const sqrt: (x: Value) => Value = single(elementwise.Sqrt);

/** −x */
export function neg(x: Value): Value {
  return x.node.operator.name === "Neg" ? x.node.inputs[0]! : apply(elementwise.Neg, [x], {});
}

/** x kept between `low` and `high`; the gradient is zero outside. @throws AssayError OPTION_RANGE unless low ≤ high */
export function clip(x: Value, low: number, high: number): Value {
  if (low <= high) return apply(elementwise.Clip, [x], { low, high });
  throw traceError("OPTION_RANGE", `clip: Expected a lower bound up to the upper one, got ${low} and ${high}`);
}

/** The value as another dtype; floats become integers by cutting off the fraction. */
export function cast(x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : apply(elementwise.Cast, [x], { to: dtype });
}

/** `a` where the condition holds, `b` elsewhere. @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH */
export function where(condition: Value, a: Operand, b: Operand): Value {
  return apply(elementwise.Where, [condition, ...pair(a, b)], {});
}
