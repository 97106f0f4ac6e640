/** The checksums of a ZIP archive in which stored entries are to be overwritten in place. */
import { type ByteSource, bytesAt } from "./byte-source.ts";
import { checksumOf, packedPart, readZipDirectory, type ZipEntry } from "./zip.ts";

/** Some bytes of the archive. */
export interface Extent {
  readonly position: number;
  readonly length: number;
}

/** One entry's checksum: where it is written, and what it is once the bytes have changed. */
export interface ChecksumPlace {
  readonly positions: readonly number[];
  compute(changed: ByteSource): Uint8Array;
}

/** Whether a file begins as an archive does. */
export const isZip = (file: ByteSource): boolean =>
  file.size >= 4 && Buffer.from(bytesAt(file, 0, 4)).toString("latin1") === "PK\u0003\u0004";

/**
 * The checksums of the entries that some places lie in. One that is wrong already, as writers leave it that save the
 * time, is left out: it stays as it is, and putting the old bytes back gives the old file in either case.
 *
 * @throws AssayError ARCHIVE_INVALID
 */
export function rightChecksums(archive: ByteSource, places: readonly Extent[]): ChecksumPlace[] {
  return readZipDirectory(archive)
    .map((entry) => ({ entry, part: packedPart(archive, entry) }))
    .filter(({ part }) => places.some((place) => overlaps(place, { position: part.start, length: part.size })))
    .filter(({ entry, part }) => checksumOf(part) === entry.crc)
    .map(({ entry }) => ({
      positions: checksumPositions(archive, entry),
      compute: (changed) => littleEndian(checksumOf(packedPart(changed, entry))),
    }));
}

const overlaps = (a: Extent, b: Extent): boolean =>
  a.position < b.position + b.length && b.position < a.position + a.length;

const descriptorSignature = 0x08074b50;

/**
 * In the directory, and in the entry's own header or, where that has a flag for it, behind the entry's bytes.
 *
 * Source   PKWARE's APPNOTE.TXT 6.3.10, §4.3.7, §4.3.9 and §4.3.12
 */
function checksumPositions(archive: ByteSource, entry: ZipEntry): number[] {
  const flags = new DataView(bytesAt(archive, entry.header + 6, 2).buffer).getUint16(0, true);
  const directory = entry.record + 16;
  if ((flags & 8) === 0) return [directory, entry.header + 14];
  const end = packedPart(archive, entry).start + entry.packedSize;
  const signature = new DataView(bytesAt(archive, end, 4).buffer).getUint32(0, true);
  return [directory, signature === descriptorSignature ? end + 4 : end];
}

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
