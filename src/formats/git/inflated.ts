import { constants, inflateSync } from "node:zlib";

/** What compressed bytes are expected to hold. */
export interface InflatedOptions {
  /** A stream that holds more is damaged. */
  readonly most?: number;
  /** Only the beginning of a stream is at hand. */
  readonly isStart?: boolean;
}

/** What a compressed text holds; undefined where it is damaged. */
export function inflated(bytes: Uint8Array, { most, isStart = false }: InflatedOptions = {}): Buffer | undefined {
  try {
    return inflateSync(bytes, {
      ...(most !== undefined && { maxOutputLength: Math.max(most, 1) }),
      ...(isStart && { finishFlush: constants.Z_SYNC_FLUSH }),
    });
  } catch {
    return undefined;
  }
}
