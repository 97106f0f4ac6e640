/**
 * The wire format of Protocol Buffers, writing only: as much as ONNX needs.
 *
 * Source   https://protobuf.dev/programming-guides/encoding
 */

type Piece = Uint8Array;

/** Writes one message, field by field; nested messages are writers of their own. */
export class MessageWriter {
  readonly #pieces: Piece[] = [];
  #length = 0;

  /** An integer of any size, as 64-bit two's complement. */
  integer(field: number, value: number | bigint): this {
    return this.#key(field, 0).#push(varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#key(field, 5).#push(bytes);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Kept by reference until `finish`. */
  bytes(field: number, value: Uint8Array): this {
    return this.#key(field, 2).#push(varint(value.length)).#push(value);
  }

  message(field: number, write: (writer: MessageWriter) => void): this {
    const inner = new MessageWriter();
    write(inner);
    this.#key(field, 2).#push(varint(inner.#length));
    for (const piece of inner.#pieces) this.#push(piece);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    return bytes;
  }

  get length(): number {
    return this.#length;
  }

  #key(field: number, wireType: number): this {
    return this.#push(varint((field << 3) | wireType));
  }

  #push(piece: Piece): this {
    this.#pieces.push(piece);
    this.#length += piece.length;
    return this;
  }
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
