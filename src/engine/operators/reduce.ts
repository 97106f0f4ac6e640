/** Operators that fold axes into one number each. */
import { type DType, tensor } from "#base";
import { apply, defineOperators, type Operator, type OperatorRow, operator } from "../graph/operator.ts";
import { expectDtype, floats, normalizeAxes, normalizeAxis, numbers, reducedShape } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";

/** Which axes are folded. */
export interface ReduceAttributes {
  /** Counted from the front, ascending. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Which axes are folded. */
export interface ReduceOptions {
  /** All axes when left out; negative ones count from the end. */
  readonly axes?: number | readonly number[];
  /** Whether reduced axes stay with length one. */
  readonly keepDims?: boolean;
}

/** Along which axis to look. */
export interface ArgOptions {
  /** The last axis when left out. */
  readonly axis?: number;
  readonly keepDims?: boolean;
}

function reduction(onnx: string, dtypes: readonly DType[]): OperatorRow<ReduceAttributes> {
  return {
    infer([x], { axes, keepDims }: ReduceAttributes) {
      expectDtype(onnx, x!, dtypes);
      return { dtype: x!.dtype, shape: reducedShape(x!.shape, axes, keepDims) };
    },
    emit: ({ inputs, attributes: { axes, keepDims } }, emitter) => {
      const axesName = emitter.constant(tensor([axes.length], axes, "int64"));
      return emitter.onnx(onnx, [inputs[0]!, axesName], { attributes: { keepdims: Number(keepDims) } });
    },
  };
}

function position(onnx: string): OperatorRow<{ axis: number; keepDims: boolean }> {
  return {
    infer([x], { axis, keepDims }) {
      expectDtype(onnx, x!, numbers);
      return { dtype: "int64", shape: reducedShape(x!.shape, [axis], keepDims) };
    },
    emit: ({ inputs, attributes: { axis, keepDims } }, emitter) =>
      emitter.onnx(onnx, inputs, { attributes: { axis, keepdims: Number(keepDims) } }),
  };
}

/** The table of this family. */
export const reduce = defineOperators({
  LogSumExp: reduction("ReduceLogSumExp", floats),
  ReduceMax: reduction("ReduceMax", numbers),
  ReduceMean: reduction("ReduceMean", floats),
  ReduceMin: reduction("ReduceMin", numbers),
  ReduceSum: reduction("ReduceSum", numbers),

  ArgMax: position("ArgMax"),
  ArgMin: position("ArgMin"),
  /** Sums of everything before and including each element; `reverse` counts from the end, `exclusive` leaves the element out. */
  CumulativeSum: operator<CumulativeSumAttributes>({
    infer([x]) {
      expectDtype("CumulativeSum", x!, numbers);
      return x!;
    },
    emit: ({ inputs, attributes: { axis, exclusive, reverse } }, emitter) =>
      emitter.onnx("CumSum", [inputs[0]!, emitter.constant(tensor([], [axis], "int64"))], {
        attributes: { exclusive: Number(exclusive), reverse: Number(reverse) },
      }),
  }),
});

/** Which elements a running sum covers. */
export interface CumulativeSumAttributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

const reducer =
  (operator: Operator<ReduceAttributes>) =>
  (x: Value, { axes, keepDims = false }: ReduceOptions = {}): Value => {
    const normal = normalizeAxes(operator.name, axes, x.rank);
    // Of no axes at all: each number is its own sum, mean, extremum and log Σ eˣ; ONNX would fold them all.
    return normal.length === 0 ? x : apply(operator, [x], { axes: normal, keepDims });
  };

/** Σ x over the axes. */
export const sum: (x: Value, options?: ReduceOptions) => Value = reducer(reduce.ReduceSum);
/** Σ x / n over the axes. */
export const mean: (x: Value, options?: ReduceOptions) => Value = reducer(reduce.ReduceMean);
/** The largest element; where several are largest they share the gradient equally. */
export const max: (x: Value, options?: ReduceOptions) => Value = reducer(reduce.ReduceMax);
/** The smallest element; where several are smallest they share the gradient equally. */
export const min: (x: Value, options?: ReduceOptions) => Value = reducer(reduce.ReduceMin);
/** log Σ eˣ, without overflow. */
export const logSumExp: (x: Value, options?: ReduceOptions) => Value = reducer(reduce.LogSumExp);

/** The position of the largest element as int64, the first one among equals. */
export function argMax(x: Value, { axis = -1, keepDims = false }: ArgOptions = {}): Value {
  return apply(reduce.ArgMax, [x], { axis: normalizeAxis("argMax", axis, x.rank), keepDims });
}

/** The position of the smallest element as int64, the first one among equals. */
export function argMin(x: Value, { axis = -1, keepDims = false }: ArgOptions = {}): Value {
  return apply(reduce.ArgMin, [x], { axis: normalizeAxis("argMin", axis, x.rank), keepDims });
}

/** Running sums along an axis. */
export function cumulativeSum(
  x: Value,
  { axis = -1, exclusive = false, reverse = false }: Partial<CumulativeSumAttributes> = {},
): Value {
  return apply(reduce.CumulativeSum, [x], { axis: normalizeAxis("cumulativeSum", axis, x.rank), exclusive, reverse });
}
