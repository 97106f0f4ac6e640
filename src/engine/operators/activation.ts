/** Functions that neural networks bend their values with, and the exponentials that need care near zero. */
import { type DType, tensor } from "#base";
import { apply, defineOperators, type None, type OperatorRow, operator } from "../graph/operator.ts";
import { expectDtype, float32Only, floats } from "../graph/shapes.ts";
import type { Emitter, Value } from "../graph/value.ts";
import { neg, single, unary } from "./elementwise.ts";

/** Which form of gelu: exact, or with the tanh of GPT-2. */
export interface GeluAttributes {
  readonly approximate: "none" | "tanh";
}

/**
 * An operator that ONNX lacks, with u near x: result = where(u = limit, x, …), so that rounding in u cancels.
 *
 * Source   Kahan's trick as in Goldberg 1991, What Every Computer Scientist Should Know …, theorem 4
 */
function careful(name: string, emit: (x: string, pieces: Pieces) => string): OperatorRow<None> {
  return {
    infer([x]) {
      expectDtype(name, x!, floats);
      return x!;
    },
    emit: ({ inputs, node }, emitter) => [emit(inputs[0]!, piecesOf(emitter, node.inputs[0]!.dtype))],
  };
}

interface Pieces {
  /** One ONNX operator, its first output. */
  on(operator: string, ...inputs: string[]): string;
  number(value: number): string;
}

const piecesOf = (emitter: Emitter, dtype: DType): Pieces => ({
  on: (operator, ...inputs) => emitter.onnx(operator, inputs)[0]!,
  number: (value) => emitter.constant(tensor([], [value], dtype)),
});

/** The table of this family. */
export const activation = defineOperators({
  Erf: unary("Erf", float32Only),
  /** u = eˣ, eˣ − 1 = (u − 1) · x / log u; x itself where u is 1, u − 1 where that quotient is no number. */
  Expm1: careful("Expm1", (x, { on, number }) => {
    const u = on("Exp", x);
    const less = on("Sub", u, number(1));
    const ratio = on("Div", on("Mul", less, x), on("Log", u));
    const isPlain = on("Or", on("Equal", u, number(0)), on("IsInf", u));
    return on("Where", on("Equal", u, number(1)), x, on("Where", isPlain, less, ratio));
  }),
  Gelu: operator<GeluAttributes>({
    infer([x]) {
      expectDtype("Gelu", x!, float32Only);
      return x!;
    },
    emit: ({ inputs, attributes }, emitter) =>
      emitter.onnx("Gelu", inputs, { attributes: { approximate: attributes.approximate } }),
  }),
  /** u = 1 + x, log(1 + x) = log u · x / (u − 1); x itself where u is 1, log u where u is infinite. */
  Log1p: careful("Log1p", (x, { on, number }) => {
    const u = on("Add", x, number(1));
    const logU = on("Log", u);
    const ratio = on("Div", on("Mul", logU, x), on("Sub", u, number(1)));
    return on("Where", on("Equal", u, number(1)), x, on("Where", on("IsInf", u), logU, ratio));
  }),
  Relu: unary("Relu"),
  Sigmoid: unary("Sigmoid"),
  Silu: operator<None>({
    infer([x]) {
      expectDtype("Silu", x!, float32Only);
      return x!;
    },
    emit: ({ inputs }, emitter) =>
      emitter.onnx("QuickGelu", inputs, { domain: "com.microsoft", attributes: { alpha: { float: 1 } } }),
  }),
  Softplus: unary("Softplus", float32Only),
  Tanh: unary("Tanh"),
});

/** The error function, float32 only. */
export const erf: (x: Value) => Value = single(activation.Erf);
/** eˣ − 1, exact near zero. */
export const expm1: (x: Value) => Value = single(activation.Expm1);
/** log(1 + x), exact near zero. */
export const log1p: (x: Value) => Value = single(activation.Log1p);
/** max(x, 0) */
export const relu: (x: Value) => Value = single(activation.Relu);
/** 1 / (1 + e⁻ˣ) */
export const sigmoid: (x: Value) => Value = single(activation.Sigmoid);
/** x · sigmoid(x), float32 only */
export const silu: (x: Value) => Value = single(activation.Silu);
/** log(1 + eˣ), float32 only */
export const softplus: (x: Value) => Value = single(activation.Softplus);
/** tanh x */
export const tanh: (x: Value) => Value = single(activation.Tanh);

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
  return apply(activation.Gelu, [x], { approximate });
}
