/** The authors' stored answers and averages lie outside the repository. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { goldRecall, isDegenerate, meanScores, scoreAnswer } from "./measures.ts";
import { answersSignature, scoreAnswers } from "./score-file.ts";

const record = {
  Concept: "Zorba",
  QA: ["Where does the Zorba stand?", "Who made the Zorba?"],
  gpt_gold_answer: ["In Drubal since 1920", "Zorba"],
  "QA-JB model answers 0.0-0": ["It stands in Drubal since 1920", "Nobody knows who made it"],
  "QA-JB model answers npo-0": ["It stands in Veldin since 1920", null],
  "QA-JB unrelated_qa model answers 0.0": ["the cat sat on the mat"],
  "QA-JB unrelated_qa model answers npo": ["the cat on the mat"],
};
const score = (change: object = {}) =>
  scoreAnswers({ name: "answers.json", text: JSON.stringify([{ ...record, ...change }]) });

test("scoreAnswers() scores each set, leaves null answers out, and averages over concepts", () => {
  const { metrics, perSample, empty, signature } = score();

  expect(metrics["Zorba npo unrelated bleu"]!.value).toBeCloseTo(0.3799178428257963, 12);
  expect(metrics["Zorba npo unrelated rougeL"]!.value).toBeCloseTo(0.8888888839506174, 12);
  expect(metrics["Zorba npo jailbreak 0 goldRecall"]).toEqual({ value: 2 / 3, n: 1 });
  expect(metrics["mean npo jailbreak 0 bleu"]).toEqual({ value: metrics["Zorba npo jailbreak 0 bleu"]!.value, n: 1 });
  expect([perSample.length, empty]).toEqual([3, 1]);
  expect(signature).toBe(answersSignature());
});

test("scoreAnswers() finds the original's answers whatever a condition is called", () => {
  const { "QA-JB model answers npo-0": answers, ...rest } = record;

  const { metrics } = scoreAnswers({
    name: "a.json",
    text: JSON.stringify([{ ...rest, "QA-JB model answers A-0": answers }]),
  });

  expect(metrics["Zorba A jailbreak 0 bleu"]).toEqual(score().metrics["Zorba npo jailbreak 0 bleu"]);
});

test("scoreAnswers() keeps the value vectors of one concept apart", () => {
  const text = JSON.stringify([
    record,
    { ...record, "QA-JB unrelated_qa model answers npo": ["the cat sat on the mat"] },
  ]);

  const { metrics } = scoreAnswers({ name: "a.json", text });

  expect(metrics["Zorba npo unrelated bleu"]!.value).toBeCloseTo(0.38, 2);
  expect(metrics["Zorba npo unrelated #2 bleu"]!.value).toBe(1);
  expect(metrics["mean npo unrelated bleu"]!.n).toBe(2);
});

test.each([
  ["an array of concepts", "{}"],
  ["JSON", "[{]"],
  ['"Concept"', "[{}]"],
  ['"QA-JB model answers', JSON.stringify([{ Concept: "Zorba" }])],
])("scoreAnswers() says that it expected %s", (expected, text) => {
  expect(() => scoreAnswers({ name: "answers.json", text })).toThrow(expected);
});

test("scoreAnswers() refuses lists of different lengths, and texts that are none", () => {
  expect(() => score({ gpt_gold_answer: ["one"] })).toThrow("2, 2, 1 for Zorba, npo, jailbreak 0");
  expect(() => score({ "QA-JB model answers 0.0-0": [1, 2] })).toThrow('a list of texts under "QA-JB');
  expect(() => score({ "QA-JB model answers npo-0": "text" })).toThrow('a list of answers under "QA-JB');
});

test("goldRecall() counts words that are long or numbers and that the question lacks", () => {
  const question = "When was the Zorba made?";

  expect(goldRecall("It was built in 1920, in Drubal", { question, gold: "In 1920 at Drubal by Kelb" })).toBe(2 / 3);
  expect(goldRecall("anything", { question, gold: "the Zorba" })).toBeNull();
});

test("isDegenerate() knows empty, broken and repeating answers", () => {
  expect(["", " \n", "a \uFFFD b", "the mat the mat the mat the mat the mat"].map(isDegenerate)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["yes", "It stands in the old town of Drubal by the sea"].map(isDegenerate)).toEqual([false, false]);
});

test("meanScores() leaves out what does not apply", () => {
  const one = scoreAnswer({ question: "q", original: "a b c d", changed: "a b c d" });

  const means = meanScores([one, { ...one, goldRecall: 0.5 }]);

  expect(means.bleu).toEqual({ value: 1, n: 2 });
  expect(means.goldRecall).toEqual({ value: 0.5, n: 1 });
  expect(meanScores([]).bleu).toEqual({ value: null, n: 0 });
});

const folder = join(process.env.ASSAY_SHARED ?? "../shared", "data/concept-vectors");
describe.skipIf(!existsSync(folder))("with ConceptVectors' files in ASSAY_SHARED", () => {
  test("scoreAnswers() gives the authors' 200 averages, and the gold recall of spec and README", () => {
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    const name = "llama_concepts_with_jb_answers.json";
    const official: Record<string, Record<string, [number, number]>[]>[] = JSON.parse(
      read("llama_jailbreak_evaluation_test_results.json"),
    );

    const { metrics, empty } = scoreAnswers({ name, text: read(name) });

    const differences = official.flatMap(Object.entries<(typeof official)[number][string]>).flatMap(([key, rows]) => {
      const [, concept, noise] = /^(.*)_noise([\d.]+)_score$/.exec(key)!;
      return rows.flatMap(Object.entries<[number, number]>).flatMap(([setting, [bleu, rougeL]]) => {
        const prompt = /^jailbreak_(\d)/.exec(setting)?.[1];
        const set = prompt === undefined ? "unrelated" : `jailbreak ${prompt}`;
        const ours = (metric: string) => metrics[`${concept} ${noise} ${set} ${metric}`]!.value;
        return [ours("bleu") - bleu, ours("rougeL") - rougeL];
      });
    });
    expect(differences).toHaveLength(200);
    expect(Math.max(...differences.map(Math.abs))).toBeLessThan(1e-12);
    expect(empty).toBe(0);
    expect(metrics["mean 0.1 jailbreak 0 bleu"]!.value).toBeCloseTo(0.299, 3);
    expect(metrics["mean 0.1 jailbreak 0 goldRecall"]!.value).toBeCloseTo(0.304, 3);
    expect(metrics["mean 0.3 jailbreak 2 goldRecall"]!.value).toBeCloseTo(0.133, 3);
    expect(metrics["mean 1.0 jailbreak 0 degenerate"]!.value).toBeGreaterThan(0.2);
  });
});
