import { sizeOf } from "#base";
import { type ByteSource, bytesAt, memorySource } from "../files/byte-source.ts";

/** A view of values: offset and strides count values of `width` bytes. */
export interface StridedView {
  readonly width: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Whether a view's values lie one behind the other in row-major order. */
export function isContiguous({ shape, strides }: Pick<StridedView, "shape" | "strides">): boolean {
  if (shape.includes(0)) return true;
  return shape.every((axis, at) => axis === 1 || strides[at] === sizeOf(shape.slice(at + 1)));
}

/** The values of a view in row-major order, gathered when they are first read, kept while memory allows. */
export function stridedSource(source: ByteSource, view: StridedView): ByteSource {
  let kept: WeakRef<Uint8Array> | undefined;
  const gathered = (): Uint8Array => {
    const bytes = kept?.deref() ?? gather(source, view);
    kept = new WeakRef(bytes);
    return bytes;
  };
  return {
    path: source.path,
    size: sizeOf(view.shape) * view.width,
    readInto: (target, position) => memorySource(source.path, gathered()).readInto(target, position),
  };
}

function gather(source: ByteSource, { width, offset, shape, strides }: StridedView): Uint8Array {
  const span = 1 + shape.reduce((sum, axis, at) => sum + (axis - 1) * strides[at]!, 0);
  const values = bytesAt(source, offset * width, span * width);
  const result = new Uint8Array(sizeOf(shape) * width);
  const index = shape.map(() => 0);
  for (let at = 0, from = 0; at < result.length; at += width) {
    for (let byte = 0; byte < width; byte++) result[at + byte] = values[from * width + byte]!;
    from += step(index, { shape, strides });
  }
  return result;
}

/** Moves an index on by one, the last axis fastest, and says by how far the values' place moves. */
function step(index: number[], { shape, strides }: Pick<StridedView, "shape" | "strides">): number {
  let moved = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis]! += 1;
    moved += strides[axis]!;
    if (index[axis]! < shape[axis]!) break;
    moved -= index[axis]! * strides[axis]!;
    index[axis] = 0;
  }
  return moved;
}
