import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Row, readParquet, readRows, type TableFormat, type TableRow, tableFormats, writeTable } from "#formats";
import { scratchFolder } from "./scratch-folder.ts";

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const awkward = fc.constantFrom(
  "",
  " ",
  ",",
  '"',
  '""',
  "a\nb",
  "a\r\nb",
  "\r",
  "\uFEFFx",
  "NULL",
  "1",
  "true",
  "🜁,\t",
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0 || 0); // JSON has no −0
const cell = fc.oneof(text, awkward, number, fc.integer(), fc.boolean(), fc.constant(null));
const name = fc.oneof(text, awkward);
/** Rows that have every column, each column of one type; readers of Parquet drop a byte order mark before a name. */
const uniformTable = fc
  .uniqueArray(
    name.filter((text) => !text.startsWith("\uFEFF")),
    { minLength: 1, maxLength: 5 },
  )
  .chain((names) =>
    fc.tuple(
      ...names.map((key) =>
        fc.constantFrom(text, awkward, number, fc.integer(), fc.boolean()).map((type) => ({ key, type })),
      ),
    ),
  )
  .chain((columns) => {
    const row = fc.tuple(...columns.map(({ type }) => fc.option<string | number | boolean>(type)));
    return fc.array(
      row.map((cells) => Object.fromEntries(columns.map(({ key }, at) => [key, cells[at]!]))),
      { maxLength: 20 },
    );
  }) as fc.Arbitrary<Row[]>;

const written = async (rows: Iterable<Row>, format: TableFormat): Promise<string> => {
  const file = join(scratchFolder(), `table.${format}`);
  await writeTable(file, rows, { format });
  return file;
};
const fileOf = (name: string, content: string | Uint8Array): string => {
  const file = join(scratchFolder(), name);
  writeFileSync(file, content);
  return file;
};
async function collected(rows: AsyncIterable<TableRow>): Promise<TableRow[]> {
  const list: TableRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
}
const read = (file: string) => collected(readRows(file));

test("writeTable() and readRows() give back every JSONL row, whatever its keys", async () => {
  const rows = fc.array(fc.dictionary(name, cell, { noNullPrototype: true }), { maxLength: 20 });

  await fc.assert(
    fc.asyncProperty(rows, async (table) => {
      expect(await read(await written(table, "jsonl"))).toStrictEqual(table);
    }),
  );
});

test("writeTable() and readRows() give back every Parquet row with its types and nulls", async () => {
  await fc.assert(
    fc.asyncProperty(uniformTable, async (table) => {
      expect(await read(await written(table, "parquet"))).toStrictEqual(table);
    }),
  );
});

test("writeTable() and readRows() give back every CSV row as text, and tell null from empty text", async () => {
  await fc.assert(
    fc.asyncProperty(uniformTable, async (table) => {
      const texts = table.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === null ? null : String(value)])),
      );

      expect(await read(await written(table, "csv"))).toStrictEqual(texts);
    }),
  );
});

const ragged: Row[] = [{ a: 1 }, { b: "two", a: null }, { a: 2.5, c: true, b: undefined }, {}];
const squared = [
  { a: 1, b: null, c: null },
  { a: null, b: "two", c: null },
  { a: 2.5, b: null, c: true },
  { a: null, b: null, c: null },
];

test("writeTable() gives Parquet every column that any row has", async () => {
  expect(await read(await written(ragged, "parquet"))).toStrictEqual(squared);
});

test("writeTable() writes CSV by RFC 4180: CRLF, quotes where needed, doubled inside", async () => {
  const file = await written([...ragged, { a: 0, b: 'say "a, b"\nc', c: false }, { b: "" }], "csv");

  expect(readFileSync(file, "utf8")).toBe(
    'a,b,c\r\n1,,\r\n,two,\r\n2.5,,true\r\n,,\r\n0,"say ""a, b""\nc",false\r\n,"",\r\n',
  );
});

test("writeTable() writes a Parquet column of mixed types as text", async () => {
  const file = await written([{ a: 1 }, { a: "x" }, { a: true }, { a: null }], "parquet");

  expect(await read(file)).toEqual([{ a: "1" }, { a: "x" }, { a: "true" }, { a: null }]);
});

test.each(tableFormats)("writeTable() takes a column named __proto__ to %s as any other", async (format) => {
  const row = JSON.parse('{"__proto__":"x","b":"y"}');

  expect(await read(await written([row], format))).toStrictEqual([row]);
});

test.each(tableFormats)("writeTable() writes a whole %s table of no rows", async (format) => {
  expect(await read(await written([], format))).toEqual([]);
});

test.each(tableFormats)("writeTable() cuts no cell of 3 million characters in %s", async (format) => {
  const long = 'ab,"ü\n'.repeat(500_000);

  const [row] = await read(await written([{ long }], format));

  expect(row!.long === long).toBe(true);
});

