import { expect, test } from "vitest";
import type { AnsweredSample } from "#runs";
import { localizationRecords, localizationScorer } from "./bug-localization/measures.ts";
import { gainRecords, type LineTruth, lineOf, lineRecords, lineScorer } from "./code-completion/measures.ts";
import { messageRecords, messageScorer } from "./commit-messages/measures.ts";
import { failureOf, isRefusal } from "./failures.ts";
import { libraryScorer } from "./library-codegen/measures.ts";
import { recallMoves } from "./library-codegen/released.ts";
import { documentScorer, judgedRecords } from "./module-summarization/measures.ts";
import { meanOf, type Recording } from "./records.ts";

const same = { data: "d", prompt: "p", split: "s", scorer: "c", settings: "t" };

const recording = (task: Recording["task"]): Recording => ({
  task,
  subject: "s",
  variant: "v",
  group: `${task}/v`,
  comparability: same,
});

const answered = <Truth extends { [key: string]: never } | object>(
  text: string | null,
  { truth, score, sample = "x", repeat = 0 }: { truth: Truth; score: object; sample?: string; repeat?: number },
) => ({ text, truth, score, sample, repeat }) as unknown as AnsweredSample<never>;

const measured = (records: readonly { metric: string; value: number | null }[], metric: string) =>
  records.find((record) => record.metric === metric)?.value;

test("libraryScorer() gives all points to the reference, and counts calls in broken code too", async () => {
  const score = await libraryScorer(["python"]);
  const truth = { reference: "box = draw(1)\nbox.show()", apis: ["draw", "show"], language: "python" as const };

  expect(score(truth.reference, truth)).toMatchObject({ chrf: 1, apiRecall: 1, syntaxError: 0, missing: 0 });
  expect(score("```python\ndraw(1)\nx = (\n", truth)).toMatchObject({ apiRecall: 0.5, syntaxError: 1, unparsed: 0 });
  expect(score("I'm sorry, but I can't do that.", truth)).toMatchObject({ apiRecall: 0, refused: 1, syntaxError: 0 });
  expect(score(null, truth)).toMatchObject({ chrf: 0, apiRecall: 0, missing: 1 });
});

test("recallMoves() has what is usually rounded: +5.95, +5.65 and −0.88 points", () => {
  const moves = Object.fromEntries(recallMoves().map(({ model, points }) => [model, points.toFixed(2)]));

  expect(moves["mistralai/Mistral-7B-Instruct-v0.3"]).toBe("5.95");
  expect(moves["codellama/CodeLlama-7b-Instruct-hf"]).toBe("5.65");
  expect(moves["gpt-4-0125-preview"]).toBe("-0.88");
});

test("lineOf() takes the first line that was written, also out of a code block", () => {
  expect(lineOf("\n  return x\nmore")).toBe("  return x");
  expect(lineOf("```python\nreturn x\n```")).toBe("return x");
  expect(lineOf("```ts\n  return x;\n  more();\n```\nDone.")).toBe("  return x;");
  expect(lineOf("```\nreturn x")).toBe("return x");
  expect(lineOf("```return x```")).toBe("return x");
  expect(lineOf("\r\nreturn x\r\n")).toBe("return x");
});

const line = (file: string, hit: number, lineClass: LineTruth["lineClass"] = "infile") =>
  answered<LineTruth>(hit ? "x" : "y", {
    truth: { line: "x", lineClass, file },
    score: { exact: hit, editSimilarity: 100 * hit },
  });

test("lineRecords() averages over files and over lines, and names which", () => {
  const answers = [line("a", 1), line("b", 0), line("b", 0), line("b", 1, "random")];

  const records = lineRecords(answers, recording("code-completion"));

  const all = records.filter(({ setting }) => setting.lineClass === "all");
  expect(measured(all, "exact")).toBeCloseTo(100 * (1 + 1 / 3) * 0.5, 9);
  expect(measured(all, "exactLines")).toBe(50);
  expect(records.filter(({ setting }) => setting.lineClass === "random").map(({ n }) => n)).toEqual([1, 1, 1]);
});

test("gainRecords() counts files that a context raised, lowered and left alone", () => {
  const alone = [line("a", 0), line("b", 1), line("c", 1)];

  const records = gainRecords([line("a", 1), line("b", 0), line("c", 1)], alone, recording("code-completion"));

  expect(records.map(({ metric, value, n }) => [metric, value, n])).toEqual([
    ["filesRaised", 1, 3],
    ["filesLowered", 1, 3],
    ["filesKept", 1, 3],
  ]);
});

test("lineScorer() trims both sides and counts an empty answer as missing", async () => {
  const score = await lineScorer();
  const truth = { line: "  return x", lineClass: "infile", file: "f" } as const;

  expect(score("\nreturn x  \nmore", truth)).toMatchObject({ exact: 1, missing: 0 });
  expect(score(" \n", truth)).toMatchObject({ exact: 0, missing: 1 });
});

