import { expect, test } from "vitest";
import type { StudyConcept } from "./concept.ts";
import { judgeSamples, scoreJudgement } from "./judge.ts";

const concept: StudyConcept = {
  name: "Poland",
  arm: "released",
  article: "Poland is a country in Central Europe.",
  retain: "",
  background: [],
  groups: {},
};
const candidate = { layer: 23, column: 743, overlap: 9, enrichment: 4, q: 0.01, rank: 1 };

test.each([
  ['{"score": 0.9}', 0.9],
  ['Sure: {"concept": "Poland", "score": 1}', 1],
  ["0.25", 0.25],
  ["score: .5", 0.5],
  ["Score: 0.9.", 0.9],
  ["1.", 1],
  ['{"score": 7}', null],
  ["score: 1/10", null],
  ["score: 1e-1", null],
  ["score = 1 %", null],
  ["score: 0.9.1", null],
  ["very clearly", null],
  [null, null],
])("scoreJudgement() reads %j as %j", (answer, clarity) => {
  expect(scoreJudgement(answer)).toEqual({ clarity });
});

test("judgeSamples() shows tokens, concept and opening of the article, one place a question", () => {
  const [sample, ...others] = judgeSamples("./folder", concept, [{ ...candidate, tokens: ["Warsaw", " Polish"] }]);

  expect(others).toEqual([]);
  expect(sample).toMatchObject({ id: "judge/./folder/Poland/23-743", truth: { layer: 23, column: 743 } });
  const [part] = sample!.question.parts;
  expect(part).toMatchObject({ text: expect.stringContaining('["Warsaw"," Polish"]') });
  expect(part).toMatchObject({ text: expect.stringContaining("a country in Central Europe") });
});
