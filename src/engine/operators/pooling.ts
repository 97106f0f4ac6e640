/** Pooling over height and width. */
import { addDims, floorDivideDim, type Shape, showShape } from "../graph/dims.ts";
import type { OnnxAttribute } from "../graph/onnx.ts";
import { apply, defineOperators, operator, traceError } from "../graph/operator.ts";
import { expectDtype, expectRank, float32Only } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { bothSides, expectWalk, type Padding, twice } from "./convolution.ts";

/** Which window walks how, one entry for each of the two axes. */
export interface PoolingAttributes {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [before: number, after: number])[];
}

function onnxAttributes({ size, strides, padding }: PoolingAttributes): Record<string, OnnxAttribute> {
  const pads = [...padding.map(([before]) => before), ...padding.map(([, after]) => after)];
  return { kernel_shape: size, strides, pads };
}

/** The table of this family. */
export const pooling = defineOperators({
  /** The mean of each window; places outside count as zeros. */
  AveragePool: operator<PoolingAttributes>({
    infer([x], attributes) {
      expectDtype("averagePool2d", x!, float32Only);
      return { dtype: x!.dtype, shape: pooledShape("averagePool2d", x!, attributes) };
    },
    emit: ({ inputs, attributes }, emitter) =>
      emitter.onnx("AveragePool", inputs, { attributes: { ...onnxAttributes(attributes), count_include_pad: 1 } }),
  }),
  /** The largest of each window, and where it stands among all numbers of x. */
  MaxPool: operator<PoolingAttributes>({
    infer([x], attributes) {
      expectDtype("maxPool2d", x!, float32Only);
      const shape = pooledShape("maxPool2d", x!, attributes);
      return [
        { dtype: x!.dtype, shape },
        { dtype: "int64", shape },
      ];
    },
    emit: ({ inputs, attributes, used }, emitter) => {
      const outputs = used[1] ? [true, true] : [true];
      return [...emitter.onnx("MaxPool", inputs, { attributes: onnxAttributes(attributes), outputs }), ""].slice(0, 2);
    },
  }),
});

function pooledShape(who: string, x: Value, { size, strides, padding }: PoolingAttributes): Shape {
  expectRank(who, x, "[N, C, H, W]");
  const places = size.map((window, at) => {
    const [before, after] = padding[at]!;
    const steps = floorDivideDim(addDims(x.shape[at + 2]!, before + after - window), strides[at]!);
    if (steps !== undefined && (typeof steps !== "number" || steps >= 0)) return addDims(steps, 1);
    const got = `${showShape(x.shape)}, padding ${before} and ${after}, stride ${strides[at]}`;
    throw traceError("SHAPE_MISMATCH", `${who}: Expected places for windows of ${window}, got ${got}`);
  });
  return [...x.shape.slice(0, 2), ...places];
}

/** Which window walks how; one number stands for both axes. */
export interface PoolingOptions {
  readonly size: number | readonly [number, number];
  /** The size when left out. */
  readonly stride?: number | readonly [number, number];
  readonly padding?: number | readonly [Padding, Padding];
}

function attributesOf(who: string, { size, stride = size, padding = 0 }: PoolingOptions): PoolingAttributes {
  const sides = typeof padding === "number" ? ([padding, padding] as const) : padding;
  const attributes = { size: twice(size), strides: twice(stride), padding: sides.map(bothSides) };
  expectWalk(who, { size: attributes.size, stride: attributes.strides }, attributes.padding);
  return attributes;
}

/** The largest number of each window. x [N, C, H, W] → [N, C, H', W'] @throws AssayError SHAPE_MISMATCH, OPTION_RANGE */
export function maxPool2d(x: Value, options: PoolingOptions): Value {
  return apply(pooling.MaxPool, [x], attributesOf("maxPool2d", options));
}

/** The mean of each window, padding counted as zeros. x [N, C, H, W] → [N, C, H', W'] @throws AssayError SHAPE_MISMATCH, OPTION_RANGE */
export function averagePool2d(x: Value, options: PoolingOptions): Value {
  return apply(pooling.AveragePool, [x], attributesOf("averagePool2d", options));
}
