/**
 * How a class's logit changes with what a model is shown.
 *
 * Axes     N pictures · K classes
 */
import { AssayError, type Tensor, tensor } from "#base";
import { compile, logSoftmax, oneHot, type TensorType, tensorType, type Value, valueAndGrad, withTaps } from "#engine";
import type { VisionWeights } from "./vision-family.ts";
import { expectPixels, traceVision, type VisionModel } from "./vision-model.ts";

/** What is differentiated, and by what. */
export interface ClassGradientOptions {
  /** [N, channels, height, width] */
  readonly pixels: Tensor;
  /** The class of each picture, by its place in the labels. */
  readonly classes: readonly number[];
  /** The number whose slope is wanted: the logit, as the default, or the logarithm of the class's probability. */
  readonly of?: "logit" | "log-probability";
  /** By the pixels when left out, or by an activation: `embedding`, `blocks.3.residual` … */
  readonly at?: string;
  /** The activation to go on with instead of the model's own; its shape is that of `at`. */
  readonly value?: Tensor;
}

/** Slopes, and what they are slopes of. */
export interface ClassGradient {
  /** As the pixels, or as the activation. */
  readonly gradient: Tensor;
  /** [N, K] */
  readonly logits: Tensor;
  /** The activation that was gone on with, or the pixels. */
  readonly value: Tensor;
}

/**
 * The gradient of each picture's own class score.
 *
 *     gₙ = ∂ logit[n, classₙ] / ∂ xₙ
 *
 * @throws AssayError CLASSIFIER_MISSING, CLASS_OUT_OF_RANGE, TAP_UNKNOWN, SHAPE_MISMATCH, PIXELS_NOT_FINITE
 * @example const { gradient } = await classGradient(model, { pixels, classes: [3], at: "embedding" });
 */
export async function classGradient(model: VisionModel, options: ClassGradientOptions): Promise<ClassGradient> {
  const { pixels, classes, of = "logit", at, value } = options;
  expectPixels(model, pixels);
  expectClasses(model, pixels, classes);
  const activation = value ?? (at === undefined ? pixels : await activationAt(model, pixels, at));
  const shape = activation.shape.slice(1);
  const key = ["gradient", pixels.shape.slice(1).join(), at ?? "pixels", shape.join(), of].join("|");
  const types = {
    weights: model.plan,
    pixels: tensorType("float32", ["N", ...pixels.shape.slice(1)]),
    x: tensorType("float32", ["N", ...shape]),
    classes: tensorType("int64", ["N"]),
  };
  const program = await model.program(key, () => compileGradient(model, types, { at, of }));
  const ids = tensor([classes.length], classes, "int64");
  const given = { weights: model.weights, pixels, x: activation, classes: ids };
  const found = (await program.run(given as never)) as unknown as Found;
  return { gradient: found.gradient, logits: found.value.logits, value: activation };
}

interface Found {
  readonly gradient: Tensor;
  readonly value: { readonly logits: Tensor };
}

interface Inputs {
  readonly weights: VisionWeights;
  readonly pixels: Value;
  readonly x: Value;
  readonly classes: Value;
}

type Slope = { readonly at: string | undefined; readonly of: "logit" | "log-probability" };

function compileGradient(model: VisionModel, types: Readonly<Record<string, object>>, { at, of }: Slope) {
  const loss = ({ weights, pixels, x, classes }: Inputs) => {
    const figure = () => model.family.logits(at === undefined ? x : pixels, weights, model);
    const plan = at === undefined ? {} : { edit: { [at]: () => x } };
    const logits = withTaps(plan, figure).result;
    const scores = of === "logit" ? logits : logSoftmax(logits);
    const chosen = scores.mul(oneHot(classes, model.config.labels.length));
    return { loss: chosen.sum(), logits };
  };
  return compile(valueAndGrad(loss as never, { wrt: "x" } as never) as never, types as Record<string, TensorType>);
}

async function activationAt(model: VisionModel, pixels: Tensor, at: string): Promise<Tensor> {
  const { taps } = await traceVision(model, { pixels, taps: [at] });
  return taps[at]!;
}

function expectClasses(model: VisionModel, pixels: Tensor, classes: readonly number[]): void {
  const count = model.requireLabels().length;
  if (classes.length !== pixels.shape[0]) {
    const claim = `Expected a class for each of ${pixels.shape[0]} pictures, got ${classes.length}`;
    throw new AssayError("SHAPE_MISMATCH", `${model.name}: ${claim}`);
  }
  const wrong = classes.find((one) => !Number.isInteger(one) || one < 0 || one >= count);
  if (wrong === undefined) return;
  throw new AssayError("CLASS_OUT_OF_RANGE", `${model.name}: Expected classes from 0 to ${count - 1}, got ${wrong}`);
}
