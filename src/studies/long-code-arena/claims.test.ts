import { expect, test } from "vitest";
import type { MeasuredRecord } from "#base";
import { claims } from "./claims.ts";

const judge = (id: string, records: readonly MeasuredRecord[]) =>
  claims.find((claim) => claim.id === id)!.judge(records);

interface Measured {
  readonly subject?: string;
  readonly metric: string;
  readonly value: number;
  readonly half?: number;
  readonly n?: number;
  readonly setting: MeasuredRecord["setting"];
}

const record = ({ subject = "mine", metric, value, half = 0, n = 150, setting }: Measured): MeasuredRecord => ({
  subject,
  metric,
  value,
  n,
  setting,
  interval: { low: value - half, high: value + half, level: 0.95, method: "t" },
});

const recall = (variant: string, value: number, half: number, subject?: string) =>
  record({
    metric: "apiRecall",
    value,
    half,
    setting: { task: "library-codegen", variant },
    ...(subject && { subject }),
  });

test("claims: the ledger states what is usually rounded", () => {
  const statements = claims.map(({ statement }) => statement).join("\n");

  expect(statements).toContain("+5.95 for Mistral-7B");
  expect(statements).toContain("+5.65 for CodeLlama-7b");
  expect(statements).toContain("−0.88 for gpt-4-0125");
  expect(statements).toContain("this leaves out CodeLlama-70B");
});

test("claims: names help holds, fails or is undecided by the interval of the difference", () => {
  const verdict = (helped: number, half: number) =>
    judge("names-help-recall", [recall("none", 0.1, half), recall("bm25", helped, half)])[0];

  expect(verdict(0.2, 0.03)).toMatchObject({ status: "holds", evidence: expect.stringContaining("+10.00 points") });
  expect(verdict(0.0, 0.03)).toMatchObject({ status: "fails" });
  expect(verdict(0.12, 0.03)).toMatchObject({
    status: "undecided",
    needed: Math.ceil(150 * ((0.03 * Math.SQRT2) / 0.02) ** 2),
  });
});

test("claims: a control is no model, and without numbers nothing is judged", () => {
  const control = [recall("none", 0.1, 0.01, "baseline:bm25"), recall("bm25", 0.9, 0.01, "baseline:bm25")];

  expect(judge("names-help-recall", control)).toEqual([]);
  expect(judge("names-help-recall", [recall("none", 0.1, 0.01)])).toEqual([]);
  expect(judge("open-models-rarely-call-the-library", [recall("none", 0.09, 0.01)])).toMatchObject([
    { status: "holds" },
  ]);
});

test("claims: contexts are compared over all lines, and documents from each number of tokens to the next", () => {
  const line = (variant: string, value: number) =>
    record({
      metric: "exact",
      value,
      half: 1,
      setting: { task: "code-completion", variant, size: "every", lineClass: "all" },
    });
  const document = (variant: string, value: number) =>
    record({ metric: "compScore", value, half: 1, setting: { task: "module-summarization", variant } });

  expect(judge("nearest-files-help-lines", [line("none", 39), line("path-distance", 49)])).toMatchObject([
    { status: "holds" },
  ]);
  expect(judge("more-code-helps-documents", [document("512", 52.6), document("128", 45.6)])).toMatchObject([
    { status: "holds", evidence: expect.stringContaining("from 45.6 to 52.6") },
  ]);
});

test("claims: a number without an interval decides nothing, be it a share or in percent", () => {
  const without = ({ interval: _, ...rest }: MeasuredRecord): MeasuredRecord => rest;
  const setting = { task: "code-completion", size: "every", lineClass: "all" };
  const line = (variant: string, value: number) =>
    without(record({ metric: "exact", value, setting: { ...setting, variant } }));
  const shares = [recall("none", 0.1, 0), recall("bm25", 0.2, 0)].map(without);

  expect(judge("nearest-files-help-lines", [line("none", 0), line("path-distance", 20)])).toMatchObject([
    { status: "undecided" },
  ]);
  expect(judge("names-help-recall", shares)).toMatchObject([{ status: "undecided" }]);
});

test("claims: lines of the project must gain more than all lines, and not gain alone", () => {
  const lines = (lineClass: string, [from, to]: readonly [number, number]) =>
    (["none", "path-distance"] as const).map((variant, at) =>
      record({
        metric: "exact",
        value: [from, to][at]!,
        half: 1,
        setting: { task: "code-completion", variant, size: "every", lineClass },
      }),
    );
  const verdict = (own: readonly [number, number], all: readonly [number, number]) =>
    judge("project-lines-gain-most", [...lines("inproject", own), ...lines("all", all)]);

  expect(verdict([32, 49], [39, 49])).toMatchObject([
    {
      status: "holds",
      interval: { low: 5, high: 9 },
      evidence: "inproject lines gain +17.00 points and all lines +10.00, +7.00 points [+5.00, +9.00]",
    },
  ]);
  expect(verdict([32, 42], [39, 59])).toMatchObject([{ status: "fails" }]);
  expect(judge("project-lines-gain-most", lines("inproject", [32, 49]))).toEqual([]);
});

test("claims: what is said of open models is not judged of a closed one", () => {
  const closed = recall("none", 0.4, 0.01, "openai/gpt-4o");

  expect(judge("open-models-rarely-call-the-library", [closed])).toEqual([]);
});

test("claims: chat models are held to BM25 on issues with one changed file", () => {
  const setting = { task: "bug-localization", variant: "2024", language: "all" };
  const ranker = record({ subject: "baseline:bm25", metric: "recallAt1", value: 0.17, half: 0.05, setting });
  const chat = record({ metric: "recallAt1", value: 0.74, half: 0.05, setting });

  expect(judge("chat-beats-retrieval", [ranker, chat])).toMatchObject([{ subject: "mine", status: "holds" }]);
  expect(judge("chat-beats-retrieval", [chat])).toEqual([]);
});

test("claims: a control that misses its number fails, and says which", () => {
  const control = (value: number) =>
    record({
      subject: "baseline:oracle",
      metric: "map",
      value,
      setting: { task: "bug-localization", language: "all" },
    });

  expect(judge("control-oracle-is-perfect", [control(1)])).toMatchObject([{ status: "holds" }]);
  expect(judge("control-oracle-is-perfect", [control(0.9)])).toMatchObject([
    { status: "fails", evidence: expect.stringContaining("first map 0.9 of bug-localization") },
  ]);
});
