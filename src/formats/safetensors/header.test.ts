import fc from "fast-check";
import { expect, test } from "vitest";
import { AssayError } from "#base";
import { parseHeader } from "./header.ts";

const parse = (header: unknown, bufferLength = 0) =>
  parseHeader(Buffer.from(typeof header === "string" ? header : JSON.stringify(header)), { path: "x", bufferLength });

const two = {
  a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
  b: { dtype: "F16", shape: [1, 2], data_offsets: [8, 12] },
};

test("parseHeader() lists tensors in file order with their metadata", () => {
  const header = parse({ b: two.b, a: two.a, __metadata__: { format: "pt" } }, 12);

  expect(header.entries.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(header.metadata).toEqual({ format: "pt" });
});

/** JSON.parse reads it, JSON.stringify overflows the stack. */
const deep = `${"[".repeat(1e5)}${"]".repeat(1e5)}`;

const refused: readonly [name: string, header: unknown, bufferLength: number, message: string][] = [
  ["a list", "[]", 0, 'starts with "{"'],
  ["a cut text", '{"a":', 0, "JSON"],
  ["a name twice", '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{}}', 0, '"a" twice'],
  ["an unknown dtype", { a: { ...two.a, dtype: "F3" } }, 8, 'for "a", got "F3"'],
  ["an inherited name as dtype", { a: { ...two.a, dtype: "toString" } }, 8, 'for "a", got "toString"'],
  ["a negative axis", { a: { ...two.a, shape: [-2] } }, 8, "shape of whole numbers"],
  ["a fractional axis", { a: { ...two.a, shape: [0.5] } }, 8, "shape of whole numbers"],
  ["a shape beyond exact numbers", { a: { ...two.a, shape: [2 ** 40, 2 ** 40] } }, 8, "got 8"],
  ["an overflow hidden by a zero", { a: { ...two.a, shape: [2 ** 40, 2 ** 40, 0], data_offsets: [0, 0] } }, 0, "got 0"],
  ["a million axes", { a: { ...two.a, shape: Array(1e6).fill(9) } }, 8, "got 8"],
  ["a negative offset", { a: { ...two.a, data_offsets: [-8, 0] } }, 8, "data_offsets"],
  ["offsets that fall", { a: { ...two.a, data_offsets: [8, 0] } }, 8, "data_offsets"],
  ["an offset missing", { a: { ...two.a, data_offsets: [0] } }, 8, "data_offsets"],
  ["a length unlike the shape", { a: { ...two.a, shape: [3] } }, 8, 'Expected 12 bytes for "a"'],
  ["tensors that overlap", { a: two.a, b: { ...two.b, data_offsets: [4, 8] } }, 8, "overlap"],
  ["a hole", { a: two.a, b: { ...two.b, data_offsets: [9, 13] } }, 13, "leave a hole"],
  ["a buffer cut short", two, 11, "cut short"],
  ["trailing bytes", two, 13, "belong to no tensor"],
  ["a key of another format", { a: { ...two.a, strides: [1] } }, 8, '"strides"'],
  ["a tensor nested too deep", `{"a":${deep}}`, 0, "something nested too deep"],
  ["a dtype nested too deep", `{"a":{"dtype":${deep},"shape":[]}}`, 0, "something nested too deep"],
  ["metadata that is no text", { __metadata__: { a: 1 } }, 0, "__metadata__"],
];

test.each(refused)("parseHeader() refuses %s", (...[, header, bufferLength, message]) => {
  expect(() => parse(header, bufferLength)).toThrow(message);
});

test("parseHeader() refuses bytes that are no UTF-8", () => {
  expect(() => parseHeader(Buffer.from([0x7b, 0xff, 0x7d]), { path: "x", bufferLength: 0 })).toThrow("UTF-8");
});

const wild = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(2 ** 53, -1, 1e300, "F32", null), fc.jsonValue());
const entry = fc.record({
  dtype: fc.oneof(fc.constantFrom("F32", "BF16", "I64"), wild),
  shape: fc.oneof(fc.array(wild), wild),
  data_offsets: fc.oneof(fc.tuple(wild, wild), wild),
});

test("parseHeader() answers any header with tensors or an AssayError", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(entry, wild)), fc.nat(64), (header, bufferLength) => {
      try {
        parse(header, bufferLength);
      } catch (error) {
        expect(error).toBeInstanceOf(AssayError);
      }
    }),
    { numRuns: 500 },
  );
});
