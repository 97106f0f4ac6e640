/** Several value vectors that carry a concept together: what became of the space that they span. */
import { AssayError, type Tensor, tensor } from "#base";
import { singularDecomposition } from "#engine";
import { rowOf } from "./read.ts";

/**
 * The angles between two spans of row vectors, in degrees, the smallest first: all 0 where the span is the same, however
 * its vectors were mixed or scaled; 90 for a direction that is gone.
 *
 *     cos θ_i = σ_i(Q Q'ᵀ)        Q, Q' orthonormal bases of the rows
 *
 * Shapes   before [K, C], after [M, C] → min(rank, rank') angles
 * Source   Björck and Golub 1973, Numerical methods for computing angles between linear subspaces, §3
 *
 * @throws AssayError SHAPE_MISMATCH; METRIC_INPUT where one of them spans nothing
 */
export function principalAngles(before: Tensor<"float32">, after: Tensor<"float32">): number[] {
  if (before.shape[1] !== after.shape[1]) {
    const got = `got ${before.shape[1]} and ${after.shape[1]} numbers`;
    throw new AssayError("SHAPE_MISMATCH", `principalAngles: Expected vectors of one length, ${got}`);
  }
  const [first, second] = [orthonormal(before), orthonormal(after)];
  if (first.length === 0 || second.length === 0) {
    throw new AssayError("METRIC_INPUT", "principalAngles: Expected vectors that span something, got zeros alone");
  }
  const inner = first.flatMap((row) => second.map((other) => dot(row, other)));
  const { values } = singularDecomposition(tensor([first.length, second.length], inner, "float64"));
  return [...values.data].map((cosine) => (Math.acos(Math.min(1, cosine)) * 180) / Math.PI);
}

const dot = (first: Float64Array, second: Float64Array): number =>
  first.reduce((total, value, at) => total + value * second[at]!, 0);

/** What is left of a vector below this share of its length lies in the span of those before it. */
const dependent = 1e-6;

/** An orthonormal basis of the rows, by Gram and Schmidt, each row cleaned twice. */
function orthonormal(rows: Tensor<"float32">): Float64Array[] {
  const basis: Float64Array[] = [];
  for (let row = 0; row < rows.shape[0]!; row++) {
    const left = Float64Array.from(rowOf(rows, row));
    const length = Math.sqrt(dot(left, left));
    for (const other of [...basis, ...basis]) {
      const share = dot(left, other);
      for (const [at, value] of other.entries()) left[at]! -= share * value;
    }
    const norm = Math.sqrt(dot(left, left));
    if (norm > dependent * length) basis.push(left.map((value) => value / norm));
  }
  return basis;
}
