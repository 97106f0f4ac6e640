/** Operators that work on each element alone, with broadcasting where there are two operands. */
import { type DType, tensor } from "#base";
import { type Shape, sameShape } from "../graph/dims.ts";
import { onnxTypeOf } from "../graph/onnx.ts";
import { apply, defineOperators, type Node, type Operator, type OperatorRow, operator } from "../graph/operator.ts";
import { broadcastShapes, expectDtype, expectSameDtype, float32Only, floats, numbers } from "../graph/shapes.ts";
import type { Operand, Value } from "../graph/value.ts";
import { asValue, knownNumber } from "./leaves.ts";

/** For operators that take no attributes. */
export type None = Readonly<Record<never, never>>;

/** An operator of one operand that keeps the shape. */
function unary(onnx: string, dtypes: readonly DType[] = floats): OperatorRow<None> {
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

export interface ClipAttributes {
  readonly low: number;
  readonly high: number;
}

export interface GeluAttributes {
  readonly approximate: "none" | "tanh";
}

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
  Erf: unary("Erf", float32Only),
  Exp: unary("Exp"),
  Floor: unary("Floor"),
  Log: unary("Log"),
  Neg: unary("Neg", numbers),
  Relu: unary("Relu"),
  Sigmoid: unary("Sigmoid"),
  Sign: unary("Sign", numbers),
  Sin: unary("Sin"),
  Softplus: unary("Softplus", float32Only),
  Sqrt: unary("Sqrt"),
  Tanh: unary("Tanh"),

  Silu: operator<None>({
    infer([x]) {
      expectDtype("Silu", x!, float32Only);
      return x!;
    },
    emit: ({ inputs }, emitter) =>
      emitter.onnx("QuickGelu", inputs, { domain: "com.microsoft", attributes: { alpha: { float: 1 } } }),
  }),
  Gelu: operator<GeluAttributes>({
    infer([x]) {
      expectDtype("Gelu", x!, float32Only);
      return x!;
    },
    emit: ({ inputs, attributes }, emitter) =>
      emitter.onnx("Gelu", inputs, { attributes: { approximate: attributes.approximate } }),
  }),
  Clip: operator<ClipAttributes>({
    infer([x]) {
      expectDtype("Clip", x!, numbers);
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
      expectSameDtype("Where", a!, b!);
      const shape = broadcastShapes("Where", a!.shape, b!.shape);
      return { dtype: a!.dtype, shape: broadcastShapes("Where", condition!.shape, shape) };
    },
    emit: ({ inputs }, emitter) => emitter.onnx("Where", inputs),
  }),
  /** The value itself; its derivative is zero. */
  StopGradient: operator<None>({
    infer: ([x]) => x!,
    emit: ({ inputs }) => [inputs[0]!],
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

/** The larger of a and b. */
export const maximum = (a: Operand, b: Operand): Value => join(elementwise.Maximum, ...pair(a, b));

/** The smaller of a and b. */
export const minimum = (a: Operand, b: Operand): Value => join(elementwise.Minimum, ...pair(a, b));

function pair(a: Operand, b: Operand): [Value, Value] {
  if (typeof a !== "number") return [a, asValue(b, a)];
  if (typeof b !== "number") return [asValue(a, b), b];
  return [asValue(a, { dtype: "float32" } as Value), asValue(b, { dtype: "float32" } as Value)];
}

/** Whether dropping `dropped` leaves the shape and dtype of the result as they were. */
function coversDtype(kept: Value, dropped: Value): boolean {
  return kept.dtype === dropped.dtype && sameShape(broadcastShapes("join", kept.shape, dropped.shape), kept.shape);
}

/** Applies an operator of two operands; an expansion that broadcasting does anyway is left out, it would cost a pass over memory. */
export function join(operator: Operator<None>, a: Value, b: Value): Value {
  const shape = broadcastShapes(operator.name, a.shape, b.shape);
  return apply(operator, [unexpanded(a, b.shape, shape), unexpanded(b, a.shape, shape)], {});
}

function unexpanded(value: Value, other: Shape, shape: Shape): Value {
  const source = value.node.inputs[0];
  if (value.node.operator.name !== "Expand" || source === undefined) return value;
  const keepsShape = sameShape(broadcastShapes("join", source.shape, other), shape);
  return keepsShape ? unexpanded(source, other, shape) : value;
}

// ----- One operand

const single = (operator: Operator<None>) => (x: Value) => apply(operator, [x], {});

/** |x| */
export const abs: (x: Value) => Value = single(elementwise.Abs);
/** cos x */
export const cos: (x: Value) => Value = single(elementwise.Cos);
/** The error function, float32 only. */
export const erf: (x: Value) => Value = single(elementwise.Erf);
/** eˣ */
export const exp: (x: Value) => Value = single(elementwise.Exp);
/** The largest integer not above x. */
export const floor: (x: Value) => Value = single(elementwise.Floor);
/** The natural logarithm. */
export const log: (x: Value) => Value = single(elementwise.Log);
/** max(x, 0) */
export const relu: (x: Value) => Value = single(elementwise.Relu);
/** 1 / (1 + e⁻ˣ) */
export const sigmoid: (x: Value) => Value = single(elementwise.Sigmoid);
/** −1, 0 or 1 */
export const sign: (x: Value) => Value = single(elementwise.Sign);
/** x · sigmoid(x), float32 only */
export const silu: (x: Value) => Value = single(elementwise.Silu);
/** sin x */
export const sin: (x: Value) => Value = single(elementwise.Sin);
/** log(1 + eˣ), float32 only */
export const softplus: (x: Value) => Value = single(elementwise.Softplus);
/** √x */
export const sqrt: (x: Value) => Value = single(elementwise.Sqrt);
/** tanh x */
export const tanh: (x: Value) => Value = single(elementwise.Tanh);
/** The same value, through which no gradient flows. */
export const stopGradient: (x: Value) => Value = single(elementwise.StopGradient);

/** −x */
export function neg(x: Value): Value {
  return x.node.operator.name === "Neg" ? x.node.inputs[0]! : apply(elementwise.Neg, [x], {});
}

/** log σ(x) = −log(1 + e⁻ˣ), without overflow on either side; float32 only. */
export const logSigmoid = (x: Value): Value => neg(softplus(neg(x)));

/**
 * Gaussian error linear unit, float32 only.
 *
 *     none   x · Φ(x)
 *     tanh   x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))
 *
 * Source   Hendrycks & Gimpel 2016, Gaussian Error Linear Units (arXiv:1606.08415), §2
 */
export function gelu(x: Value, { approximate = "none" }: Partial<GeluAttributes> = {}): Value {
  return apply(elementwise.Gelu, [x], { approximate });
}

/** x kept between `low` and `high`; the gradient is zero outside. */
export const clip = (x: Value, low: number, high: number): Value => apply(elementwise.Clip, [x], { low, high });

/** The value as another dtype; floats become integers by cutting off the fraction. */
export function cast(x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : apply(elementwise.Cast, [x], { to: dtype });
}

/** `a` where the condition holds, `b` elsewhere. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  return apply(elementwise.Where, [condition, ...pair(a, b)], {});
}

/** Whether this node is one of `operator`. */
export const isCallOf = <Attributes extends object>(node: Node, operator: Operator<Attributes>): boolean =>
  node.operator.name === operator.name;
