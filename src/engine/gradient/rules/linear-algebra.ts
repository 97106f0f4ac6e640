/** Vector-Jacobian products of matrix products. */
import { transposed } from "../../operators/linear-algebra.ts";
import { unbroadcast } from "../unbroadcast.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const linearAlgebra = {
  /**
   *     y = x W + b
   *     dx = dy Wᵀ,  dW = xᵀ dy,  db = Σ_rows dy
   */
  Affine(dy, { inputs, attributes: { transposeWeight } }) {
    const [x, weight] = [inputs[0]!, inputs[1]!];
    const dx = dy.matmul(transposeWeight ? weight : transposed(weight));
    const dWeight = transposeWeight ? transposed(dy).matmul(x) : transposed(x).matmul(dy);
    return [dx, dWeight, dy.sum({ axes: 0 })];
  },
  /**
   *     y  = s · A B
   *     dA = s · dy Bᵀ,  dB = s · Aᵀ dy;  where A entered transposed, so does dA = s · B dyᵀ
   */
  MatMul(dy, { inputs, attributes: { transposeA, transposeB, scale } }) {
    const [a, b] = [inputs[0]!, inputs[1]!];
    const left = transposeA ? transposed(a) : a;
    const right = transposeB ? transposed(b) : b;
    const da = transposeA ? right.matmul(transposed(dy), { scale }) : dy.matmul(transposed(right), { scale });
    const db = transposeB ? transposed(dy).matmul(left, { scale }) : transposed(left).matmul(dy, { scale });
    return [unbroadcast(da, a.shape), unbroadcast(db, b.shape)];
  },
} satisfies Partial<VjpRules>;
