/** Held to the authors' own files and to the answers of their scripts, which lie outside the repository. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderPrompt } from "./prompt.ts";
import { readResponses } from "./responses.ts";
import { scoreFile } from "./score-file.ts";
import { scoreSample } from "./scorer.ts";

const folder = join(process.env.ASSAY_SHARED ?? "../shared", "data/mmneedle");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

describe.skipIf(!existsSync(folder))("with the authors' files in ASSAY_SHARED", () => {
  test("renderPrompt() writes the official words in all fourteen rendered settings", () => {
    const rendered: { M: number; N: number; captions: string[]; prompt: string }[] = JSON.parse(
      read("prompts_golden.json"),
    );

    const ours = rendered.map(({ M, N, captions }) => renderPrompt({ pictures: M, side: N, captions }));

    expect(rendered).toHaveLength(14);
    expect(ours).toEqual(rendered.map(({ prompt }) => prompt));
  });

  test("scoreSample() agrees with evaluate.py on every single-needle string", () => {
    const cases: SingleCase[] = JSON.parse(read("scorer_edge_cases_golden.json")).single;

    const ours = cases.map(({ ground_truth: truth, response }) => scoreSample({ needles: 1, truth, response }));

    expect(cases).toHaveLength(63);
    expect(ours).toEqual(cases.map(expectedSingle));
  });

  test("scoreFile() prints what evaluate_multi.py prints for every multi-needle string", () => {
    const cases: MultiCase[] = JSON.parse(read("scorer_edge_cases_golden.json")).multi;

    const ours = cases.map(({ ground_truth: truth, response }) =>
      scoreFile([{ id: 0, needles: truth.split("; ").length, truth, response }]),
    );

    expect(cases).toHaveLength(70);
    for (const [at, official] of cases.entries())
      expect(printedBy(ours[at]!.metrics), official.response).toEqual(percentages(official));
  });

  test("scoreFile() prints what evaluate.py prints for four files of a thousand answers", () => {
    const files: Record<string, unknown[]> = JSON.parse(read("simulated_runs.json"));
    const official: Record<string, Record<string, number>> = JSON.parse(read("simulated_runs_official_scores.json"));

    const ours = Object.entries(files).map(([name, entries]) => {
      const { metrics, empty } = scoreFile(readResponses(JSON.stringify(entries), name));
      return [name, { ...printedBy(metrics), "Empty ids": empty }];
    });

    expect(Object.fromEntries(ours)).toEqual(official);
  });
});

interface SingleCase {
  readonly ground_truth: string;
  readonly response: string | null;
  readonly skipped?: true;
  readonly exist: boolean;
  readonly index: boolean | null;
  readonly exact: boolean | null;
}

type MultiCase = { readonly ground_truth: string; readonly response: string };

const expectedSingle = ({ skipped, exist, index, exact }: SingleCase) =>
  skipped
    ? null
    : {
        existence: Number(exist),
        index: index === null ? null : Number(index),
        exact: exact === null ? null : Number(exact),
      };

const percentages = ({ ground_truth: _truth, response: _response, ...printed }: MultiCase) => printed;

const printedNames: Readonly<Record<string, string>> = {
  existence: "Exist accuracy",
  index: "Index accuracy",
  exact: "Exact accuracy",
  firstIndex: "First index accuracy",
  firstExact: "First exact accuracy",
  allIndex: "All index accuracy",
  allExact: "All exact accuracy",
};

const printedBy = (metrics: ReturnType<typeof scoreFile>["metrics"]) =>
  Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [printedNames[name], value]));