test.each(tableFormats)(
  "writeTable() takes the rows of a generator to %s once, and more than a row group of them",
  async (format) => {
    function* rows() {
      for (let at = 0; at < 25_000; at++) yield { at, text: `row ${at}`, even: at % 2 === 0 };
    }
    const file = join(scratchFolder(), `table.${format}`);

    const count = await writeTable(file, rows(), { format });

    const back = await read(file);
    expect([count, back.length]).toEqual([25_000, 25_000]);
    expect(back.every(({ at, text }, index) => Number(at) === index && text === `row ${index}`)).toBe(true);
  },
);

test.each(tableFormats)(
  "writeTable() leaves the old %s file, and nothing beside it, when the rows fail",
  async (format) => {
    const folder = scratchFolder();
    const file = join(folder, `table.${format}`);
    writeFileSync(file, "old");
    function* rows() {
      yield { a: 1 };
      throw new Error("the store is gone");
    }

    await expect(writeTable(file, rows(), { format })).rejects.toThrow("the store is gone");

    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual([`table.${format}`]);
  },
);

test.each([...tableFormats.map((format) => [format, Number.NaN] as const), ["csv", { nested: 1 }] as const])(
  "writeTable() refuses what %s cannot hold: %o",
  async (format, value) => {
    const file = join(scratchFolder(), "table");

    await expect(writeTable(file, [{ a: 1 }, { a: value as number }], { format })).rejects.toThrow(
      /table, line 2: Expected a plain value in "a", got/,
    );

    expect(existsSync(file)).toBe(false);
  },
);

test.each(tableFormats)("writeTable() names the %s file that cannot be written", async (format) => {
  const folder = join(scratchFolder(), "a-file");
  writeFileSync(folder, "");
  const file = join(folder, "table");

  await expect(writeTable(file, [], { format })).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
});

test.each([
  ["a.csv", 'a,b\n1,2\n\n"x\ny",4\n5\n', 6, "Expected 2 cells as in the header, got 1"],
  ["b.csv", "a,b\r\n1,2,3\r\n", 2, "Expected 2 cells as in the header, got 3"],
  ["c.csv", 'a,b\n1,2\n3,"open\n', 3, "Expected CSV, got a fault"],
  ["d.csv", 'a,b\n1,x"y"\n', 2, "Expected CSV, got a fault"],
  ["e.csv", "a,a\n1,2\n", 1, 'Expected each column once, got "a" twice'],
  ["f.jsonl", '{"a":1}\n\n{"a":\n', 3, "Expected one JSON object a line, got a syntax error"],
  ["g.jsonl", '{"a":1}\n[1]\n', 2, "Expected one JSON object a line, got [1]"],
  ["h.ndjson", Buffer.from([0x7b, 0x7d, 10, 0x22, 0xff, 0x22, 10]), 2, "Expected UTF-8, got other bytes"],
])("readRows() names file and line of what is wrong in %s", async (name, content, line, problem) => {
  const failed = read(fileOf(name, content));

  await expect(failed).rejects.toMatchObject({ code: "TABLE_INVALID", details: { line } });
  await expect(failed).rejects.toThrow(`${name}, line ${line}: ${problem}`);
});

test("readRows() takes CSV with a byte order mark, bare line feeds and blank lines", async () => {
  expect(await read(fileOf("a.csv", "\uFEFFa,b\n1, 2 \n\n3,\n"))).toEqual([
    { a: "1", b: " 2 " },
    { a: "3", b: null },
  ]);
});

test("readRows() names the missing file and the unknown format", async () => {
  await expect(read("none.csv")).rejects.toThrow("Expected a file at none.csv, found none");
  await expect(read("table.xlsx")).rejects.toThrow('Expected a name ending in .jsonl, .csv, .parquet, got ".xlsx"');
});

test("readParquet() reads the wanted columns and names those that are missing", async () => {
  const file = await written(squared, "parquet");

  expect((await collected(readParquet(file, { columns: ["c", "a"] })))[2]).toEqual({ a: 2.5, c: true });
  await expect(collected(readParquet(file, { columns: ["a", "d", "e"] }))).rejects.toThrow(
    "Expected the columns d, e, got only a, b, c",
  );
});

test("readParquet() names the file that is cut short, wherever it is cut", async () => {
  const bytes = readFileSync(await written(squared, "parquet"));

  for (let end = 0; end < bytes.length; end++) {
    const failed = collected(readParquet(fileOf("short.parquet", bytes.subarray(0, end))));

    await expect(failed, `${end} bytes`).rejects.toThrow(/short.parquet/);
    await expect(failed, `${end} bytes`).rejects.toMatchObject({ name: "AssayError" });
  }
});
