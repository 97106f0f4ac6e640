import { AssayError } from "#base";
import type { OpenedTensors } from "../checkpoints/stored-tensor.ts";
import { bytesAt } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { type Header, parseHeader } from "./header.ts";

/** The reference implementation refuses longer headers too. */
const longestHeader = 100_000_000;

/** Bytes before the header: its length, 64 bits, little-endian. */
const prefixLength = 8;

/** Opens one safetensors file and validates its header. @throws AssayError CHECKPOINT_INVALID, FILE_MISSING */
export function openSafetensors(path: string): OpenedTensors {
  const file = new RangedFile(path);
  try {
    const length = headerLength(file);
    const start = prefixLength + length;
    const { entries, metadata } = readHeader(file, length);
    const tensors = entries.map(({ name, storage, shape, begin }) => ({
      name,
      storage,
      shape,
      file,
      position: start + begin,
    }));
    return { file, tensors, metadata };
  } catch (error) {
    file.close();
    throw error;
  }
}

function readHeader(file: RangedFile, length: number): Header {
  const bufferLength = file.size - prefixLength - length;
  return parseHeader(bytesAt(file, prefixLength, length), { path: file.path, bufferLength });
}

/** Compared with the file's size before a byte is allocated for it. */
function headerLength(file: RangedFile): number {
  const room = file.size - prefixLength;
  const claimed = room < 0 ? -1n : new DataView(bytesAt(file, 0, prefixLength).buffer).getBigUint64(0, true);
  if (claimed >= 2n && claimed <= room && claimed <= longestHeader) return Number(claimed);
  const got = room < 0 ? `a file of ${file.size} bytes` : `a header of ${claimed} in a file of ${file.size}`;
  const expected = `Expected a header of 2 to ${longestHeader} bytes within the file, got ${got} bytes`;
  throw new AssayError(
    "CHECKPOINT_INVALID",
    `safetensors: ${expected}: ${file.path} is cut short or no safetensors file`,
  );
}
