/** Vector-Jacobian products of taking and adding at positions: each is the transpose of the other. */
import type { Value } from "../../graph/value.ts";
import { gatherElements, scatterAdd } from "../../operators/indexing.ts";
import { zerosLike } from "../../operators/movement.ts";
import type { VjpRules } from "./rule.ts";

/** dy added where it came from, into zeros of the shape of x. */
function putBack(dy: Value, { x, indices, axis }: { x: Value; indices: Value; axis: number }): Value {
  return scatterAdd(zerosLike(x), { indices, updates: dy, axis });
}

/** The rules of this family. */
export const indexing = {
  /**
   *     y[…, j, …]  = x[…, index[j], …]
   *     dx[…, i, …] = Σ of dy[…, j, …] where index[j] = i
   */
  Gather(dy, { inputs, attributes: { axis } }) {
    const [x, indices] = [inputs[0]!, inputs[1]!];
    const shape = x.shape.with(axis, -1);
    const slices = dy.reshape(shape);
    const column = indices.reshape(shape.map((_, at) => (at === axis ? -1 : 1))).broadcastTo(slices.shape);
    return [putBack(slices, { x, indices: column, axis }), null];
  },
  /**
   *     y[i, j]  = x[i, index[i, j]]
   *     dx[i, k] = Σ of dy[i, j] where index[i, j] = k
   */
  GatherElements(dy, { inputs, attributes: { axis } }) {
    return [putBack(dy, { x: inputs[0]!, indices: inputs[1]!, axis }), null];
  },
  /**
   *     y  = a one at each index
   *     no gradient: indices are integers
   */
  OneHot() {
    return [null];
  },
  /**
   *     y  = x with u added at the positions
   *     dx = dy,  du = dy at the positions
   */
  ScatterAdd(dy, { inputs: [, indices], attributes: { axis } }) {
    return [dy, null, gatherElements(dy, indices!, { axis })];
  },
  /**
   *     y  = x at the positions of its largest values
   *     dx = dy there, zero elsewhere
   */
  TopK(dy, { inputs, outputs, attributes: { axis } }) {
    return [putBack(dy, { x: inputs[0]!, indices: outputs[1]!, axis })];
  },
} satisfies Partial<VjpRules>;
