/** Vector-Jacobian products of pooling. */
import { sizeOfShape } from "../../graph/dims.ts";
import { apply } from "../../graph/operator.ts";
import { convolution, restOf } from "../../operators/convolution.ts";
import { scatterAdd } from "../../operators/indexing.ts";
import { full } from "../../operators/movement.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const pooling = {
  /**
   *     y  = the convolution of each channel with 1 / (kh kw)
   *     dx = the transpose of that convolution, applied to dy
   */
  AveragePool(dy, { inputs, attributes: { size, strides, padding } }) {
    const shape = inputs[0]!.shape;
    // All channels are one batch: the same kernel serves each of them.
    const planes = dy.reshape([-1, 1, ...dy.shape.slice(2)]);
    const kernel = full([1, 1, ...size], 1 / (size[0]! * size[1]!));
    const attributes = { strides, dilations: [1, 1], padding, groups: 1 };
    const rest = size.map((window, at) => restOf(shape[at + 2]!, dy.shape[at + 2]!, { size: window, at, attributes }));
    const dx = apply(convolution.ConvolutionTransposed, [planes, kernel], { ...attributes, rest });
    return [dx.reshape(shape)];
  },
  /**
   *     y  = x at the place of the largest of each window
   *     dx = dy there, summed where windows share a place; zero elsewhere
   */
  MaxPool(dy, { inputs, outputs }) {
    const shape = inputs[0]!.shape;
    const flow = { indices: outputs[1]!.reshape([-1]), updates: dy.reshape([-1]) };
    return [scatterAdd(full([sizeOfShape(shape)], 0, dy.dtype), flow).reshape(shape)];
  },
} satisfies Partial<VjpRules>;
