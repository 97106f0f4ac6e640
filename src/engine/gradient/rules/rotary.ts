/** The vector-Jacobian product of the rotary position embedding. */

import { apply } from "../../graph/operator.ts";
import type { Value } from "../../graph/value.ts";
import { scatterAdd } from "../../operators/indexing.ts";
import { zerosLike } from "../../operators/movement.ts";
import { rotary as operators } from "../../operators/rotary.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const rotary = {
  /**
   *     (y₁, y₂)   = (x₁ c − x₂ s, x₂ c + x₁ s)
   *     (dx₁, dx₂) = (dy₁ c + dy₂ s, dy₂ c − dy₁ s), the turn by the opposite angle
   *     dc = dy₁ x₁ + dy₂ x₂,  ds = dy₂ x₁ − dy₁ x₂, summed over batch and heads
   */
  RotaryEmbedding(dy, { inputs, attributes }) {
    const [x, cos, sin, rows] = [inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!];
    const dx = apply(operators.RotaryEmbedding, [dy, cos, sin.neg(), rows], attributes);
    const [x1, x2] = halves(x, attributes.interleaved);
    const [dy1, dy2] = halves(dy, attributes.interleaved);
    const dc = ofAngles(dy1.mul(x1).add(dy2.mul(x2)), cos, rows);
    const ds = ofAngles(dy2.mul(x1).sub(dy1.mul(x2)), sin, rows);
    return [dx, dc, ds, null];
  },
} satisfies Partial<VjpRules>;

/** The first and the second number of every pair: [B, H, T, D] → twice [B, H, T, D/2]. */
function halves(x: Value, interleaved: boolean): [Value, Value] {
  const [before, size] = [x.shape.slice(0, -1), Number(x.shape.at(-1))];
  const [pair, axis] = interleaved ? [[size / 2, 2], -1] : [[2, size / 2], -2];
  const split = x.reshape([...before, ...pair]);
  return [split.slice(axis, 0, 1).squeeze(axis), split.slice(axis, 1, 2).squeeze(axis)];
}

/** Summed for each row of the table of angles. */
function ofAngles(flow: Value, table: Value, rows: Value): Value {
  const half = table.shape[1]!;
  if (rows.rank === 1) return flow.sum({ axes: [0, 1] });
  const updates = flow.sum({ axes: 1 }).reshape([-1, half]);
  const indices = rows.reshape([-1, 1]).broadcastTo(updates.shape);
  return scatterAdd(zerosLike(table), { indices, updates, axis: 0 });
}
