import { AssayError } from "#base";
import type { StorageType } from "../checkpoints/storage-types.ts";
import { type ByteSource, bytesAt } from "../files/byte-source.ts";

/** What the header of an NPY file says. */
export interface NpyHeader {
  readonly storage: StorageType;
  readonly bigEndian: boolean;
  /** Column-major: the first axis varies fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly position: number;
}

/** NumPy's kind and width → the same number type under its safetensors name. */
const storageByKind: Readonly<Record<string, StorageType>> = {
  b1: "BOOL",
  i1: "I8",
  i2: "I16",
  i4: "I32",
  i8: "I64",
  u1: "U8",
  u2: "U16",
  u4: "U32",
  u8: "U64",
  f2: "F16",
  f4: "F32",
  f8: "F64",
};

const magic = "\x93NUMPY";
/** A header is a line of text; NumPy itself distrusts longer ones. */
const longestHeader = 65_536;

/**
 * Reads the header of an NPY file, versions 1 to 3.
 *
 * Source   NEP 1, "Format specification"; numpy/lib/format.py for versions 2 and 3
 *
 * @throws AssayError NPY_INVALID, DTYPE_UNSUPPORTED for objects, text, records and complex numbers
 */
export function readNpyHeader(source: ByteSource): NpyHeader {
  if (source.size < 12) throw npyFault(source, `${source.size} bytes`);
  const prefix = bytesAt(source, 0, 12);
  if (Buffer.from(prefix.buffer, 0, 6).toString("latin1") !== magic) throw npyFault(source, "another first line");
  const view = new DataView(prefix.buffer);
  const version = prefix[6]!;
  if (version < 1 || version > 3) throw npyFault(source, `version ${version}`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = version === 1 ? 10 : 12;
  if (length > longestHeader || start + length > source.size) throw npyFault(source, `a header of ${length} bytes`);
  const text = Buffer.from(bytesAt(source, start, length)).toString(version === 3 ? "utf8" : "latin1");
  return { ...parseDictionary(source, text), position: start + length };
}

const item = /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*('[^']*'|"[^"]*"|True|False|\([\d\s,L]*\))\s*(?:,|(?=\}))/y;

/** The header is a Python dictionary; only the three keys and the literals that NumPy writes are understood. */
function parseDictionary(source: ByteSource, text: string): Omit<NpyHeader, "position"> {
  const { fields, rest } = parseFields(source, text);
  const description = /'descr'\s*:\s*([^,}]*)/.exec(text)?.[1];
  if (!fields.has("descr") && description !== undefined) throw unsupported(source, description);
  if (fields.size < 3 || !/^\s*\}\s*$/.test(rest)) throw npyFault(source, `the header ${text.slice(0, 100)}`);
  return {
    ...parseDescription(source, fields.get("descr")!.slice(1, -1)),
    fortranOrder: fields.get("fortran_order") === "True",
    shape: parseShape(source, fields.get("shape")!),
  };
}

function parseFields(source: ByteSource, text: string): { fields: ReadonlyMap<string, string>; rest: string } {
  const fields = new Map<string, string>();
  let at = text.indexOf("{") + 1;
  for (;;) {
    item.lastIndex = at;
    const [all, , key, value] = item.exec(text) ?? [];
    if (all === undefined) return { fields, rest: text.slice(at) };
    if (fields.has(key!)) throw npyFault(source, `"${key}" twice`);
    fields.set(key!, value!);
    at += all.length;
  }
}

function parseDescription(source: ByteSource, text: string): Pick<NpyHeader, "storage" | "bigEndian"> {
  const [, order, kind] = /^([<>|=])(\w+)$/.exec(text) ?? [];
  const storage = kind === undefined || !Object.hasOwn(storageByKind, kind) ? undefined : storageByKind[kind];
  if (storage === undefined) throw unsupported(source, text);
  return { storage, bigEndian: order === ">" };
}

function parseShape(source: ByteSource, text: string): readonly number[] {
  const axes = text.slice(1, -1).match(/\d+/g) ?? [];
  const shape = axes.map(Number);
  let size = 8;
  for (const axis of shape) size *= axis;
  if (!Number.isSafeInteger(size)) throw npyFault(source, `a shape of ${text.slice(0, 100)}`);
  return shape;
}

function unsupported(source: ByteSource, description: string): AssayError {
  const reason = /O/.test(description) ? "; objects are Python code, which is never run" : "";
  const known = Object.keys(storageByKind).join(" ");
  return new AssayError("DTYPE_UNSUPPORTED", `npy: Expected ${known} in ${source.path}, got ${description}${reason}`);
}

/** The error of a damaged NPY file. */
export const npyFault = (source: ByteSource, got: string): AssayError =>
  new AssayError("NPY_INVALID", `npy: Expected an NPY file of version 1 to 3 at ${source.path}, got ${got}`);
