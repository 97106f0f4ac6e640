import { createHash } from "node:crypto";
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import type { Report } from "../report.ts";
import { reportDouble, sampleDouble, tableDouble } from "../report-double.ts";
import { renderHtml } from "./document.ts";

/** Any 16-bit units in a row: control characters and lone surrogates among them. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

const render = (report: Report) => [...renderHtml(report)].join("");
const parse = (report: Report) => parseHTML(render(report)).document;
const textOf = (report: Report, selector: string) =>
  [...parse(report).querySelectorAll(selector)].map(({ textContent }) => textContent?.replace(/\s+/g, " ").trim());

test("renderHtml() shows run, verdicts, tables, samples, remarks and data in this order", () => {
  const sections = [...parse(reportDouble()).querySelectorAll("main > section")].map(({ id }) => id);

  expect(sections).toEqual(["run", "verdicts", "tables", "samples", "remarks", "numbers"]);
});

test("renderHtml() says of a verdict by sign and word what came, and what would decide", () => {
  expect(textOf(reportDouble(), ".verdict .status")).toEqual(["? undecided"]);
  expect(textOf(reportDouble(), ".verdict .needed")).toEqual(["About 1,200 samples would decide."]);
  expect(textOf(reportDouble(), ".verdict .facts")).toEqual([
    "95 % interval 40.00 to 60.00 (Wilson) · n = 100 · 1 seed",
  ]);
});

test("renderHtml() links a measured cell to its group only when the report holds that group", () => {
  const linked = parse(reportDouble()).querySelector(".measured td a")!;
  const alone = parse(reportDouble({ groups: [] })).querySelector(".measured td a");

  expect(linked.getAttribute("href")).toBe("#group-M1_2f_N2");
  expect(alone).toBeNull();
});

test("renderHtml() keeps rows that stand apart out of the paper's, with the reason and their kind", () => {
  expect(textOf(reportDouble(), ".measured tr th")).toEqual(["mine api"]);
  expect(textOf(reportDouble(), ".apart tr:not(.divider) th")).toEqual(["baseline:random1 control"]);
  expect(textOf(reportDouble(), ".reasons li")).toEqual(["baseline:random stands apart: a control, not a model"]);
});

test("renderHtml() heads the first column with what its rows are", () => {
  const report = reportDouble({ tables: [tableDouble({ rowLabel: "edit" }), tableDouble()] });

  const heads = textOf(report, ".table thead th:first-child");

  expect(heads).toEqual(["Edit", "Subject"]);
});

test("renderHtml() prints as many decimals as the paper and puts its headings over the columns", () => {
  const report = reportDouble({ tables: [tableDouble({ decimals: 1, spans: [{ label: "M=1", columns: 2 }] })] });

  expect(textOf(report, ".table tbody tr:first-child td").slice(0, 2)).toEqual(["86.1", "–"]);
  expect(textOf(report, ".spans th")).toEqual(["M=1"]);
});

test("renderHtml() shows null as no answer and counts outcomes on its buttons", () => {
  expect(textOf(reportDouble(), ".answer.none .said")).toEqual(["no answer"]);
  expect(textOf(reportDouble(), ".group .filters button")).toEqual([
    "all 3",
    "✓ right 1",
    "✗ wrong 1",
    "∅ no answer 1",
  ]);
  expect(textOf(reportDouble(), ".group .count")).toEqual(["3 of 10 shown"]);
});

test("renderHtml() holds its numbers as JSON that no text can end, with their hash", () => {
  const data = parse(reportDouble({ title: "</script>" })).querySelector("#data")!;

  const text = data.textContent ?? "";
  expect(JSON.parse(text)).toMatchObject({ title: "</script>", tables: [{ id: "table-2" }], groups: [{ shown: 3 }] });
  expect(data.getAttribute("data-sha256")).toBe(createHash("sha256").update(text).digest("hex"));
});

test("renderHtml() links only to addresses of the web", () => {
  const paper = { ...reportDouble().paper, link: "javascript:alert(1)" };

  expect(render(reportDouble({ paper }))).not.toContain('href="javascript:');
});

test("renderHtml() stores a question's pictures once, and none of a kind that could run", () => {
  const pictures = (mediaType: string) => [{ title: "p", mediaType, bytes: new Uint8Array([1, 2, 3]) }];
  const samples = ["a", "b"].map((subject) => sampleDouble("1", { subject, pictures: pictures("image/png") }));
  const drawn = sampleDouble("2", { pictures: pictures("image/svg+xml") });

  const document = parse(reportDouble({ groups: [{ id: "g", title: "g", total: 3, samples: [...samples, drawn] }] }));

  const sources = [...document.querySelectorAll("img")].map((image) => image.getAttribute("src"));
  expect(sources).toEqual(["data:image/png;base64,AQID"]);
});

test("renderHtml() lets no text of subjects, samples or settings become markup", () => {
  const nasty = fc.oneof(
    anyText,
    fc.constantFrom(
      "</script><script>alert(1)</script>",
      "\u202e<b>",
      "\ud800<!--",
      "' onclick='x",
      '"><svg onload=x>',
    ),
  );
  const plain = shape(render(hostile("x")));

  fc.assert(
    fc.property(nasty, (text) => {
      expect(shape(render(hostile(text)))).toEqual(plain);
    }),
    { numRuns: 60 },
  );
});

/** The page's elements in order: text that became markup would change them. */
function shape(page: string): string[] {
  const { document } = parseHTML(page);
  return [...document.querySelectorAll("*")].map(({ localName, attributes }) =>
    [localName, ...[...attributes].map(({ name }) => name)].join(" "),
  );
}

function hostile(text: string): Report {
  const { run, paper, verdicts } = reportDouble();
  const sample = sampleDouble(`1${text}`, { subject: `s${text}`, answer: `a${text}`, prompt: text, truth: text });
  const [row] = tableDouble().measured;
  return reportDouble({
    title: text,
    question: text,
    paper: { ...paper, title: text, authors: text },
    remarks: [text],
    run: { ...run, id: text, subjects: [{ name: text, kind: `k${text}` }], settings: { value: `v${text}` } },
    verdicts: [{ ...verdicts[0]!, evidence: text, statement: text, missing: [text] }],
    tables: [tableDouble({ title: text, measured: [{ ...row!, subject: text, apart: [text] }] })],
    groups: [{ id: text, title: text, total: 1, samples: [{ ...sample, score: { [`m${text}`]: 1 } }] }],
  });
}
