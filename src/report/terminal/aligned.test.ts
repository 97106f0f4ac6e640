import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { alignedTable } from "./aligned.ts";

const widestLine = (table: string): number => Math.max(...table.split("\n").map((line) => stringWidth(line)));

test("alignedTable() aligns names left and numbers right, counting what a terminal shows", () => {
  const table = alignedTable(
    ["model", "exact"],
    [
      ["模型", "97.1"],
      ["é-small", "3"],
    ],
  );

  expect(table.split("\n")).toEqual(["model    exact", "───────  ─────", "模型      97.1", "é-small      3"]);
});

test("alignedTable() puts numbers below each other whether an interval follows or not", () => {
  const table = alignedTable(
    ["subject", "exact"],
    [
      ["Famous", "86.09"],
      ["mine", "7.50 [5.00, 10.00]"],
      ["other", "–"],
    ],
  );

  expect(table.split("\n").slice(2)).toEqual(["Famous   86.09", "mine      7.50 [5.00, 10.00]", "other        –"]);
});

const wide = { header: ["subject", "N=2", "N=4", "N=2", "N=4"], rows: [["mine", "1.00", "2.00", "3.00", "4.00"]] };
const spans = [
  { label: "one picture", columns: 2 },
  { label: "ten pictures", columns: 2 },
];

test("alignedTable() draws a heading over the columns that it spans", () => {
  const table = alignedTable(wide.header, wide.rows, { spans });

  expect(table.split("\n")).toEqual([
    "         one picture  ten pictures",
    "subject   N=2    N=4   N=2     N=4",
    "───────  ────  ─────  ────  ──────",
    "mine     1.00   2.00  3.00    4.00",
  ]);
});

test("alignedTable() goes on below with what it spans together and the names repeated", () => {
  const table = alignedTable(wide.header, wide.rows, { spans, width: 24 });

  expect(table.split("\n\n").map((block) => block.split("\n").map((line) => line.replace(/ +/g, " ")))).toEqual([
    [" one picture", "subject N=2 N=4", "─────── ──── ─────", "mine 1.00 2.00"],
    [" ten pictures", "subject N=2 N=4", "─────── ──── ──────", "mine 3.00 4.00"],
  ]);
});

test("alignedTable() repeats a heading over each part of what it spans where all of it fits nowhere", () => {
  const header = ["subject", "first", "second", "third"];
  const cells = ["50.00 [40.00, 60.00]", "51.00 [40.00, 60.00]", "52.00 [40.00, 60.00]"];

  const table = alignedTable(header, [["mine", ...cells]], { spans: [{ label: "exact", columns: 3 }], width: 60 });

  expect(table.match(/exact/g)).toHaveLength(2);
  for (const cell of cells) expect(table.split(cell)).toHaveLength(2);
  expect(widestLine(table)).toBeLessThanOrEqual(60);
});

test("alignedTable() breaks headings and names before it goes on below", () => {
  const header = ["subject", "kept of its neighbours"];

  const table = alignedTable(header, [["a model with a long name", "50.00"]], { width: 28 });

  expect(table.split("\n")).toEqual([
    "                     kept of",
    "                         its",
    "subject           neighbours",
    "────────────────  ──────────",
    "a model with a         50.00",
    "  long name",
  ]);
});

test("alignedTable() breaks long names where that makes the table shorter, and goes on with the next row at the left", () => {
  const names = ["edited in one language, asked in another", "edited in all languages at once, asked in each"];
  const rows = names.map((name, at) => [name, `0.${at}1 [0.00, 1.00]`, `0.${at}2 [0.00, 1.00]`]);

  const table = alignedTable(["subject", "first", "second"], rows, { width: 64 });

  expect(table.split("\n").slice(2)).toEqual([
    "edited in one language,     0.01 [0.00, 1.00]  0.02 [0.00, 1.00]",
    "  asked in another",
    "edited in all languages at  0.11 [0.00, 1.00]  0.12 [0.00, 1.00]",
    "  once, asked in each",
  ]);
});

