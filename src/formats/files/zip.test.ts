import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { bytesAt, memorySource } from "./byte-source.ts";
import { readZipDirectory, unpackedPart } from "./zip.ts";

const text = Buffer.from("all work and no play ".repeat(20));
const archive = Buffer.from(zipSync({ "a/b.txt": [text, { level: 9 }], "c.bin": [text, { level: 0 }] }));

const contentsOf = (bytes: Uint8Array) => {
  const source = memorySource("x.zip", bytes);
  return readZipDirectory(source).map((entry) => {
    const part = unpackedPart(source, entry);
    return [entry.name, Buffer.from(bytesAt(part, 0, part.size)).toString()];
  });
};

/** Moves the numbers of the directory and of its first entry to where ZIP64 keeps them. */
function asZip64(bytes: Buffer): Buffer {
  const end = bytes.length - 22;
  const start = bytes.readUInt32LE(end + 16);
  const first = bytes.subarray(start, start + 46 + bytes.readUInt16LE(start + 28));
  const wide = Buffer.alloc(28);
  wide.writeUInt16LE(1, 0);
  wide.writeUInt16LE(24, 2);
  for (const [index, at] of [24, 20, 42].entries()) {
    wide.writeBigUInt64LE(BigInt(first.readUInt32LE(at)), 4 + 8 * index);
    first.writeUInt32LE(0xffffffff, at);
  }
  first.writeUInt16LE(wide.length, 30);
  const directory = Buffer.concat([first, wide, bytes.subarray(start + first.length, end)]);
  const end64 = Buffer.alloc(56 + 20);
  end64.writeUInt32LE(0x06064b50, 0);
  for (const [index, value] of [2, directory.length, start].entries())
    end64.writeBigUInt64LE(BigInt(value), 32 + 8 * index);
  end64.writeUInt32LE(0x07064b50, 56);
  end64.writeBigUInt64LE(BigInt(start + directory.length), 64);
  return Buffer.concat([bytes.subarray(0, start), directory, end64, bytes.subarray(end)]);
}

const expected = [
  ["a/b.txt", text.toString()],
  ["c.bin", text.toString()],
];

test("readZipDirectory() finds stored and deflated files", () => {
  expect(contentsOf(archive)).toEqual(expected);
});

test("readZipDirectory() finds the end record before a comment", () => {
  const commented = Buffer.concat([archive, Buffer.from("comment")]);

  expect(contentsOf(commented)).toEqual(expected);
});

test("readZipDirectory() reads the wide numbers of ZIP64", () => {
  expect(contentsOf(asZip64(Buffer.from(archive)))).toEqual(expected);
});

test.each([0, 1])("unpackedPart() refuses file %i when a byte of it changed", (index) => {
  const bytes = Buffer.from(archive);
  const { header } = readZipDirectory(memorySource("x.zip", bytes))[index]!;
  bytes[header + 60]! ^= 1;
  const source = memorySource("x.zip", bytes);

  expect(() => unpackedPart(source, readZipDirectory(source)[index]!)).toThrow("Expected a whole ZIP archive at x.zip");
});

test("readZipDirectory() refuses sizes that no archive of this length can hold", () => {
  const bytes = Buffer.from(archive);
  const start = bytes.readUInt32LE(bytes.length - 6);
  bytes.writeUInt32LE(2 ** 31, start + 24);

  expect(() => readZipDirectory(memorySource("x.zip", bytes))).toThrow('"a/b.txt" of 2147483648 bytes');
});
