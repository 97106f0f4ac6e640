/**
 * Reading and changing value vectors: the rows of a block's down map, each multiplied by its neuron's coefficient.
 *
 *     MLP(x) = Σ_j a_j(x) v_j
 *
 * Source   Geva et al. 2021, Transformer Feed-Forward Layers Are Key-Value Memories (arXiv:2012.14913)
 */
import { AssayError, type Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import type { LanguageModel, WeightTensors } from "#models";
import { downMapPath, expectLayer, expectPlace, type ValueVectorPlace } from "./place.ts";
import { withWeights } from "./with-weights.ts";

type Floats = Tensor<"float32">;

/** All value vectors of a block, [I, C]: the model's own memory, not a copy. @throws AssayError LAYER_OUT_OF_RANGE */
export function valueVectors(model: LanguageModel, layer: number): Floats {
  expectLayer(layer, model.config);
  return leavesOf<Floats>(model.source.block(layer)).get("mlp.down.weight")!;
}

/** A copy of one value vector, [C]. @throws AssayError LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE */
export function valueVector(model: LanguageModel, place: ValueVectorPlace): Float32Array {
  expectPlace(place, model.config);
  return rowOf(valueVectors(model, place.layer), place.column).slice();
}

/** One row of a matrix, as a view. */
export function rowOf({ data, shape }: Floats, row: number): Float32Array {
  const size = shape[1]!;
  return data.subarray(row * size, (row + 1) * size);
}

/** The matrix that turns residuals into logits, [V, C]. */
export function unembeddingOf({ source: { outer } }: LanguageModel): Floats {
  return (outer.unembedding ?? outer.embedding.token) as Floats;
}

/** One value vector put in another's place: a reversible record of an edit. */
export interface ValueVectorEdit extends ValueVectorPlace {
  readonly before: Float32Array;
  readonly after: Float32Array;
}

/** The edit that undoes an edit. */
export const inverseEdit = ({ before, after, ...place }: ValueVectorEdit): ValueVectorEdit => ({
  ...place,
  before: after,
  after: before,
});

/**
 * The same model with some value vectors replaced; the given one keeps its own. Everything else is shared, bit for bit.
 *
 * @throws AssayError LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE, SHAPE_MISMATCH, EDIT_STALE, WEIGHTS_STREAMED
 */
export function withValueVectors(model: LanguageModel, edits: readonly ValueVectorEdit[]): LanguageModel {
  for (const edit of edits) expectFits(model, edit);
  const copies = new Map<string, Floats>();
  const weights = mapTree(model.weights, (leaf, path) => {
    const own = edits.filter(({ layer }) => downMapPath(layer) === path);
    if (own.length === 0) return leaf;
    const copy = copies.get(path) ?? { ...(leaf as Floats), data: (leaf as Floats).data.slice() };
    copies.set(path, copy);
    for (const { column, after } of own) rowOf(copy, column).set(after);
    return copy;
  });
  return withWeights(model, weights as WeightTensors);
}

function expectFits(model: LanguageModel, edit: ValueVectorEdit): void {
  expectPlace(edit, model.config);
  const { hiddenSize } = model.config;
  if (edit.after.length !== hiddenSize) {
    const claim = `Expected a vector of ${hiddenSize} numbers, got ${edit.after.length}`;
    throw new AssayError("SHAPE_MISMATCH", `value vectors: ${claim}`);
  }
  const current = rowOf(valueVectors(model, edit.layer), edit.column);
  if (current.every((value, at) => Object.is(value, edit.before[at]))) return;
  const where = `layer ${edit.layer}, column ${edit.column}`;
  const claim = `Expected the vector that the edit was made from at ${where}, got another`;
  throw new AssayError("EDIT_STALE", `value vectors: ${claim}; undo later edits first`);
}
