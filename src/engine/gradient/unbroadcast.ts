import { type Shape, sameShape } from "../graph/dims.ts";
import type { Value } from "../graph/value.ts";

/** The transpose of broadcasting: sums dy over the axes along which an operand of `shape` was repeated. */
export function unbroadcast(dy: Value, shape: Shape): Value {
  if (sameShape(dy.shape, shape)) return dy;
  const extra = dy.rank - shape.length;
  const axes = dy.shape.flatMap((dim, axis) =>
    axis < extra || (shape[axis - extra] === 1 && dim !== 1) ? [axis] : [],
  );
  return dy.sum({ axes, keepDims: true }).reshape(shape);
}
