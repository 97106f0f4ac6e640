/** Operators that answer with bool. None of them has a derivative. */
import type { DType } from "#base";
import { apply, defineOperators, type None, type Operator, type OperatorRow } from "../graph/operator.ts";
import { broadcastShapes, expectDtype, expectSameDtype, floats, numbers } from "../graph/shapes.ts";
import type { Operand, Value } from "../graph/value.ts";
import { join } from "./elementwise.ts";
import { asValue } from "./leaves.ts";

function comparison(onnx: string, dtypes: readonly DType[] = numbers): OperatorRow<None> {
  return {
    infer([a, b]) {
      expectSameDtype(onnx, a!, b!);
      expectDtype(onnx, a!, dtypes);
      return { dtype: "bool", shape: broadcastShapes(onnx, a!.shape, b!.shape) };
    },
    emit: ({ inputs }, emitter) => emitter.onnx(onnx, inputs),
  };
}

function predicate(onnx: string, dtypes: readonly DType[]): OperatorRow<None> {
  return {
    infer([x]) {
      expectDtype(onnx, x!, dtypes);
      return { dtype: "bool", shape: x!.shape };
    },
    emit: ({ inputs }, emitter) => emitter.onnx(onnx, inputs),
  };
}

/** The table of this family. */
export const compare = defineOperators({
  And: comparison("And", ["bool"]),
  Equal: comparison("Equal", [...numbers, "bool"]),
  Greater: comparison("Greater"),
  GreaterOrEqual: comparison("GreaterOrEqual"),
  IsInfinite: predicate("IsInf", floats),
  IsNaN: predicate("IsNaN", floats),
  Less: comparison("Less"),
  LessOrEqual: comparison("LessOrEqual"),
  Not: predicate("Not", ["bool"]),
  Or: comparison("Or", ["bool"]),
});

const compared = (operator: Operator<None>) => (a: Value, b: Operand) => join(operator, a, asValue(b, a));

/** a = b */
export const equal: (a: Value, b: Operand) => Value = compared(compare.Equal);
/** a > b */
export const greater: (a: Value, b: Operand) => Value = compared(compare.Greater);
/** a ≥ b */
export const greaterOrEqual: (a: Value, b: Operand) => Value = compared(compare.GreaterOrEqual);
/** a < b */
export const less: (a: Value, b: Operand) => Value = compared(compare.Less);
/** a ≤ b */
export const lessOrEqual: (a: Value, b: Operand) => Value = compared(compare.LessOrEqual);
/** Both. */
export const and = (a: Value, b: Value): Value => join(compare.And, a, b);
/** Either. */
export const or = (a: Value, b: Value): Value => join(compare.Or, a, b);
/** The opposite. */
export const not = (x: Value): Value => apply(compare.Not, [x], {});
/** Whether each element is an ordinary number: neither NaN nor infinite. */
export const isFiniteNumber = (x: Value): Value =>
  not(or(apply(compare.IsNaN, [x], {}), apply(compare.IsInfinite, [x], {})));
