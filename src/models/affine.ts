import { type AffineWeights, affine as plainAffine, type Value } from "#engine";

/** A trainable addition of low rank to a frozen linear map. */
export interface LowRankWeights<Leaf = Value> {
  /** A, [in, rank] */
  readonly down: Leaf;
  /** B, [rank, out] */
  readonly up: Leaf;
  /** s, a scalar. */
  readonly scaling: Leaf;
  /** m, as x: dropout's mask while it is trained. */
  readonly mask?: Leaf | undefined;
}

/** A linear map as it is, and what adapters add to it, by their names. */
export interface AdaptableWeights extends AffineWeights {
  readonly adapters?: Readonly<Record<string, LowRankWeights>> | undefined;
}

/**
 * A linear map with the low-rank additions of any number of adapters; the map itself stays as it is.
 *
 *     y = x W + b + Σ s · (m ⊙ x) A B
 *
 * Shapes   x [*batch, in] · W [in, out] · b [out] · A [in, rank] · B [rank, out] → y [*batch, out]
 * Source   Hu et al. 2021, LoRA, §4.1, eq. 3 (arXiv:2106.09685), transposed to our row-vector convention
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH
 */
export function affine(x: Value, { adapters = {}, ...frozen }: AdaptableWeights): Value {
  const additions = Object.values(adapters).map(({ down, up, scaling, mask }) =>
    (mask === undefined ? x : x.mul(mask)).matmul(down).matmul(up).mul(scaling),
  );
  return additions.reduce((sum, addition) => sum.add(addition), plainAffine(x, frozen));
}
