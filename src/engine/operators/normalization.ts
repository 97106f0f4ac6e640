/** Operators that bring values to mean zero and variance one, or to length one, along the last axis. */
import { tensor } from "#base";
import { type Dim, type Shape, showShape } from "../graph/dims.ts";
import { apply, defineOperators, operator, traceError } from "../graph/operator.ts";
import { expectDtype, expectSameDtype, expectShape, floats } from "../graph/shapes.ts";
import type { Call, Emitter, TensorType, Value } from "../graph/value.ts";
import { add, mul } from "./elementwise.ts";
import { reshape } from "./movement.ts";

/** What is added to the variance before its root is taken. */
export interface NormAttributes {
  readonly epsilon: number;
}

/** The types of x normalised and of `statistics` numbers for each row. */
function inferNorm(who: string, inputs: readonly Value[], statistics: number): TensorType[] {
  const [x, ...weights] = inputs;
  expectDtype(who, x!, floats);
  if (x!.rank === 0) throw traceError("SHAPE_MISMATCH", `${who}: Expected [*batch, C], got []`);
  for (const weight of weights) {
    expectSameDtype(who, x!, weight);
    expectShape(`${who} of ${showShape(x!.shape)}`, weight, { shape: x!.shape.slice(-1), name: "weights" });
  }
  const row: TensorType = { dtype: x!.dtype, shape: [...x!.shape.slice(0, -1), 1] };
  return [{ dtype: x!.dtype, shape: x!.shape }, ...Array.from({ length: statistics }, () => row)];
}

/** Both operators want a scale; ones where there is none. */
function emitScale({ inputs, node }: Call<NormAttributes>, emitter: Emitter): string {
  if (inputs[1] !== undefined) return inputs[1];
  const { dtype, shape } = node.inputs[0]!;
  const size = shape.at(-1)!;
  if (typeof size === "number") return emitter.constant(tensor([size], Array(size).fill(1), dtype));
  const attributes = { value: tensor([1], [1], dtype) };
  return emitter.onnx("ConstantOfShape", [emitter.dims([size])], { attributes })[0]!;
}

/** Piece by piece: the fused kernels take double numbers, but their statistics and ε are float. */
function emitInFloat64(
  { inputs: [x, scale, bias], attributes: { epsilon } }: Call<NormAttributes>,
  emitter: Emitter,
  { isCentred }: { isCentred: boolean },
): string[] {
  const on = (operator: string, ...inputs: string[]): string => emitter.onnx(operator, inputs)[0]!;
  const last = emitter.constant(tensor([1], [-1], "int64"));
  const m = isCentred ? [on("ReduceMean", x!, last)] : [];
  const centred = isCentred ? on("Sub", x!, m[0]!) : x!;
  const variance = on("ReduceMean", on("Mul", centred, centred), last);
  const r = on("Reciprocal", on("Sqrt", on("Add", variance, emitter.constant(tensor([], [epsilon], "float64")))));
  const normal = on("Mul", centred, r);
  const scaled = scale === undefined ? normal : on("Mul", normal, scale);
  return [bias === undefined ? scaled : on("Add", scaled, bias), ...m, r];
}

const trimmed = (used: readonly boolean[]): boolean[] => used.slice(0, used.lastIndexOf(true) + 1);

