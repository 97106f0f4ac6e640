import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AssayError } from "#base";
import { readParquet, type TableRow } from "#formats";
import golden from "../golden/formats/parquet.golden.json" with { type: "json" };
import { scratchFolder } from "./scratch-folder.ts";

async function collected(rows: AsyncIterable<TableRow>): Promise<TableRow[]> {
  const list: TableRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

function fileOf(bytes: Uint8Array): string {
  const file = join(scratchFolder(), "x.parquet");
  writeFileSync(file, bytes);
  return file;
}

test.each(golden.files)("readParquet() reads what Arrow wrote: $name", async ({ file, rows }) => {
  const read = await collected(readParquet(fileOf(Buffer.from(file, "base64"))));

  expect(read).toEqual(golden.rows[rows as keyof typeof golden.rows]);
});

/** Some bytes changed, most of them among the descriptions at the end, and to bytes that make large or negative numbers. */
const damaged = (bytes: Buffer) => {
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  const place = fc.oneof(fc.integer({ min: footer, max: bytes.length - 1 }), fc.nat(bytes.length - 1));
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff));
  return fc.array(fc.tuple(place, byte), { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = Buffer.from(bytes);
    for (const [at, value] of changes) copy[at] = value;
    return copy;
  });
};

test.each(golden.files)(
  "readParquet() answers damaged bytes with no more rows than there were, or an AssayError, at once: $name",
  async ({ file, rows }) => {
    const path = fileOf(Buffer.of());
    await fc.assert(
      fc.asyncProperty(damaged(Buffer.from(file, "base64")), async (bytes) => {
        writeFileSync(path, bytes);
        try {
          const read = await collected(readParquet(path));
          expect(read.length).toBeLessThanOrEqual(golden.rows[rows as keyof typeof golden.rows].length);
        } catch (error) {
          expect(error).toBeInstanceOf(AssayError);
        }
      }),
      { numRuns: 60 },
    );
  },
);
