import type { Report, ReportedVerdict, SampleGroup, ShownSample } from "./report.ts";
import type { ComparedTable } from "./table.ts";

/** A report with one of everything, for tests. */
export function reportDouble(parts: Partial<Report> = {}): Report {
  return {
    title: "Needles in haystacks",
    paper: { title: "A paper", authors: "A. Author", venue: "Venue 2025", link: "https://example.org/paper" },
    question: "Does it find the photo?",
    run: {
      id: "run-1",
      createdAt: "2026-03-01T14:05:00.000Z",
      preset: "mini",
      seed: 7,
      resultHash: "abc123",
      subjects: [
        { name: "mine", kind: "api" },
        { name: "baseline:random", kind: "control" },
      ],
      settings: { side: [2, 4], sampling: { maxTokens: 300 } },
      hashes: { data: "d1", code: "c1" },
    },
    verdicts: [verdictDouble],
    tables: [tableDouble()],
    figures: [],
    groups: [groupDouble()],
    remarks: ["Pictures are synthetic."],
    ...parts,
  };
}

const verdictDouble: ReportedVerdict = {
  claim: "c1",
  subject: "mine",
  status: "undecided",
  evidence: "52 % of 100",
  n: 100,
  seeds: 1,
  needed: 1200,
  statement: "It finds more than half",
  place: "Table 2",
  interval: { low: 40, high: 60, level: 0.95, method: "Wilson" },
};

const groupDouble = (): SampleGroup => ({
  id: "M1/N2",
  title: "One picture, 2 × 2",
  total: 10,
  decides: "exact",
  samples: [
    sampleDouble("M1/N2/0001", { answer: "1, 1, 2", score: { exact: 1, index: 1 } }),
    sampleDouble("M1/N2/0002", { answer: "1, 2, 2", score: { exact: 0, index: 1 } }),
    sampleDouble("M1/N2/0003", { answer: null, score: { exact: 0, index: 0 } }),
  ],
});

/** A table with a published row, a row that joined it and one that stands apart. */
export function tableDouble(parts: Partial<ComparedTable> = {}): ComparedTable {
  const interval = { low: 40, high: 60, level: 0.95, method: "Wilson" };
  const cells = [{ value: 50, n: 1234, interval, group: "M1/N2" }, null];
  return {
    id: "table-2",
    title: "One needle",
    source: "Table 2",
    certainty: "read in the paper",
    unit: "%",
    columns: ["N=2", "N=4"],
    published: [{ subject: "Famous", cells: [86.09, null] }],
    measured: [
      { subject: "mine", kind: "api", cells, apart: [] },
      { subject: "baseline:random", kind: "control", cells, apart: ["a control, not a model"] },
    ],
    ...parts,
  };
}

/** One answered question. */
export function sampleDouble(id: string, parts: Partial<ShownSample> = {}): ShownSample {
  return {
    id,
    subject: "mine",
    prompt: "Where is it?",
    pictures: [],
    truth: "1, 1, 2",
    answer: "",
    score: {},
    ...parts,
  };
}