/** The table of this family. */
export const normalization = defineOperators({
  /** Inputs x, scale?, bias?; outputs y, the mean and 1 / √(variance + ε) of each row. */
  LayerNorm: operator<NormAttributes>({
    infer: (inputs) => inferNorm("layerNorm", inputs, 2),
    emit: (call, emitter) => {
      if (call.node.inputs[0]!.dtype === "float64") return emitInFloat64(call, emitter, { isCentred: true });
      const names = [call.inputs[0]!, emitScale(call, emitter), ...call.inputs.slice(2)];
      const attributes = { axis: -1, epsilon: { float: call.attributes.epsilon } };
      const [, ...statistics] = call.used;
      const written = emitter.onnx("LayerNormalization", names, {
        attributes,
        outputs: trimmed([true, ...statistics]),
      });
      return [...written, "", ""].slice(0, 3);
    },
  }),
  /** Inputs x, scale?; outputs y and 1 / √(mean of squares + ε) of each row. */
  RmsNorm: operator<NormAttributes>({
    infer: (inputs) => inferNorm("rmsNorm", inputs, 1),
    emit: (call, emitter) => {
      if (call.node.inputs[0]!.dtype === "float64") return emitInFloat64(call, emitter, { isCentred: false });
      const names = [call.inputs[0]!, emitScale(call, emitter)];
      const attributes = { axis: -1, epsilon: { float: call.attributes.epsilon } };
      const outputs = trimmed([true, call.used[1]!]);
      return [...emitter.onnx("SimplifiedLayerNormalization", names, { attributes, outputs }), ""].slice(0, 2);
    },
  }),
});

/** Learned scale and offset of a normalisation, both [C]. */
export interface NormWeights {
  readonly scale?: Value | undefined;
  readonly bias?: Value | undefined;
}

/** What is added to the variance before its root is taken; 1e-5 when left out. */
export interface NormOptions {
  readonly epsilon?: number;
}

/**
 * Layer normalisation over the last axis.
 *
 *     y = (x − mean x) / √(variance x + ε) · scale + bias
 *
 * Shapes   x [*batch, C] · scale, bias [C] → y [*batch, C]
 * Source   Ba et al. 2016, Layer Normalization (arXiv:1607.06450), eq. 4
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH
 */
export function layerNorm(x: Value, { scale, bias }: NormWeights = {}, { epsilon = 1e-5 }: NormOptions = {}): Value {
  if (scale === undefined) {
    const y = apply(normalization.LayerNorm, [x], { epsilon });
    return bias === undefined ? y : add(y, bias);
  }
  return apply(normalization.LayerNorm, bias === undefined ? [x, scale] : [x, scale, bias], { epsilon });
}

/**
 * Root mean square normalisation over the last axis.
 *
 *     y = x / √(mean x² + ε) · scale
 *
 * Shapes   x [*batch, C] · scale [C] → y [*batch, C]
 * Source   Zhang & Sennrich 2019, Root Mean Square Layer Normalization (arXiv:1910.07467), eq. 4
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH
 */
export function rmsNorm(x: Value, { scale }: Pick<NormWeights, "scale"> = {}, options: NormOptions = {}): Value {
  const { epsilon = 1e-5 } = options;
  return apply(normalization.RmsNorm, scale === undefined ? [x] : [x, scale], { epsilon });
}

/** How many groups the channels form. */
export interface GroupNormOptions extends NormOptions {
  readonly groups: number;
}

/**
 * Normalises each group of channels over its channels and places.
 *
 * Shapes   x [N, C, *places] · scale, bias [C] → y [N, C, *places]
 * Source   Wu & He 2018, Group Normalization (arXiv:1803.08494), eq. 7
 *
 * @throws AssayError SHAPE_MISMATCH when the groups do not divide the channels
 */
export function groupNorm(x: Value, { scale, bias }: NormWeights, { groups, epsilon }: GroupNormOptions): Value {
  const channels = x.shape[1];
  if (x.rank < 2 || typeof channels !== "number" || channels % groups !== 0) {
    const expected = `Expected [N, C, *places] with C a multiple of ${groups}`;
    throw traceError("SHAPE_MISMATCH", `groupNorm: ${expected}, got ${showShape(x.shape)}`);
  }
  const rows = reshape(x, [x.shape[0]!, groups, -1]);
  const y = reshape(layerNorm(rows, {}, epsilon === undefined ? {} : { epsilon }), x.shape);
  const shape: Shape = [channels, ...x.shape.slice(2).map((): Dim => 1)];
  const scaled = scale === undefined ? y : mul(y, reshape(scale, shape));
  return bias === undefined ? scaled : add(scaled, reshape(bias, shape));
}
