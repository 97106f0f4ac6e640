import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { AssayError } from "#base";
import { firstFile } from "../files/text-file.ts";
import type { Pixels } from "./photo.ts";

/**
 * Pictures of one size as one gzipped file of bytes: row after row, red, green and blue in turn, nothing between.
 *
 * @throws AssayError FILE_MISSING, PIXELS_INVALID where the bytes make no whole number of pictures
 */
export function readPackedPixels(path: string, { width, height }: Omit<Pixels, "data">): Pixels[] {
  if (firstFile([path]) === undefined) {
    throw new AssayError("FILE_MISSING", `read: Expected packed pictures at ${path}, found none`);
  }
  const bytes = unzipped(path);
  const length = width * height * 3;
  const count = bytes.length / length;
  if (!Number.isInteger(count) || count === 0) {
    const claim = `Expected pictures of ${width} × ${height} × 3 bytes in ${path}`;
    throw new AssayError(
      "PIXELS_INVALID",
      `read: ${claim}, got ${bytes.length} bytes; the file is cut or of another size`,
    );
  }
  return Array.from({ length: count }, (_, at) => ({
    data: bytes.subarray(at * length, (at + 1) * length),
    width,
    height,
  }));
}

function unzipped(path: string): Uint8Array {
  try {
    return gunzipSync(readFileSync(path));
  } catch (cause) {
    const got = (cause as Error).message;
    throw new AssayError("PIXELS_INVALID", `read: Expected a gzip file at ${path}, got "${got}"`, { cause });
  }
}
