import { AssayError, sizeOf, type Tensor } from "#base";
import { toStoredBytes } from "../checkpoints/narrow.ts";
import { type StorageType, storageOf, storageTypes } from "../checkpoints/storage-types.ts";
import { byteLengthOf } from "../checkpoints/stored-tensor.ts";
import { writeAtomically } from "../files/draft-file.ts";

/** A tensor to be written; its values are asked for only when their turn comes. */
export interface TensorSource {
  readonly name: string;
  readonly shape: readonly number[];
  readonly storage: StorageType;
  /** Values to be narrowed, or bytes as they are to stand in the file. */
  load(): Tensor | Uint8Array;
}

/** What goes into a file beside its tensors. */
export interface WriteOptions {
  /** Free text that travels with the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A tensor in memory as something to write; `storage` narrows float32 to F16 or BF16. */
export function sourceOf(name: string, tensor: Tensor, storage: StorageType = storageOf[tensor.dtype]): TensorSource {
  return { name, shape: tensor.shape, storage, load: () => tensor };
}

/**
 * Writes one safetensors file, a tensor at a time, atomically. The order is the reference implementation's (wide types
 * first, then by name), so equal tensors make equal files whoever wrote them.
 *
 * @throws AssayError DUPLICATE_KEY, SHAPE_MISMATCH, DTYPE_UNSUPPORTED, VALUE_OVERFLOW
 */
export function writeSafetensors(path: string, sources: readonly TensorSource[], options: WriteOptions = {}): void {
  const ordered = inFileOrder(sources);
  const header = headerBytes(ordered, options.metadata ?? {});
  writeAtomically(path, (append) => {
    append(header);
    for (const source of ordered) append(loaded(source));
  });
}

const rank = new Map(Object.keys(storageTypes).map((storage, at) => [storage, at]));

/** Wide types first keeps every tensor aligned. @throws AssayError DUPLICATE_KEY */
export function inFileOrder(sources: readonly TensorSource[]): readonly TensorSource[] {
  const ordered = sources.toSorted(
    (a, b) => rank.get(b.storage)! - rank.get(a.storage)! || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
  const names = new Set<string>(["__metadata__"]);
  for (const { name } of ordered) {
    if (names.has(name))
      throw new AssayError("DUPLICATE_KEY", `safetensors: Expected each name once, got "${name}" twice`);
    names.add(name);
  }
  return ordered;
}

function headerBytes(sources: readonly TensorSource[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let end = 0;
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [["__metadata__", sorted(metadata)]] : [];
  for (const { name, storage: dtype, shape } of sources) {
    const begin = end;
    end += byteLengthOf({ shape, storage: dtype });
    entries.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  // Written entry by entry: an object would move names that look like numbers to the front.
  const body = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",");
  const text = Buffer.from(`{${body}}`);
  const padded = Math.ceil(text.length / 8) * 8; // the values begin aligned
  const bytes = Buffer.alloc(8 + padded, " ");
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  text.copy(bytes, 8);
  return bytes;
}

const sorted = (metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));

function loaded(source: TensorSource): Uint8Array {
  const { name, shape, storage } = source;
  const values = source.load();
  const bytes = values instanceof Uint8Array ? values : toStoredBytes(name, values, storage);
  const expected = byteLengthOf(source);
  if (bytes.length === expected && (values instanceof Uint8Array || sizeOf(values.shape) === sizeOf(shape)))
    return bytes;
  const claim = `Expected ${expected} bytes for "${name}" [${shape.join(", ")}] ${storage}, got ${bytes.length}`;
  throw new AssayError("SHAPE_MISMATCH", `safetensors: ${claim}`);
}
