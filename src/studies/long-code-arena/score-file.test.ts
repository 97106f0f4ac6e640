import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nestedParquet } from "./parquet-double.ts";
import { scoreFile } from "./score-file.ts";

const scored = (lines: readonly object[], task: string, more: Record<string, string> = {}) =>
  scoreFile({ name: "answers.jsonl", text: lines.map((line) => JSON.stringify(line)).join("\n") }, { task, ...more });

test("scoreFile() of library-codegen reads code and calls, and scores what it is given to score by", async () => {
  const lines = [
    { answer: "```python\ndraw(1)\n```", reference: "draw(1)", apis: ["draw", "show"] },
    { answer: "draw(" },
    { answer: null, reference: "draw(1)", apis: ["draw"] },
  ];

  const { metrics, perSample, empty } = await scored(lines, "library-codegen");

  expect(perSample).toEqual([
    { code: "draw(1)", called: ["draw"], chrf: 1, apiRecall: 0.5 },
    { code: "draw(", called: expect.any(Array) },
    null,
  ]);
  expect(metrics.chrf).toEqual({ value: 0.5, n: 2 });
  expect(metrics.apiRecall).toEqual({ value: 0.25, n: 2 });
  expect(empty).toBe(1);
});

/** An official file of 150 tasks, whose reference and name depend on the row. */
function officialFolder(reference: (at: number) => string): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-arena-"));
  const rows = Array.from({ length: 150 }, (_, at) => ({
    repo_full_name: "a/b",
    instruction: "Do",
    clean_reference: reference(at),
    unique_apis: ["f"],
    project_defined_elements: ["f"],
  }));
  writeFileSync(join(folder, "test.parquet"), nestedParquet(rows));
  return folder;
}

test("scoreFile() judges lines by the official rows that they name, and refuses means that are not the released ones", async () => {
  const data = officialFolder((at) => `f(${at})`);
  const answers = (model: string) => Array.from({ length: 150 }, (_, index) => ({ model, index, raw: `f(${index})` }));

  const { metrics } = await scored(answers("mine"), "library-codegen", { data });

  expect(metrics["mine chrf"]).toEqual({ value: 1, n: 150 });
  await expect(scored([{ model: "mine", index: 150, raw: "" }], "library-codegen", { data })).rejects.toMatchObject({
    code: "ANSWERS_INVALID",
    message: "answers.jsonl, line 1: Expected the index of one of 150 rows, got 150",
  });
  await expect(scored(answers("gpt-4-0125-preview"), "library-codegen", { data })).rejects.toMatchObject({
    code: "RELEASED_MEANS_DIFFER",
    message: expect.stringContaining("0.40844967687482303"),
  });
});

test("scoreFile() of ci-repair counts outcomes by difficulty, and an unknown conclusion as invalid", async () => {
  const jobs = [
    { id: 1, difficulty: 1, conclusion: "success" },
    { id: 2, difficulty: 1, conclusion: "skipped" },
    { id: 3, difficulty: 2 },
  ];

  const { metrics } = await scored(jobs, "ci-repair");

  expect(metrics.passRate!.value).toBeCloseTo(100 / 3, 9);
  expect(metrics["difficulty 1 passRateOfFinished"]).toEqual({ value: 100, n: 1 });
  expect(metrics.invalid!.value + metrics.waiting!.value).toBe(2);
});

test("scoreFile() reads the authors' logs of completion and messages", async () => {
  const lines = [
    { prediction_line: "x = 1", ground_truth: "  x = 1", line_class: "infile" },
    { prediction_line: "y", ground_truth: "z", line_class: "random" },
  ];
  const messages = [{ prediction: "Add x", reference: "Add x", hash: "1", repo: "a" }];

  const [completed, written] = [await scored(lines, "code-completion"), await scored(messages, "commit-messages")];

  expect(completed.metrics["all exactLines"]).toEqual({ value: 50, n: 2 });
  expect(completed.metrics["infile exact"]).toEqual({ value: 100, n: 1 });
  expect(written.metrics.chrf).toEqual({ value: 100, n: 1 });
});

test("scoreFile() of bug-localization reads replies by the profile's rules", async () => {
  const lines = [
    { answer: '{"files": ["a.py"]}', truth: ["a.py"] },
    { answer: "a.py", truth: ["a.py"] },
  ];

  const [paper, since] = [
    await scored(lines, "bug-localization"),
    await scored(lines, "bug-localization", { profile: "2025" }),
  ];

  expect(paper.metrics.map).toEqual({ value: 1, n: 2 });
  expect(since.metrics.f1).toEqual({ value: 0.5, n: 2 });
  expect(since.metrics.unread).toEqual({ value: 1, n: 2 });
});

test("scoreFile() of bug-localization reads an enormous answer in the time of its length", async () => {
  const answers = ["a".repeat(300_000), `\`\`\`json${"\n".repeat(300_000)}`, "{".repeat(300_000), "[".repeat(300_000)];
  const lines = answers.map((answer) => ({ answer, truth: ["a.py"] }));

  for (const profile of ["2024", "2025", "lenient"]) {
    const { metrics } = await scored(lines, "bug-localization", { profile });

    expect(metrics.unread!.n).toBe(4);
  }
}, 20_000);

test("scoreFile() says which task, which setting and which line it cannot use", async () => {
  await expect(scored([{}], "library-codgen")).rejects.toMatchObject({
    code: "TASK_MISSING",
    message: expect.stringContaining('did you mean "library-codegen"'),
  });
  await expect(scored([{}], "library-codegen", { dat: "x" })).rejects.toMatchObject({ code: "UNKNOWN_SETTING" });
  await expect(scored([{ answer: 1 }], "library-codegen")).rejects.toMatchObject({
    code: "ANSWERS_INVALID",
    message: 'answers.jsonl, line 1: Expected text or null under "answer", got 1',
  });
  await expect(scored([], "library-codegen")).rejects.toMatchObject({ code: "ANSWERS_INVALID" });
});

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data/long-code-arena");
const read = (name: string): string => readFileSync(join(shared, name), "utf8");

describe.skipIf(!existsSync(shared))("with the released answers in ASSAY_SHARED", () => {
  test("scoreFile() reads the 1,800 released answers, of which 387 are not valid Python", async () => {
    const name = "libgen_model_outputs.jsonl";

    const { metrics, perSample } = await scoreFile({ name, text: read(name) }, { task: "library-codegen" });

    const errors = Object.entries(metrics).filter(([metric]) => metric.endsWith(" syntaxError"));
    expect(perSample).toHaveLength(1800);
    expect(errors).toHaveLength(12);
    expect(errors.reduce((sum, [, { value, n }]) => sum + value * n, 0)).toBeCloseTo(387, 6);
  }, 60_000);

  test("scoreFile() counts the released jobs: 150 successes, 44 failures, one that waits and 12 invalid ones", async () => {
    const names = ["ci_jobs_results.jsonl", "ci_jobs_awaiting.jsonl", "ci_jobs_invalid.jsonl"];

    const files = await Promise.all(names.map((name) => scoreFile({ name, text: read(name) }, { task: "ci-repair" })));

    const counts = files.map(({ metrics }) =>
      ["success", "failure", "waiting", "invalid"].map((outcome) => metrics[outcome]!.value),
    );
    expect(counts).toEqual([
      [150, 44, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 12],
    ]);
    const [results] = files;
    expect([0, 1, 2, 3].map((one) => results!.metrics[`difficulty ${one} success`]!.value)).toEqual([3, 79, 53, 15]);
  });
});
