import { AssayError } from "#base";
import { isStorageType, type StorageType, storageTypes } from "../checkpoints/storage-types.ts";
import { refuseDuplicateKeys } from "./unique-keys.ts";

/** One tensor as the header describes it; offsets count from the end of the header. */
export interface HeaderEntry {
  readonly name: string;
  readonly storage: StorageType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order in which they lie in the file. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** What parsing must know about the file around the header. */
export interface HeaderPlace {
  readonly path: string;
  /** Bytes of the file behind the header. */
  readonly bufferLength: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isRange = ([begin, end]: unknown[]): boolean => isCount(begin) && isCount(end) && begin <= end;

/**
 * Parses and validates the header of a safetensors file. Afterwards the tensors fill the buffer behind the header
 * without hole or overlap, and each one's length is that of its shape: nothing read later can go wrong but the disk.
 *
 * Source   the safetensors README, "Format", and its reference implementation's checks
 *
 * @throws AssayError CHECKPOINT_INVALID
 */
export function parseHeader(bytes: Uint8Array, place: HeaderPlace): Header {
  const fault = (claim: string): AssayError =>
    new AssayError("CHECKPOINT_INVALID", `safetensors: ${claim} in ${place.path}`, { details: { file: place.path } });
  const { __metadata__: metadata = {}, ...tensors } = parseObject(bytes, fault);
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    throw fault("Expected __metadata__ to map text to text, got something else");
  }
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(name, value, fault));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, place.bufferLength, fault);
  return { entries, metadata: metadata as Record<string, string> };
}

type Fault = (claim: string) => AssayError;

function parseObject(bytes: Uint8Array, fault: Fault): JsonObject {
  if (bytes[0] !== 0x7b) throw fault('Expected a header that starts with "{", got another byte');
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw fault(`Expected a header of JSON in UTF-8, got "${(error as Error).message}"`);
  }
  refuseDuplicateKeys(text, "safetensors");
  if (!isObject(value)) throw fault("Expected the header to be an object, got another value");
  return value;
}

function parseEntry(name: string, value: unknown, fault: Fault): HeaderEntry {
  if (!isObject(value)) throw fault(`Expected an object for tensor "${name}", got ${brief(value)}`);
  const { dtype: storage, shape, data_offsets: offsets, ...rest } = value;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw fault(`Expected dtype, shape and data_offsets for "${name}", got "${unknown}" too`);
  if (!isStorageType(storage)) {
    throw fault(`Expected a dtype out of ${Object.keys(storageTypes).join(" ")} for "${name}", got ${brief(storage)}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw fault(`Expected a shape of whole numbers for "${name}", got ${brief(shape)}`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !isRange(offsets)) {
    throw fault(`Expected two rising data_offsets for "${name}", got ${brief(offsets)}`);
  }
  const entry = { name, storage, shape: shape as number[], begin: offsets[0] as number, end: offsets[1] as number };
  checkLength(entry, fault);
  return entry;
}

function brief(value: unknown): string {
  const text = jsonOf(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** What JSON.parse reads, however deep, JSON.stringify may not be able to write. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return "something nested too deep";
  }
}

function checkLength({ name, storage, shape, begin, end }: HeaderEntry, fault: Fault): void {
  const length = exactSize([...shape, storageTypes[storage].bytes]);
  if (length === end - begin) return;
  throw fault(`Expected ${length} bytes for "${name}" ${brief(shape)} ${storage}, got ${end - begin}`);
}

/** The product of an untrusted shape, NaN when any part of it is beyond exact numbers. */
function exactSize(shape: readonly number[]): number {
  let size = 1;
  for (const axis of shape) {
    size *= axis;
    if (!Number.isSafeInteger(size)) return Number.NaN;
  }
  return size;
}

function checkLayout(entries: readonly HeaderEntry[], bufferLength: number, fault: Fault): void {
  let filled = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== filled) {
      throw fault(
        `Expected "${name}" to begin at ${filled}, got ${begin}: tensors ${begin < filled ? "overlap" : "leave a hole"}`,
      );
    }
    filled = end;
  }
  if (filled !== bufferLength) {
    const reason =
      filled > bufferLength ? "the file is cut short, fetch or write it again" : "bytes that belong to no tensor";
    throw fault(`Expected ${filled} bytes of tensors, got ${bufferLength} (${reason})`);
  }
}
