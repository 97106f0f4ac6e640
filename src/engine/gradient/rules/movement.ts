/** Vector-Jacobian products of the operators that move values: each is moved back. */
import { addDims, subtractDims } from "../../graph/dims.ts";
import { pad, split } from "../../operators/movement.ts";
import { unbroadcast } from "../unbroadcast.ts";
import type { VjpRules } from "./index.ts";

export const movement = {
  /**
   *     y   = x₁ next to x₂ …
   *     dxᵢ = the part of dy where xᵢ went
   */
  Concat(dy, { inputs, attributes: { axis } }) {
    return split(dy, { axis, lengths: inputs.map((x) => x.shape[axis]!) });
  },
  /**
   *     y  = x repeated
   *     dx = dy summed over the repetitions
   */
  Expand(dy, { inputs: [x] }) {
    return [unbroadcast(dy, x!.shape)];
  },
  /**
   *     y  = x with `before` and `after` more places
   *     dx = dy without them
   */
  Pad(dy, { inputs: [x], attributes: { axis, before } }) {
    return [dy.slice(axis, before, addDims(before, x!.shape[axis]!))];
  },
  /**
   *     y  = x in another shape
   *     dx = dy in the shape of x
   */
  Reshape(dy, { inputs: [x] }) {
    return [dy.reshape(x!.shape)];
  },
  /**
   *     y  = x from start to end
   *     dx = dy with zeros around it
   */
  Slice(dy, { inputs: [x], attributes: { axis, start, end } }) {
    return [pad(dy, { axis, before: start, after: subtractDims(x!.shape[axis]!, end) })];
  },
  /**
   *     y  = x with axes permuted
   *     dx = dy with axes permuted back
   */
  Transpose(dy, { attributes: { permutation } }) {
    return [dy.transpose(permutation.map((_, axis) => permutation.indexOf(axis)))];
  },
} satisfies Partial<VjpRules>;
