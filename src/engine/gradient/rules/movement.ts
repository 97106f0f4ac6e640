/** Vector-Jacobian products of changes of shape: each is undone. */
import { unbroadcast } from "../unbroadcast.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const movement = {
  /**
   *     y  = x repeated
   *     dx = dy summed over the repetitions
   */
  Expand(dy, { inputs: [x] }) {
    return [unbroadcast(dy, x!.shape)];
  },
  /**
   *     y  = x in another shape
   *     dx = dy in the shape of x
   */
  Reshape(dy, { inputs: [x] }) {
    return [dy.reshape(x!.shape)];
  },
  /**
   *     y  = x with axes permuted
   *     dx = dy with axes permuted back
   */
  Transpose(dy, { attributes: { permutation } }) {
    return [dy.transpose(permutation.map((_, axis) => permutation.indexOf(axis)))];
  },
} satisfies Partial<VjpRules>;
