/**
 * The wire format of Protocol Buffers, reading only, for input that nobody trusts.
 *
 * Source   https://protobuf.dev/programming-guides/encoding
 */
import { AssayError } from "#base";

/** One field of a message: numbers as they are, everything else as bytes. */
export type WireField =
  | { readonly field: number; readonly kind: "integer"; readonly value: bigint }
  | { readonly field: number; readonly kind: "fixed32" | "fixed64" | "bytes"; readonly value: Uint8Array };

/** The fields of one message in the order of the file. @throws AssayError PROTOBUF_INVALID, naming the file */
export function* wireFields(bytes: Uint8Array, path: string): Generator<WireField> {
  const reader = new WireReader(bytes, path);
  while (!reader.isDone) yield reader.field();
}

/** The number types in the key's lowest three bits; 3 and 4 were groups, which no file of today has. */
const widths: Readonly<Record<number, "fixed32" | "fixed64">> = { 1: "fixed64", 5: "fixed32" };

class WireReader {
  readonly #bytes: Uint8Array;
  readonly #path: string;
  #at = 0;

  constructor(bytes: Uint8Array, path: string) {
    this.#bytes = bytes;
    this.#path = path;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  field(): WireField {
    const key = this.#varint();
    const [field, type] = [Number(key >> 3n), Number(key & 7n)];
    if (field < 1 || field >= 2 ** 29) throw this.#fault(`field number ${field}`);
    if (type === 0) return { field, kind: "integer", value: this.#varint() };
    if (type === 2) return { field, kind: "bytes", value: this.#take(Number(this.#varint())) };
    const kind = widths[type];
    if (kind === undefined) throw this.#fault(`wire type ${type}`);
    return { field, kind, value: this.#take(kind === "fixed32" ? 4 : 8) };
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte] = this.#take(1);
      value |= BigInt(byte! & 0x7f) << shift;
      if (byte! < 0x80) return BigInt.asUintN(64, value);
    }
    throw this.#fault("a number of more than ten bytes");
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length)
      throw this.#fault(`${length} bytes announced where ${this.#bytes.length - this.#at} remain`);
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  #fault(got: string): AssayError {
    const expected = `Expected a whole protobuf message at ${this.#path}, got ${got} at byte ${this.#at}`;
    return new AssayError("PROTOBUF_INVALID", `sentencepiece: ${expected}; it is cut short or another kind of file`);
  }
}
