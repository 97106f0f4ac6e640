/** Vector-Jacobian products of the normalisations. x̂ is x normalised, r = 1 / √(variance + ε). */
import type { Value } from "../../graph/value.ts";
import { axisSize } from "../../operators/leaves.ts";
import { layerNorm, rmsNorm } from "../../operators/normalization.ts";
import type { Forward, VjpRules } from "./rule.ts";

const mean = (x: Value): Value => x.mean({ axes: -1, keepDims: true });

/** Σ over all axes but the last. */
const sumRows = (x: Value): Value => (x.rank === 1 ? x : x.reshape([-1, x.shape.at(-1)!]).sum({ axes: 0 }));

/** mean(dy · scale · x̂) along the last axis, from the product dy · x̂ that the scale's gradient needs anyway. */
function meanAlong(product: Value, scale: Value | undefined): Value {
  const size = product.shape.at(-1)!;
  if (scale === undefined || typeof size !== "number") return mean(scale === undefined ? product : product.mul(scale));
  return product.matmul(scale.reshape([size, 1]), { scale: 1 / size });
}

const withWeights = (dx: Value, { inputs }: Forward<"LayerNorm" | "RmsNorm">, weights: readonly Value[]): Value[] => [
  dx,
  ...weights.slice(0, inputs.length - 1),
];

/** The rules of this family. */
export const normalization = {
  /**
   *     y      = x̂ · scale + bias,  x̂ = (x − m) r
   *     dx     = r · (v − mean v − x̂ · mean(v x̂)) + dm / C − dr · r² x̂ / C,  v = dy · scale
   *     dscale = Σ_rows dy · x̂,  dbias = Σ_rows dy
   */
  LayerNorm(dy, forward) {
    const [x, scale] = [forward.inputs[0]!, forward.inputs[1]];
    const normal = scale === undefined ? forward.output : layerNorm(x, {}, forward.attributes);
    const r = forward.outputs[2]!;
    const product = dy.mul(normal);
    const v = scale === undefined ? dy : dy.mul(scale);
    const main = v
      .sub(normal.mul(meanAlong(product, scale)))
      .sub(mean(v))
      .mul(r);
    const [, dm, dr] = forward.dOutputs;
    const withMean = dm === undefined ? main : main.add(dm.div(axisSize(x.shape.at(-1)!, x.dtype)));
    const dx = dr === undefined ? withMean : withMean.sub(spread(dr, { r, normal }));
    return withWeights(dx, forward, [sumRows(product), sumRows(dy)]);
  },
  /**
   *     y      = x̂ · scale,  x̂ = x r
   *     dx     = r · (v − x̂ · mean(v x̂)) − dr · r² x̂ / C,  v = dy · scale
   *     dscale = Σ_rows dy · x̂
   */
  RmsNorm(dy, forward) {
    const [x, scale] = [forward.inputs[0]!, forward.inputs[1]];
    const normal = scale === undefined ? forward.output : rmsNorm(x, {}, forward.attributes);
    const r = forward.outputs[1]!;
    const product = dy.mul(normal);
    const v = scale === undefined ? dy : dy.mul(scale);
    const main = v.sub(normal.mul(meanAlong(product, scale))).mul(r);
    const dr = forward.dOutputs[1];
    const dx = dr === undefined ? main : main.sub(spread(dr, { r, normal }));
    return withWeights(dx, forward, [sumRows(product)]);
  },
} satisfies Partial<VjpRules>;

/** dr · r² x̂ / C: what reaches x through r. */
function spread(dr: Value, { r, normal }: { r: Value; normal: Value }): Value {
  const size = axisSize(normal.shape.at(-1)!, normal.dtype);
  return normal.mul(dr.mul(r.square()).div(size));
}
