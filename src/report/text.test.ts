import stringWidth from "string-width";
import { expect, test } from "vitest";
import { reportDouble, tableDouble } from "./report-double.ts";
import { reportText, tableText, verdictsText } from "./text.ts";

test("tableText() puts measured rows below the published ones and says why one stands apart", () => {
  const cell = { value: 50, n: 100, interval: { low: 40, high: 60, level: 0.95, method: "Wilson" } };
  const row = { kind: "api", cells: [cell] };

  const text = tableText({
    id: "t",
    title: "One needle",
    source: "Table 2",
    certainty: "read in the paper",
    unit: "%",
    columns: ["N=2"],
    published: [{ subject: "Famous", cells: [null] }],
    measured: [
      { ...row, subject: "mine", apart: [] },
      { ...row, subject: "other", apart: ["data differs from the paper's"] },
    ],
  });

  expect(text).toBe(
    [
      "One needle (%; Table 2, read in the paper)",
      "subject                     N=2",
      "─────────  ────────────────────",
      "Famous         –",
      "▶ mine     50.00 [40.00, 60.00]",
      "other [1]  50.00 [40.00, 60.00]",
      "  [1] stands apart: data differs from the paper's",
    ].join("\n"),
  );
});

test("tableText() says what its rows are, where they are no subjects", () => {
  expect(tableText(tableDouble({ rowLabel: "edit" }))).toMatch(/^edit +/m);
});

test("tableText() goes on below when the terminal is narrow, and repeats who it is about", () => {
  const text = tableText(tableDouble({ columns: ["first", "second"], spans: [{ label: "M=1", columns: 2 }] }), {
    width: 44,
  });

  const heads = text.split("\n").filter((line) => line.startsWith("subject"));
  expect(text.match(/M=1/g)).toHaveLength(2);
  expect(heads.map((line) => line.replace(/ +/g, " "))).toEqual(["subject first", "subject second"]);
  expect(Math.max(...text.split("\n").map((line) => stringWidth(line)))).toBeLessThanOrEqual(44);
});

test("reportText() leaves details to the page, and says how many there are", () => {
  const tables = [tableDouble({ title: "Main" }), tableDouble({ title: "Fine print", isDetail: true })];

  const text = reportText({ verdicts: [], tables, remarks: [] });

  expect(text).toContain("Main");
  expect(text).not.toContain("Fine print");
  expect(text).toContain("1 more table stands in the report and in --json.");
});

test("verdictsText() says sign, status, claim, what decided, and what would", () => {
  const { verdicts } = reportDouble();
  const second = { ...verdicts[0]!, claim: "c2", status: "not testable here", missing: ["a second seed"] } as const;
  const { subject: _, interval: __, n: ___, seeds: ____, needed: _____, ...untestable } = second;

  expect(verdictsText([...verdicts, untestable])).toBe(
    [
      "? undecided          c1 · mine",
      "    52 % of 100",
      "    95 % interval 40.00 to 60.00 (Wilson) · n = 100 · 1 seed",
      "    about 1,200 samples would decide",
      "– not testable here  c2",
      "    52 % of 100",
      "    missing: a second seed",
    ].join("\n"),
  );
});

test("reportText() lets no name, number of lines or answer steer the terminal", () => {
  const nasty = "\u001b[2Jred\u0007\nline\u009b1m\u202e";
  const { verdicts, tables } = reportDouble();
  const [row] = tables[0]!.measured;

  const text = reportText({
    verdicts: [{ ...verdicts[0]!, claim: nasty, subject: nasty, evidence: nasty }],
    tables: [
      tableDouble({ title: nasty, columns: [nasty, nasty], measured: [{ ...row!, subject: nasty, apart: [nasty] }] }),
    ],
    remarks: [nasty],
  });

  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text.split("\n").length).toBe(
    reportText({ verdicts, tables: [tableDouble({ measured: [{ ...row!, apart: ["x"] }] })], remarks: ["x"] }).split(
      "\n",
    ).length,
  );
});
