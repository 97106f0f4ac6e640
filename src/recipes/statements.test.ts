import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { atlasFacts, atlasStatements } from "#corpora";
import { loadTokenizer, trainBpe, writeTokenizer } from "#formats";
import { generate, loadModel } from "#models";
import { llamaJson, llamaOf } from "./llama-shape.ts";
import { accuracyOf, judgeStatements, shuffledAnswers, worstLanguage } from "./statement-accuracy.ts";
import { chunks, encodeStatements, StatementBatches } from "./statement-batches.ts";
import { readWeights, startWeights, writeWeights } from "./weights.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-recipe-statements-"));
afterAll(() => rmSync(folder, { recursive: true }));

const facts = atlasFacts().slice(0, 12);
const statements = atlasStatements(facts, "train");
const json = trainBpe(
  statements.map(({ prompt, answer }) => prompt + answer),
  { vocabularySize: 600, words: "marks" },
);
writeTokenizer(folder, json, { eos: "<|endoftext|>" });
const tokenizer = loadTokenizer(folder);
const encoded = encodeStatements(statements, tokenizer);

test("encodeStatements() keeps prompt and answer apart, and their tokens are those of the whole", () => {
  for (const { statement, ids, from } of encoded.slice(0, 100)) {
    expect(tokenizer.decode(ids.slice(0, from))).toBe(statement.prompt);
    expect(tokenizer.decode(ids.slice(from))).toBe(`${statement.answer}<|endoftext|>`);
    expect(tokenizer.encode(statement.prompt + statement.answer)).toEqual(ids.slice(0, -1));
  }
});

test("StatementBatches says every fact once an epoch in every language, in batches of like lengths", () => {
  const batches = new StatementBatches(encoded, { seed: 0, size: 16 });

  const epoch = Array.from({ length: batches.stepsOfEpoch }, (_, step) => batches.at(step)).flat();

  const said = epoch.map(({ statement: { fact, language } }) => `${fact.id}/${language}`);
  expect(batches.stepsOfEpoch).toBe(6);
  expect(new Set(said).size).toBe(96);
});

test("StatementBatches gives a step the same batch whatever was asked before", () => {
  const [one, other] = [0, 0].map((seed) => new StatementBatches(encoded, { seed, size: 16 }));
  for (let step = 0; step < 9; step++) one!.at(step);

  expect(other!.at(9)).toEqual(one!.at(9));
  expect(other!.at(0)).not.toEqual(other!.at(6));
});

test("judgeStatements() says of each statement whether greedy decoding gives its answer", async () => {
  const shape = { vocabularySize: 600, hiddenSize: 16, intermediateSize: 16, layers: 1, heads: 2, contextLength: 64 };
  const config = llamaOf(shape);
  const endId = tokenizer.specials.end!;
  writeWeights(folder, startWeights(config, 0), { config, json: llamaJson(shape, { endId }) });
  using model = await loadModel(folder);
  const weights = await readWeights(folder);
  const prompt = encoded[0]!.ids.slice(0, encoded[0]!.from);
  const [spoken] = await generate(model, [prompt], { maxTokens: 2, temperature: 0 });
  const own = { statement: statements[0]!, ids: [...prompt, ...spoken!.ids], from: prompt.length };

  const isRight = await judgeStatements([...encoded.slice(0, 40), own], { weights, config });

  expect(isRight.at(-1)).toBe(true);
  expect(isRight.slice(0, -1)).toEqual(new Array(40).fill(false));
});

test("accuracyOf() shares out what is right by language and relation, and worstLanguage() finds the least", () => {
  const isRight = encoded.map(({ statement: { language, template } }) => language !== "kn" || template === 0);

  const accuracy = accuracyOf(encoded, isRight);

  // One of six wordings.
  expect(accuracy.byLanguage).toMatchObject({ en: 1, kn: 0.1667 });
  expect(accuracy.all).toBeCloseTo(isRight.filter(Boolean).length / isRight.length, 4);
  expect(worstLanguage(accuracy)).toBe(0.1667);
});

test("shuffledAnswers() gives each fact another's answer of the same relation, the same in every language", () => {
  const some = atlasStatements(atlasFacts(), "train").filter(({ template }) => template === 0);

  const shuffled = shuffledAnswers(some, 0);

  const names = (list: typeof some) =>
    list.filter(({ language, fact }) => language === "en" && fact.relation === "currency").map(({ answer }) => answer);
  expect(shuffled.map(({ prompt }) => prompt)).toEqual(some.map(({ prompt }) => prompt));
  expect(names(shuffled).toSorted()).toEqual(names(some).toSorted());
  expect(names(shuffled)).not.toEqual(names(some));
});

test("chunks() leaves nothing out", () => {
  expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});