test("alignedTable() puts a long text on several lines beside what it belongs to", () => {
  const text = "what a person should know of it, in more words than a line has room for";

  const table = alignedTable(["what", "found", ""], [["memory", "[B, T, C]", text]], { width: 50 });

  expect(
    table
      .split("\n")
      .slice(2)
      .map((line) => line.slice(0, 19)),
  ).toEqual(["memory  [B, T, C]  ", "                   ", "                   "]);
  expect(widestLine(table)).toBeLessThanOrEqual(50);
});

test("alignedTable() repeats as many columns as say what a row is about", () => {
  const header = ["subject", "setting", "value", "interval"];

  const table = alignedTable(header, [["mine", "side=2", "50.0000000000", "[40.00, 60.00]"]], { names: 2, width: 32 });

  expect(table.match(/mine {5}side=2/g)).toHaveLength(2);
});

test("alignedTable() of no rows and of no columns is a heading and nothing", () => {
  expect(alignedTable(["a", "b"], [])).toBe("a  b\n─  ─");
  expect(alignedTable([], []).trim()).toBe("");
});

/** Latin letters, wide characters, combining marks, an emoji of several code points, spaces. */
const word = fc
  .array(fc.constantFrom("a", "Z", "模", "e\u0301", "ก\u0e49", "👩‍👩‍👧", "-"), { minLength: 1, maxLength: 9 })
  .map((letters) => letters.join(""));
const number = fc.tuple(fc.double({ min: -999, max: 999, noNaN: true }), fc.boolean()).map(([value, hasInterval]) => {
  const text = value.toFixed(2);
  return hasInterval ? `${text} [${text}, ${text}]` : text;
});
const phrase = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));

const anyTable = fc.integer({ min: 1, max: 9 }).chain((columns) =>
  fc.record({
    header: fc.array(phrase, { minLength: columns + 1, maxLength: columns + 1 }),
    rows: fc.array(fc.tuple(phrase, fc.array(fc.oneof(number, phrase), { minLength: columns, maxLength: columns })), {
      minLength: 1,
      maxLength: 5,
    }),
    spans: fc.array(fc.record({ label: phrase, columns: fc.integer({ min: 1, max: 3 }) }), { maxLength: 3 }),
    width: fc.integer({ min: 12, max: 130 }),
  }),
);

test("alignedTable() fits any width, and shows every cell once, names in each part, and nothing else", () => {
  fc.assert(
    fc.property(anyTable, ({ header, rows, spans, width }) => {
      const cells = rows.map(([name, values]) => [name, ...values]);
      const withinSpans = spans.filter((_, at) => columnsBefore(spans, at + 1) < header.length);

      const table = alignedTable(header, cells, { width, spans: withinSpans });

      const blocks = table.split("\n\n").length;
      const labels = withinSpans.map(({ label }) => label);
      const names = [header[0]!, ...cells.map(([name]) => name!)];
      const once = [...header.slice(1), ...cells.flatMap((row) => row.slice(1))];
      expect(widestLine(table)).toBeLessThanOrEqual(width);
      const shown = countsOf([table]);
      const expected = countsOf([...once, ...Array.from({ length: blocks }, () => names).flat(), ...labels]);
      for (const [character, count] of expected) expect(shown.get(character)).toBeGreaterThanOrEqual(count);
      if (labels.length === 0) expect(shown).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});

const columnsBefore = (spans: readonly { readonly columns: number }[], at: number): number =>
  spans.slice(0, at).reduce((sum, { columns }) => sum + columns, 0);

/** How often each character stands in some texts, but for spaces and rules. */
function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const character of [...texts.join("")].filter((one) => !/[\s─]/.test(one)).toSorted()) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return counts;
}

test("alignedTable() breaks no cell that fits beside its name", () => {
  fc.assert(
    fc.property(anyTable, ({ header, rows, width }) => {
      const cells = rows.map(([name, values]) => [name, ...values]);
      const room = width - 2 - Math.max(2, Math.floor(width / 3));

      const table = alignedTable(header, cells, { width });

      for (const cell of cells.flatMap((row) => row.slice(1)).filter((one) => /^-?\d+\.\d\d$/.test(one))) {
        if (stringWidth(cell) <= room) expect(table).toContain(cell);
      }
    }),
  );
});
