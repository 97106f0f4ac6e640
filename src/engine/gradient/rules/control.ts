/** Vector-Jacobian products of what changes no number. */
import { zerosLike } from "../../operators/movement.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const control = {
  /**
   *     y  = x
   *     dx = dy
   */
  Barrier(dy) {
    return [dy, null];
  },
  /**
   *     y  = f(x)
   *     dx = what the caller says
   */
  CustomVjp(_dy, { inputs, outputs, dOutputs, attributes }) {
    const flows = outputs.map((output, at) => dOutputs[at] ?? zerosLike(output));
    const finished = outputs.map(() => null);
    return [...finished, ...attributes.backward(flows, inputs.slice(attributes.outputs))];
  },
  /**
   *     y  = x
   *     dx = 0
   */
  StopGradient() {
    return [null];
  },
} satisfies Partial<VjpRules>;
