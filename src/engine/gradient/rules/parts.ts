/** Vector-Jacobian products of taking apart and putting together: each is undone by the other. */
import { addDims, subtractDims } from "../../graph/dims.ts";
import { zerosLike } from "../../operators/movement.ts";
import { concat, pad, split } from "../../operators/parts.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const parts = {
  /**
   *     y   = x₁ next to x₂ …
   *     dxᵢ = the part of dy where xᵢ went
   */
  Concat(dy, { inputs, attributes: { axis } }) {
    return split(dy, { axis, lengths: inputs.map((x) => x.shape[axis]!) });
  },
  /**
   *     y  = x with `before` and `after` more places
   *     dx = dy without them
   */
  Pad(dy, { inputs: [x], attributes: { axis, before } }) {
    return [dy.slice(axis, before, addDims(before, x!.shape[axis]!))];
  },
  /**
   *     y  = x from start to end
   *     dx = dy with zeros around it
   */
  Slice(dy, { inputs: [x], attributes: { axis, start, end } }) {
    return [pad(dy, { axis, before: start, after: subtractDims(x!.shape[axis]!, end) })];
  },
  /**
   *     yᵢ = a part of x
   *     dx = dy₁ next to dy₂ …, zeros where nothing came back
   */
  Split(_dy, { outputs, dOutputs, attributes: { axis } }) {
    const flows = outputs.map((part, at) => dOutputs[at] ?? zerosLike(part));
    return [concat(flows, axis)];
  },
} satisfies Partial<VjpRules>;
