/**
 * Reading and changing value vectors: the rows of a block's down map, each multiplied by its neuron's coefficient.
 *
 *     MLP(x) = Σ_j a_j(x) v_j
 *
 * Source   Geva et al. 2021, Transformer Feed-Forward Layers Are Key-Value Memories (arXiv:2012.14913)
 */
import { AssayError, type Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import type { LanguageModel, WeightSource, WeightTensors } from "#models";
import { downMapPath, expectLayer, expectPlace, type ValueVectorPlace } from "./place.ts";

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
 * Where blocks are streamed, a changed one is copied whenever it is read.
 *
 * @throws AssayError LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE, SHAPE_MISMATCH, EDIT_STALE
 */
export function withValueVectors(model: LanguageModel, edits: readonly ValueVectorEdit[]): LanguageModel {
  for (const edit of edits) expectFits(model, edit);
  const byLayer = Map.groupBy(edits, ({ layer }) => layer);
  if (model.isStreamed) return model.over(patched(model.source, byLayer));
  const weights = mapTree(model.weights, (leaf, path) => {
    const own = [...byLayer].find(([layer]) => downMapPath(layer) === path);
    return own === undefined ? leaf : edited(leaf as Floats, own[1]);
  });
  return model.withWeights(weights as WeightTensors);
}

/** A copy of a down map with some of its rows replaced. */
function edited(matrix: Floats, edits: readonly ValueVectorEdit[]): Floats {
  const copy = { ...matrix, data: matrix.data.slice() };
  for (const { column, after } of edits) rowOf(copy, column).set(after);
  return copy;
}

/** Closing the changed model leaves the given one open. */
function patched(base: WeightSource, byLayer: ReadonlyMap<number, readonly ValueVectorEdit[]>): WeightSource {
  const block = (layer: number): object => {
    const own = byLayer.get(layer);
    const read = base.block(layer);
    if (own === undefined) return read;
    return mapTree(read, (leaf, path) => (path === "mlp.down.weight" ? edited(leaf as Floats, own) : leaf)) as object;
  };
  return { outer: base.outer, all: undefined, block, close() {} };
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
