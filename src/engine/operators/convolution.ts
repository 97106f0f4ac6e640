/**
 * Convolution over one or two axes of places, and its transpose.
 *
 * Axes     N batch · I channels in · O channels out · L length, or H and W · k size of the kernel · G groups
 */
import { addDims, type Dim, floorDivideDim, multiplyDims, type Shape, showShape, subtractDims } from "../graph/dims.ts";
import type { OnnxAttribute } from "../graph/onnx.ts";
import { apply, defineOperators, operator, traceError } from "../graph/operator.ts";
import { expectDtype, expectSameDtype, expectShape, float32Only } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";

/** How a kernel walks, one entry for each axis of places. */
export interface ConvolutionAttributes {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Zeros before the first place and after the last. */
  readonly padding: readonly (readonly [before: number, after: number])[];
  readonly groups: number;
}

/** The same walk backwards; a stride forgets where the last places were, `rest` says how many. */
export interface TransposedAttributes extends ConvolutionAttributes {
  readonly rest: readonly number[];
}

/** ONNX lists the paddings before all axes first. */
function onnxAttributes(attributes: ConvolutionAttributes): Record<string, OnnxAttribute> {
  const { strides, dilations, padding, groups } = attributes;
  const pads = [...padding.map(([before]) => before), ...padding.map(([, after]) => after)];
  return { strides, dilations, pads, group: groups };
}

/** The table of this family. */
export const convolution = defineOperators({
  /** Inputs x [N, I, *places], weight [O, I / G, *k] and, if there is one, a bias [O]. */
  Convolution: operator<ConvolutionAttributes>({
    infer([x, weight, bias], attributes) {
      expectDtype("convolution", x!, float32Only);
      expectSameDtype("convolution", x!, weight!);
      const [outputs, inputs, ...kernel] = weight!.shape;
      const channels = multiplyDims(inputs ?? 0, attributes.groups);
      if (weight!.rank !== x!.rank || x!.shape[1] !== channels) throw mismatch(x!, weight!, attributes);
      if (Number(outputs) % attributes.groups !== 0) throw mismatch(x!, weight!, attributes);
      if (bias !== undefined) expectShape("convolution", bias, { shape: [outputs!], name: "a bias" });
      const places = kernel.map((size, at) => outputLength(x!.shape[at + 2]!, { size, at, attributes }));
      return { dtype: x!.dtype, shape: [x!.shape[0]!, outputs!, ...places] };
    },
    emit: ({ inputs, attributes }, emitter) => emitter.onnx("Conv", inputs, { attributes: onnxAttributes(attributes) }),
  }),
  /** Inputs y [N, O, *places], weight [O, I / G, *k]: the x-gradient of a convolution whose output has the shape of y. */
  ConvolutionTransposed: operator<TransposedAttributes>({
    infer([y, weight], attributes) {
      expectDtype("convolution", y!, float32Only);
      expectSameDtype("convolution", y!, weight!);
      const [, inputs, ...kernel] = weight!.shape;
      const places = kernel.map((size, at) => inputLength(y!.shape[at + 2]!, { size, at, attributes }));
      return { dtype: y!.dtype, shape: [y!.shape[0]!, multiplyDims(inputs!, attributes.groups), ...places] };
    },
    emit: ({ inputs, attributes }, emitter) =>
      emitter.onnx("ConvTranspose", inputs, {
        attributes: { ...onnxAttributes(attributes), output_padding: attributes.rest },
      }),
  }),
});

/** One axis of a walk. */
export interface Walk<Attributes> {
  readonly size: Dim;
  /** Which axis of places. */
  readonly at: number;
  readonly attributes: Attributes;
}

/** ⌊(L + padding − d (k − 1) − 1) / s⌋ + 1 */
function outputLength(length: Dim, { size, at, attributes }: Walk<ConvolutionAttributes>): Dim {
  const [before, after] = attributes.padding[at]!;
  const reach = attributes.dilations[at]! * (Number(size) - 1) + 1;
  const steps = floorDivideDim(addDims(length, before + after - reach), attributes.strides[at]!);
  if (steps !== undefined && (typeof steps !== "number" || steps >= 0)) return addDims(steps, 1);
  const expected = steps === undefined ? "a length that its stride divides, such as 2*T" : `at least ${reach} places`;
  const got = `${length} places, padding ${before} and ${after}, stride ${attributes.strides[at]}`;
  throw traceError("SHAPE_MISMATCH", `convolution: Expected ${expected}, got ${got}`);
}

/** (L' − 1) s − padding + d (k − 1) + 1 + rest */
function inputLength(length: Dim, { size, at, attributes }: Walk<TransposedAttributes>): Dim {
  const [before, after] = attributes.padding[at]!;
  const reach = attributes.dilations[at]! * (Number(size) - 1) + 1;
  const last = multiplyDims(addDims(length, -1), attributes.strides[at]!);
  return addDims(last, reach - before - after + attributes.rest[at]!);
}

/** How many places of x the last step of the kernel left untouched, along one axis. */
export function restOf(length: Dim, steps: Dim, { size, at, attributes }: Walk<ConvolutionAttributes>): number {
  const none = attributes.strides.map(() => 0);
  const rest = subtractDims(length, inputLength(steps, { size, at, attributes: { ...attributes, rest: none } }));
  if (typeof rest === "number") return rest;
  throw traceError("SHAPE_MISMATCH", `convolution: Expected a length that its stride divides, got ${length}`);
}

