import { AssayError, sizeOf, type Tensor } from "#base";
import type { TensorType } from "#engine";
import { type Checkpoint, firstNonFinite } from "#formats";

/** Rows of a stored tensor, the last one excluded. */
export type RowRange = readonly [from: number, to: number];

/**
 * A weight of ours and where a checkpoint keeps it. A tree of these is the signature of a program that takes the weights.
 *
 * `shape` is ours, in the convention x · W.
 */
export interface StoredWeight extends TensorType<"float32"> {
  readonly shape: readonly number[];
  /** As the checkpoint calls the tensor. */
  readonly name: string;
  /** Stored as [out, in], the layout of PyTorch's linear maps. */
  readonly isTransposed: boolean;
  /** The stored rows that belong to it, in our order; all when left out. */
  readonly rows?: readonly RowRange[];
}

/** A weight that is stored as we use it. */
export function stored(name: string, shape: readonly number[], rows?: readonly RowRange[]): StoredWeight {
  return { dtype: "float32", shape, name, isTransposed: false, ...(rows === undefined ? {} : { rows }) };
}

/** The matrix [in, out] of a linear map that is stored as [out, in]. */
export function storedLinear(
  name: string,
  [inputs, outputs]: readonly [number, number],
  rows?: readonly RowRange[],
): StoredWeight {
  return { ...stored(name, [inputs, outputs], rows), isTransposed: true };
}

/** Where the values go. */
export interface ReadWeightOptions {
  /** An array of the right length to fill, so that a loop over blocks reuses its memory. */
  readonly into?: Float32Array;
}

/**
 * Reads one weight, widened to float32 and in our orientation, holding nothing twice but a few rows.
 *
 * @throws AssayError TENSOR_MISSING, SHAPE_MISMATCH, DTYPE_UNSUPPORTED, WEIGHT_NOT_FINITE
 */
export function readWeight(checkpoint: Checkpoint, weight: StoredWeight, { into }: ReadWeightOptions = {}): Tensor {
  const { name, shape, rows } = weight;
  expectShape(checkpoint, weight);
  const data = into ?? new Float32Array(sizeOf(shape));
  const whole: Tensor = { dtype: "float32", shape, data };
  if (shape.length === 0) data[0] = Number(checkpoint.read(name).data[0]);
  const ranges = shape.length === 0 ? [] : (rows ?? [[0, storedRows(weight)]]);
  let at = 0;
  for (const range of ranges) {
    if (weight.isTransposed) readTransposed(checkpoint, weight, { range, column: at, data });
    else readPlain(checkpoint, name, { range, row: at, data, length: rowLength(weight) });
    at += range[1] - range[0];
  }
  const found = firstNonFinite(whole);
  if (found === undefined) return whole;
  const claim = `Expected finite weights, got ${found.value} in "${name}" of ${checkpoint.path}`;
  throw new AssayError("WEIGHT_NOT_FINITE", `models: ${claim}; the checkpoint is damaged`, { details: { name } });
}

/** The shape in which the checkpoint has it, or its rows of it. */
export const storedShape = ({ shape, isTransposed }: StoredWeight): readonly number[] =>
  isTransposed ? shape.toReversed() : shape;

const storedRows = (weight: StoredWeight): number => storedShape(weight)[0]!;

const rowLength = (weight: StoredWeight): number => sizeOf(storedShape(weight).slice(1));

/** Compares names, shapes and types with the file's header: nothing is read. @throws AssayError TENSOR_MISSING, SHAPE_MISMATCH */
export function expectShape(checkpoint: Checkpoint, weight: StoredWeight): void {
  const found = checkpoint.entry(weight.name).shape;
  const [rows, ...rest] = storedShape(weight);
  if (rows === undefined && found.length === 0) return;
  const last = weight.rows?.map(([, to]) => to).reduce((a, b) => Math.max(a, b));
  const fits = rest.length === found.length - 1 && rest.every((size, axis) => size === found[axis + 1]);
  if (fits && (last === undefined ? rows === found[0] : last <= found[0]!)) return;
  const expected = [last ?? rows, ...rest].join(", ");
  const claim = `Expected [${expected}] for "${weight.name}" from config.json, got [${found.join(", ")}]`;
  throw new AssayError(
    "SHAPE_MISMATCH",
    `models: ${claim} in ${checkpoint.path}; one of the two belongs to another model`,
  );
}

interface PlainPart {
  readonly range: RowRange;
  readonly row: number;
  readonly length: number;
  readonly data: Float32Array;
}

function readPlain(checkpoint: Checkpoint, name: string, { range: [from, to], row, length, data }: PlainPart): void {
  const target = data.subarray(row * length, (row + to - from) * length);
  readRows(checkpoint, name, { from, to, target });
}

/** A tensor of doubles comes as doubles. */
function readRows(
  checkpoint: Checkpoint,
  name: string,
  { from, to, target }: { from: number; to: number; target: Float32Array },
): void {
  const { storage, shape } = checkpoint.entry(name);
  if (["F16", "BF16", "F32"].includes(storage)) {
    checkpoint.readRows(name, { from, to, into: target });
    return;
  }
  if (storage !== "F64") {
    const claim = `Expected floats for "${name}" [${shape.join(", ")}], got ${storage}`;
    throw new AssayError("DTYPE_UNSUPPORTED", `models: ${claim}; quantised checkpoints are not read`);
  }
  target.set(checkpoint.readRows(name, { from, to }).data as Float64Array);
}

interface TransposedPart {
  readonly range: RowRange;
  readonly column: number;
  readonly data: Float32Array;
}

/** Rows at once: few enough to stay in the cache, enough to write in runs. */
const rowsAtOnce = 64;
/** Values in a line of the cache. */
const lineLength = 16;

function readTransposed(checkpoint: Checkpoint, weight: StoredWeight, { range, column, data }: TransposedPart): void {
  const [inputs, outputs] = weight.shape as [number, number];
  const buffer = new Float32Array(rowsAtOnce * inputs);
  for (let from = range[0]; from < range[1]; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, range[1] - from);
    readRows(checkpoint, weight.name, { from, to: from + count, target: buffer.subarray(0, count * inputs) });
    turn(buffer, data, { inputs, outputs, count, start: column + from - range[0] });
  }
}

/**
 * Writes `count` rows of `inputs` values as columns, beginning with column `start`.
 *
 * Through a small tile, a line of the cache from each row at a time: rows lie a power of two apart, and reading down a
 * column of them throws each line out before its second value is wanted.
 */
function turn(
  rows: Float32Array,
  data: Float32Array,
  { inputs, outputs, count, start }: { inputs: number; outputs: number; count: number; start: number },
): void {
  const tile = new Float32Array(lineLength * rowsAtOnce);
  for (let first = 0; first < inputs; first += lineLength) {
    const wide = Math.min(lineLength, inputs - first);
    for (let at = 0; at < count; at++) {
      const from = at * inputs + first;
      for (let input = 0; input < wide; input++) tile[input * rowsAtOnce + at] = rows[from + input]!;
    }
    for (let input = 0; input < wide; input++) {
      const row = (first + input) * outputs + start;
      for (let at = 0; at < count; at++) data[row + at] = tile[input * rowsAtOnce + at]!;
    }
  }
}
