/** Vector-Jacobian products of convolution: each of the three products is a convolution again. */
import { type Dim, multiplyDims, type Shape } from "../../graph/dims.ts";
import { apply } from "../../graph/operator.ts";
import type { Value } from "../../graph/value.ts";
import { type ConvolutionAttributes, convolution as operators, restOf } from "../../operators/convolution.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const convolution = {
  /**
   *     y[n, o, l]     = Σ_i Σ_j w[o, i, j] · x[n, i, s l + d j − before] + b[o]
   *     dx[n, i, m]    = Σ_o Σ_{s l + d j − before = m} w[o, i, j] · dy[n, o, l]
   *     dw[o, i, j]    = Σ_n Σ_l dy[n, o, l] · x[n, i, s l + d j − before]
   *     db[o]          = Σ_n Σ_l dy[n, o, l]
   */
  Convolution(dy, { inputs, attributes }) {
    const [x, weight, bias] = [inputs[0]!, inputs[1]!, inputs[2]];
    const rest = attributes.strides.map((_, at) =>
      restOf(x.shape[at + 2]!, dy.shape[at + 2]!, { size: weight.shape[at + 2]!, at, attributes }),
    );
    const dx = apply(operators.ConvolutionTransposed, [dy, weight], { ...attributes, rest });
    const dWeight = weightGradient(x, dy, { kernel: weight.shape.slice(2), attributes });
    const rows = dy.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    return bias === undefined ? [dx, dWeight] : [dx, dWeight, dy.sum({ axes: rows })];
  },
  /**
   *     y  = the transpose of a convolution with w, applied to u
   *     du = the convolution of dy with w,  dw as above with dy in the place of x and u in that of dy
   */
  ConvolutionTransposed(dy, { inputs, attributes }) {
    const [u, weight] = [inputs[0]!, inputs[1]!];
    const du = apply(operators.Convolution, [dy, weight], attributes);
    return [du, weightGradient(dy, u, { kernel: weight.shape.slice(2), attributes })];
  },
} satisfies Partial<VjpRules>;

/**
 * The convolution of x with dy as its kernel, batch and channels having changed places, stride and dilation too.
 *
 * Shapes   x [N, G·I, *places] → [I, G·N, *places] · dy [N, G·O, *steps] → [G·O, N, *steps] → [I, G·O, *k] → [G·O, I, *k]
 */
function weightGradient(
  x: Value,
  dy: Value,
  { kernel, attributes }: { kernel: Shape; attributes: ConvolutionAttributes },
): Value {
  const { groups, strides, dilations, padding } = attributes;
  const flipped = { groups, strides: dilations, dilations: strides, padding };
  const wide = apply(operators.Convolution, [groupsToBatch(x, groups), dy.swapAxes(0, 1)], flipped);
  // Places that the last step did not reach leave more than k positions; the first k are the kernel's.
  const gradient = kernel.reduce<Value>((cut, size, at) => cut.slice(at + 2, 0, size), wide);
  return gradient.swapAxes(0, 1);
}

/** [N, G·I, *places] → [I, G·N, *places] */
function groupsToBatch(x: Value, groups: number): Value {
  const [batch, channels, ...places] = x.shape as [Dim, number, ...Dim[]];
  const inner = channels / groups;
  const split = x.reshape([batch, groups, inner, ...places]);
  const axes = places.map((_, at) => at + 3);
  return split.transpose([2, 1, 0, ...axes]).reshape([inner, multiplyDims(groups, batch), ...places]);
}