function mismatch(x: Value, weight: Value, { groups }: ConvolutionAttributes): Error {
  const expected = `Expected x [N, I, *places] and weight [O, I / ${groups}, *kernel] with O a multiple of ${groups}`;
  return traceError(
    "SHAPE_MISMATCH",
    `convolution: ${expected}, got ${showShape(x.shape)} and ${showShape(weight.shape)}`,
  );
}

/** A kernel and what is added to each of its outputs. */
export interface ConvolutionWeights {
  /** [O, I / G, *k] */
  readonly weight: Value;
  /** [O] */
  readonly bias?: Value | undefined;
}

/** Zeros around one axis: as many on both sides, or a pair. */
export type Padding = number | readonly [before: number, after: number];

/** How a kernel walks along one axis. */
export interface Conv1dOptions {
  readonly stride?: number;
  readonly dilation?: number;
  /** None when left out; "same" keeps the length at stride one. */
  readonly padding?: Padding | "same";
  readonly groups?: number;
}

/** How a kernel walks over height and width; one number stands for both. */
export interface Conv2dOptions {
  readonly stride?: number | readonly [number, number];
  readonly dilation?: number | readonly [number, number];
  /** None when left out; "same" keeps height and width at stride one. */
  readonly padding?: number | readonly [Padding, Padding] | "same";
  readonly groups?: number;
}

/**
 * Convolution along one axis, float32 only.
 *
 *     y[n, o, l] = Σ_i Σ_j weight[o, i, j] · x[n, i, s l + d j − before] + bias[o]
 *
 * Shapes   x [N, I, L] · weight [O, I / G, k] · bias [O] → y [N, O, ⌊(L + padding − d (k − 1) − 1) / s⌋ + 1]
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, OPTION_RANGE
 */
export function conv1d(x: Value, weights: ConvolutionWeights, options: Conv1dOptions = {}): Value {
  const { stride = 1, dilation = 1, padding = 0, groups = 1 } = options;
  const along = padding === "same" ? padding : ([padding] as const);
  return convolve(x, weights, { strides: [stride], dilations: [dilation], padding: along, groups });
}

/**
 * Convolution over height and width, float32 only.
 *
 * Shapes   x [N, I, H, W] · weight [O, I / G, kh, kw] · bias [O] → y [N, O, H', W'], each as in conv1d()
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_UNSUPPORTED, OPTION_RANGE
 */
export function conv2d(x: Value, weights: ConvolutionWeights, options: Conv2dOptions = {}): Value {
  const { stride = 1, dilation = 1, padding = 0, groups = 1 } = options;
  const over = typeof padding === "number" ? ([padding, padding] as const) : padding;
  return convolve(x, weights, { strides: twice(stride), dilations: twice(dilation), padding: over, groups });
}

/** A number for both axes. */
export const twice = (value: number | readonly [number, number]): readonly [number, number] =>
  typeof value === "number" ? [value, value] : value;

/**
 * Checks how a window walks.
 *
 * @throws AssayError OPTION_RANGE for a stride, dilation, size or number of groups that is no whole number above zero, or a
 *   padding below zero
 */
export function expectWalk(who: string, counts: Readonly<Record<string, readonly number[]>>, padding: Pairs): void {
  for (const [name, numbers] of Object.entries(counts)) {
    const wrong = numbers.find((number) => !(Number.isInteger(number) && number > 0));
    if (wrong === undefined) continue;
    throw traceError("OPTION_RANGE", `${who}: Expected a whole number above zero for ${name}, got ${wrong}`);
  }
  const wrong = padding.flat().find((zeros) => !(Number.isInteger(zeros) && zeros >= 0));
  if (wrong === undefined) return;
  throw traceError("OPTION_RANGE", `${who}: Expected a padding of zero or more, got ${wrong}`);
}

type Pairs = readonly (readonly [number, number])[];

type Walking = Omit<ConvolutionAttributes, "padding"> & { readonly padding: readonly Padding[] | "same" };

function convolve(x: Value, { weight, bias }: ConvolutionWeights, walking: Walking): Value {
  if (x.rank !== walking.strides.length + 2 || weight.rank !== x.rank) {
    throw mismatch(x, weight, { ...walking, padding: [] });
  }
  const padding =
    walking.padding === "same" ? samePadding(weight.shape.slice(2), walking.dilations) : walking.padding.map(bothSides);
  const { strides, dilations, groups } = walking;
  expectWalk("convolution", { stride: strides, dilation: dilations, groups: [groups] }, padding);
  const inputs = bias === undefined ? [x, weight] : [x, weight, bias];
  return apply(convolution.Convolution, inputs, { ...walking, padding });
}

/** A pair from one number for both sides. */
export const bothSides = (padding: Padding): readonly [number, number] =>
  typeof padding === "number" ? [padding, padding] : padding;

function samePadding(kernel: Shape, dilations: readonly number[]): (readonly [number, number])[] {
  return kernel.map((size, at) => {
    const total = dilations[at]! * (Number(size) - 1);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}
