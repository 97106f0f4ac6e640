import { crc32, inflateRawSync } from "node:zlib";
import { AssayError } from "#base";
import { type ByteSource, bytesAt, memorySource, partOf } from "./byte-source.ts";

/** One file inside a ZIP archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: "stored" | "deflated";
  /** Bytes once unpacked. */
  readonly size: number;
  readonly packedSize: number;
  readonly crc: number;
  /** Where its local header begins. */
  readonly header: number;
  /** Where its record in the directory begins. */
  readonly record: number;
}

const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
/** The end record may be followed by a comment of 65,535 bytes. */
const longestEnd = 22 + 0xffff;
/** Deflate cannot shrink by more: 258 bytes in two bits. */
const largestRatio = 1032;

/**
 * The directory of a ZIP archive, ZIP64 included. Sizes are compared with the archive before anything is allocated.
 *
 * Source   PKWARE's APPNOTE.TXT 6.3.10, §4.3
 *
 * @throws AssayError ARCHIVE_INVALID
 */
export function readZipDirectory(source: ByteSource): readonly ZipEntry[] {
  const { count, start, length } = findDirectory(source);
  const inside = start + length <= source.size && count * 46 <= length;
  if (!inside) throw fault(source, `a directory of ${length} bytes at ${start}`);
  const bytes = bytesAt(source, start, length);
  const view = new DataView(bytes.buffer);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0, index = 0; index < count; index++) {
    if (at + 46 > length || view.getUint32(at, true) !== entrySignature) throw fault(source, `no entry ${index}`);
    const entryLength =
      46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at + entryLength > length) throw fault(source, `an entry ${index} that is cut short`);
    const entry = { ...parseEntry(source, bytes.subarray(at, at + entryLength)), record: start + at };
    if (entries.has(entry.name)) throw fault(source, `"${entry.name}" twice`);
    entries.set(entry.name, entry);
    at += entryLength;
  }
  return [...entries.values()];
}

interface Directory {
  readonly count: number;
  readonly start: number;
  readonly length: number;
}

function findDirectory(source: ByteSource): Directory {
  const tailStart = Math.max(0, source.size - longestEnd);
  const view = viewOf(bytesAt(source, tailStart, source.size - tailStart));
  for (let at = view.byteLength - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== endSignature) continue;
    const locator = at - 20;
    if (locator >= 0 && view.getUint32(locator, true) === end64LocatorSignature) {
      return directory64(source, safe(source, view.getBigUint64(locator + 8, true)));
    }
    return {
      count: view.getUint16(at + 10, true),
      length: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
  }
  throw fault(source, "no end record");
}

function directory64(source: ByteSource, position: number): Directory {
  if (position + 56 > source.size) throw fault(source, `a ZIP64 end record at ${position}`);
  const view = viewOf(bytesAt(source, position, 56));
  if (view.getUint32(0, true) !== end64Signature) throw fault(source, "no ZIP64 end record");
  const [count, length, start] = [32, 40, 48].map((at) => safe(source, view.getBigUint64(at, true)));
  return { count: count!, length: length!, start: start! };
}

function parseEntry(source: ByteSource, bytes: Uint8Array<ArrayBuffer>): Omit<ZipEntry, "record"> {
  const view = viewOf(bytes);
  const nameLength = view.getUint16(28, true);
  const name = new TextDecoder().decode(bytes.subarray(46, 46 + nameLength));
  const extra = bytes.subarray(46 + nameLength, 46 + nameLength + view.getUint16(30, true));
  const wide = [view.getUint32(24, true), view.getUint32(20, true), view.getUint32(42, true)];
  const [size, packedSize, header] = widened(source, wide, extra) as [number, number, number];
  if ((view.getUint16(8, true) & 1) === 1) throw fault(source, `"${name}" encrypted`);
  const method = ({ 0: "stored", 8: "deflated" } as const)[view.getUint16(10, true)];
  if (method === undefined) throw fault(source, `"${name}" packed by method ${view.getUint16(10, true)}`);
  const credible = method === "stored" ? size === packedSize : size <= packedSize * largestRatio;
  if (!credible || header + 30 + packedSize > source.size) {
    throw fault(source, `"${name}" of ${size} bytes in ${packedSize} at ${header}`);
  }
  return { name, method, size, packedSize, crc: view.getUint32(16, true), header };
}

/** ZIP64 keeps what does not fit 32 bits in an extra field, in this order and only those. */
function widened(source: ByteSource, values: readonly number[], extra: Uint8Array<ArrayBuffer>): readonly number[] {
  if (!values.includes(0xffffffff)) return values;
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let from = at + 4;
    return values.map((value) => {
      if (value !== 0xffffffff) return value;
      if (from + 8 > extra.length) throw fault(source, "a ZIP64 field that is cut short");
      from += 8;
      return safe(source, view.getBigUint64(from - 8, true));
    });
  }
  return values;
}

/** Where an entry's packed bytes lie in the archive. @throws AssayError ARCHIVE_INVALID */
export function packedPart(source: ByteSource, entry: ZipEntry): ByteSource & { readonly start: number } {
  const view = viewOf(bytesAt(source, entry.header, 30));
  const start = entry.header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (view.getUint32(0, true) !== localSignature || start + entry.packedSize > source.size) {
    throw fault(source, `no "${entry.name}" at ${entry.header}`);
  }
  const path = `${source.path}:${entry.name}`;
  return { start, ...partOf(source, { path, start, size: entry.packedSize }) };
}

/** An entry's bytes, their checksum verified; a stored one is read in place. @throws AssayError ARCHIVE_INVALID */
export function unpackedPart(source: ByteSource, entry: ZipEntry): ByteSource {
  const packed = packedPart(source, entry);
  const part =
    entry.method === "stored"
      ? packed
      : memorySource(packed.path, inflated(source, { entry, packed: bytesAt(packed, 0, packed.size) }));
  if (part.size !== entry.size || checksumOf(part) !== entry.crc)
    throw fault(source, `"${entry.name}" with a wrong checksum`);
  return part;
}

const checksumChunk = 2 ** 20;

/** CRC-32 of all bytes of a source, read in pieces. */
export function checksumOf(part: ByteSource): number {
  const chunk = new Uint8Array(Math.min(checksumChunk, part.size));
  let checksum = 0;
  for (let at = 0; at < part.size; at += chunk.length) {
    const piece = chunk.subarray(0, Math.min(chunk.length, part.size - at));
    part.readInto(piece, at);
    checksum = crc32(piece, checksum);
  }
  return checksum;
}

function inflated(source: ByteSource, { entry, packed }: { entry: ZipEntry; packed: Uint8Array }): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) });
  } catch (error) {
    throw fault(source, `"${entry.name}" that cannot be unpacked (${(error as Error).message})`);
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function safe(source: ByteSource, value: bigint): number {
  if (value <= source.size * largestRatio) return Number(value);
  throw fault(source, `a number of ${value} in an archive of ${source.size} bytes`);
}

const fault = (source: ByteSource, got: string): AssayError =>
  new AssayError("ARCHIVE_INVALID", `zip: Expected a whole ZIP archive at ${source.path}, got ${got}`);
