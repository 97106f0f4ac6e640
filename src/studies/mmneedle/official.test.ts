/** Held to the authors' own files and to the answers of their scripts, which lie outside the repository. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildHaystacks } from "./haystacks.ts";
import { sampleMosaics } from "./mosaics.ts";
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

  test.each([2, 4, 8])("placeNeedles() draws the 5,000 official positions of M = 1, N = %i", (side) => {
    const official: Annotation[] = JSON.parse(read(`annotations_1_${side}_${side}.json`));

    const ours = buildHaystacks({ sources: pictures(40_504), pictures: 1, side, needles: 1 });

    const positions = official
      .slice(0, 5000)
      .map(({ index, row, col }) => [{ picture: index + 1, row: row + 1, column: col + 1 }]);
    expect(positions).toHaveLength(5000);
    expect([...ours].slice(0, 5000).map(({ places }) => places)).toEqual(positions);
  });

  test("sampleMosaics() draws the 40,000 official cells of N = 2, but for the names on the authors' disk", () => {
    const official: Record<string, Record<string, string>> = JSON.parse(read("2_2.json"));

    const ours = sampleMosaics({ sources: pictures(40_504), side: 2, count: 10_000, seed: 0 });

    const theirs = Object.values(official).flatMap((mosaic) => Object.values(mosaic));
    const nameOf = new Map([...ours.cells].map((slot, at) => [slot, theirs[at]]));
    expect(theirs).toHaveLength(40_000);
    expect([...ours.cells].map((slot) => nameOf.get(slot))).toEqual(theirs);
    expect(nameOf.size).toBe(25_393);
    expect(new Set(nameOf.values()).size).toBe(25_393);
  });
});

interface Annotation {
  readonly index: number;
  readonly row: number;
  readonly col: number;
}

const pictures = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${String(at).padStart(6, "0")}.jpg`);

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
