/** Vector-Jacobian products of the reductions. */
import { multiplyDims } from "../../graph/dims.ts";
import { reducedShape } from "../../graph/shapes.ts";
import type { Value } from "../../graph/value.ts";
import { axisSize } from "../../operators/leaves.ts";
import { cumulativeSum, type ReduceAttributes } from "../../operators/reduce.ts";
import type { Forward, VjpRules } from "./rule.ts";

/** A reduced value with its folded axes back, at length one. */
function unreduced(reduced: Value, x: Value, { axes }: ReduceAttributes): Value {
  return reduced.reshape(reducedShape(x.shape, axes, true));
}

/**
 *     y  = max x
 *     dx = dy where x = y, shared equally among equals
 */
function extremum(dy: Value, { inputs, output: y, attributes }: Forward<"ReduceMax" | "ReduceMin">): Value[] {
  const x = inputs[0]!;
  const isExtreme = x.equal(unreduced(y, x, attributes)).cast(dy.dtype);
  const ties = isExtreme.sum({ axes: attributes.axes, keepDims: true });
  return [isExtreme.mul(unreduced(dy, x, attributes).div(ties))];
}

/** The rules of this family. */
export const reduce = {
  /**
   *     yᵢ  = Σ_{j ≤ i} xⱼ
   *     dxⱼ = Σ_{i ≥ j} dyᵢ
   */
  CumulativeSum(dy, { attributes }) {
    return [cumulativeSum(dy, { ...attributes, reverse: !attributes.reverse })];
  },
  /**
   *     y  = log Σ eˣ
   *     dx = dy · e^(x − y)
   */
  LogSumExp(dy, { inputs, output: y, attributes }) {
    const x = inputs[0]!;
    return [
      x
        .sub(unreduced(y, x, attributes))
        .exp()
        .mul(unreduced(dy, x, attributes)),
    ];
  },
  ReduceMax: extremum,
  /**
   *     y  = Σ x / n
   *     dx = dy / n
   */
  ReduceMean(dy, { inputs, attributes }) {
    const x = inputs[0]!;
    const n = attributes.axes.map((axis) => x.shape[axis]!).reduce(multiplyDims, 1);
    return [unreduced(dy.div(axisSize(n, dy.dtype)), x, attributes).broadcastTo(x.shape)];
  },
  ReduceMin: extremum,
  /**
   *     y  = Σ x
   *     dx = dy
   */
  ReduceSum(dy, { inputs, attributes }) {
    const x = inputs[0]!;
    return [unreduced(dy, x, attributes).broadcastTo(x.shape)];
  },
} satisfies Partial<VjpRules>;
