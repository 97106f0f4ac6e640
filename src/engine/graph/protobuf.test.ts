import fc from "fast-check";
import { expect, test } from "vitest";
import { MessageWriter } from "./protobuf.ts";

/** Reads one field back: its number, wire type and, for integers, the value. */
function readInteger(bytes: Uint8Array): { field: number; wire: number; value: bigint } {
  const numbers: bigint[] = [];
  let [value, shift] = [0n, 0n];
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte < 0x80) {
      numbers.push(value);
      [value, shift] = [0n, 0n];
    }
  }
  const key = Number(numbers[0]!);
  return { field: key >> 3, wire: key & 7, value: BigInt.asIntN(64, numbers[1]!) };
}

test("integer() writes every 64-bit number so that it can be read back", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.integer({ min: 1, max: 2000 }),
      (value, field) => {
        expect(readInteger(new MessageWriter().integer(field, value).finish())).toEqual({ field, wire: 0, value });
      },
    ),
  );
});

test("message() writes the bytes of the specification's example of an embedded message", () => {
  const bytes = new MessageWriter().message(3, (inner) => inner.integer(1, 150)).finish();

  expect([...bytes]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
});

test("text() writes the bytes of the specification's example of a string", () => {
  const writer = new MessageWriter().text(2, "testing");

  expect([...writer.finish()]).toEqual([0x12, 0x07, ...Buffer.from("testing")]);
  expect(writer.length).toBe(9);
});

test("float() writes four bytes, the lowest first", () => {
  expect([...new MessageWriter().float(2, 1).finish()]).toEqual([0x15, 0, 0, 0x80, 0x3f]);
});