test("messageRecords() takes corpus metrics of each repeat and their mean", async () => {
  const score = await messageScorer();
  const truth = { message: "Add a reader of Parquet files" };
  const answers = [truth.message, "Remove it"].map((text, repeat) =>
    answered(text, { truth, score: score(text, truth), repeat }),
  );

  const records = messageRecords(answers, recording("commit-messages"));

  expect(measured(records, "bleu")).toBeCloseTo(50, 9);
  expect(records.find(({ metric }) => metric === "rougeL")).toMatchObject({ value: 50, n: 1 });
});

test("localizationScorer() has the hand-computed cases of both profiles", async () => {
  const candidates = ["a.py", "b.py", "c.py", "d.py"];
  const paper = await localizationScorer(() => candidates, { profile: "2024" });
  const since = await localizationScorer(() => candidates, { profile: "2025" });
  const reply = '{"files": ["b.py", "a.py", "c.py"]}';

  expect(paper(reply, { item: "1", files: ["a.py"] })).toMatchObject({
    recallAt1: 0,
    recallAt2: null,
    precisionAt2: null,
    f1: 0,
    map: 0.5,
    mrr: 0.5,
    rank: 2,
  });
  expect(paper(reply, { item: "2", files: ["a.py", "d.py"] })).toMatchObject({
    recallAt1: null,
    recallAt2: 0.5,
    precisionAt2: 0.5,
    f1: 0.5,
    map: 0.25,
  });
  expect(since(reply, { item: "1", files: ["a.py"] })).toMatchObject({
    setPrecision: 1 / 3,
    setRecall: 1,
    setF1: 0.5,
    falsePositiveRate: 2 / 3,
    allCorrect: 0,
    atLeastOne: 1,
  });
  expect(since('["a.py"]', { item: "1", files: ["a.py"] })).toMatchObject({ unparsed: 1, setF1: 0 });
  expect(paper("No idea.", { item: "1", files: ["a.py"] })).toMatchObject({ unparsed: 1, map: 0, rank: null });
});

test("localizationRecords() keeps unread replies in every denominator, and shows the authors' without them", async () => {
  const score = await localizationScorer(() => ["a.py"], { profile: "2025" });
  const truth = { item: "1", files: ["a.py"] };
  const answers = ['{"files": ["a.py"]}', "No idea."].map((text) =>
    answered(text, { truth, score: score(text, truth) }),
  );

  const records = localizationRecords(answers, recording("bug-localization"));

  expect(measured(records, "setF1")).toBe(0.5);
  expect(records.find(({ metric }) => metric === "setF1OfRead")).toMatchObject({ value: 1, n: 1 });
});

test("judgedRecords() gives 50 to identical texts, and no score to a judge that is a miniature", async () => {
  const judgement = { truthFirst: { a: -1, b: -2 }, predictionFirst: { a: -1, b: -2 } };
  const judged = (judge: string, identical: boolean) =>
    judgedRecords([judgement], { recording: recording("module-summarization"), judge, identical });

  expect(measured(judged("mini:code", true), "compScoreOfIdentical")).toBe(50);
  expect(measured(judged("mini:code", false), "compScore")).toBeUndefined();
  expect(measured(judged("openai/gpt-4o", false), "compScore")).toBe(50);
  expect(measured(judged("mini:code", false), "positionBias")).toBeGreaterThan(0);
  expect((await documentScorer())("", { target: "x" })).toMatchObject({ written: 0, missing: 1 });
});

test("meanOf() gives scores that are all the same an interval with a width, within the ends of the score", () => {
  const [none, all, half] = [meanOf([0, 0, 0]), meanOf([100, 100], { most: 100 }), meanOf([-1, -1], { least: -1 })];

  expect(none).toMatchObject({ value: 0, n: 3, interval: { low: 0 } });
  expect(none.interval!.high).toBeCloseTo(0.5615, 4);
  expect(all).toMatchObject({ value: 100, interval: { high: 100 } });
  expect(all.interval!.low).toBeLessThan(40);
  expect(half).toMatchObject({ value: -1, interval: { low: -1 } });
  expect(meanOf([0.2, 0.4]).interval!.method).not.toBe(none.interval!.method);
});

test("failureOf() tells missing, refused and unreadable answers apart, one at a time", () => {
  const never = () => false;

  expect(failureOf(null, never)).toEqual({ missing: 1, refused: 0, unparsed: 0 });
  expect(failureOf("I cannot help with that.", never)).toEqual({ missing: 0, refused: 1, unparsed: 0 });
  expect(failureOf("??", never)).toEqual({ missing: 0, refused: 0, unparsed: 1 });
  expect(failureOf("I cannot help", () => true)).toEqual({ missing: 0, refused: 0, unparsed: 0 });
  expect(["As an AI language model, I", "Sorry!", "import sorry", "I can draw"].map(isRefusal)).toEqual([
    ...[true, true, false, false],
  ]);
});
