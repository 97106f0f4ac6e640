import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AssayError, tensor } from "#base";
import { NpzArchive, npyBytes, readNpy, writeNpy } from "#formats";
import golden from "../golden/formats/npy.golden.json" with { type: "json" };
import { scratchFolder } from "./scratch-folder.ts";

function fileOf(base64: string | Uint8Array): string {
  const file = join(scratchFolder(), "x");
  writeFileSync(file, typeof base64 === "string" ? Buffer.from(base64, "base64") : base64);
  return file;
}

test.each(golden.cases)("readNpy() reads $name as NumPy does", ({ file, shape, values }) => {
  const read = readNpy(fileOf(file));

  expect(read.shape).toEqual(shape);
  expect(Array.from(read.data as ArrayLike<number | bigint>, Number)).toEqual(values);
});

test.each(Object.entries(golden.versionsOfFile))("readNpy() reads version %s of the format", (_, file) => {
  expect([...readNpy(fileOf(file)).data]).toEqual([0, 1, 2, 3, 4]);
});

test.each(Object.entries(golden.refused))("readNpy() refuses an array of %s", (_, file) => {
  expect(() => readNpy(fileOf(file))).toThrow("Expected b1 i1");
});

test("readNpy() says that it runs no Python code", () => {
  expect(() => readNpy(fileOf(golden.refused.object))).toThrow("objects are Python code, which is never run");
});

test("writeNpy() writes NumPy's file, byte for byte", () => {
  for (const name of ["<i4 C", "<i8 C", "<f4 C", "<f8 C", "<b1 C", "scalar", "empty", "line"]) {
    const { file } = golden.cases.find((one) => one.name === name)!;
    const source = fileOf(file);
    const copy = `${source}.copy`;
    writeNpy(copy, readNpy(source));

    expect(readFileSync(copy).equals(readFileSync(source)), name).toBe(true);
  }
});

test("npyBytes() is what writeNpy() writes", () => {
  const array = tensor([2, 2], [1, 2, 3, 4], "float64");
  const copy = `${fileOf(golden.cases[0]!.file)}.bytes`;
  writeNpy(copy, array);

  expect(readFileSync(copy).equals(npyBytes(array))).toBe(true);
});

test.each(Object.entries(golden.archives))("NpzArchive reads %s arrays", (_, file) => {
  using archive = new NpzArchive(fileOf(file));

  expect(archive.names).toEqual(["first", "second", "zeros"]);
  expect([...archive.read("first").data]).toEqual([0, 1, 2, 3, 4]);
  expect(archive.read("second")).toEqual(tensor([2, 3, 4], golden.wide, "float64"));
  expect(archive.read("zeros").data).toEqual(new Float64Array(1000));
  expect(() => archive.read("third")).toThrow('no array "third"; it has first, second, zeros');
});

const damagedBytes = (bytes: Buffer) =>
  fc
    .tuple(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(bytes.length))
    .map(([changes, end]) => {
      const copy = Buffer.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return changes.length < 4 ? copy : copy.subarray(0, end);
    });

const expectAssayError = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(AssayError);
  }
};

test("readNpy() answers damaged bytes with an array or an AssayError", () => {
  const file = fileOf("");
  fc.assert(
    fc.property(damagedBytes(Buffer.from(golden.cases[0]!.file, "base64")), (bytes) => {
      writeFileSync(file, bytes);
      expectAssayError(() => readNpy(file));
    }),
    { numRuns: 300 },
  );
});

test.each(Object.entries(golden.archives))(
  "NpzArchive answers damaged %s bytes with arrays or an AssayError",
  (_, base64) => {
    const file = fileOf("");
    fc.assert(
      fc.property(damagedBytes(Buffer.from(base64, "base64")), (bytes) => {
        writeFileSync(file, bytes);
        expectAssayError(() => {
          using archive = new NpzArchive(file);
          for (const name of archive.names) archive.read(name);
        });
      }),
      { numRuns: 300 },
    );
  },
);
