import type { DType, Tensor } from "#base";
import { writeAtomically } from "../files/draft-file.ts";

const descriptions = { float32: "<f4", float64: "<f8", int32: "<i4", int64: "<i8", bool: "|b1" } as const satisfies {
  readonly [D in DType]: string;
};

/** NumPy leaves room for a first axis of this many digits more, so that an array may grow in place. */
const growthDigits = 21;

/** The bytes of an NPY file (version 1.0), as numpy.save writes them. */
export function npyBytes({ dtype, shape, data }: Tensor): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': (${axes}), }`;
  const growth = shape.length > 0 ? growthDigits - String(shape[0]).length : 0;
  const headerLength = Math.ceil((10 + dictionary.length + growth + 1) / 64) * 64 - 10; // values begin on 64 bytes
  const prefix = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, headerLength & 0xff, headerLength >> 8]);
  const header = Buffer.from(`${dictionary.padEnd(headerLength - 1)}\n`);
  return Buffer.concat([prefix, header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

/** Writes an array that numpy.load reads, atomically. */
export function writeNpy(path: string, tensor: Tensor): void {
  writeAtomically(path, (append) => append(npyBytes(tensor)));
}
