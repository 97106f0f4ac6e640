import { expect, test } from "vitest";
import { type ContinuationIds, perplexity, score, trace } from "#models";
import { openFixture, someIds } from "./fixtures.ts";

/** Texts of many lengths. */
const texts: readonly ContinuationIds[] = Array.from({ length: 13 }, (_, at) => ({
  promptIds: someIds(1 + ((at * 5) % 11), at),
  continuationIds: someIds(1 + (at % 4), 7 * at),
}));

/** log softmax in double precision. */
function logSoftmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  return logits.map((value) => value - largest - total);
}

test("score() gives log softmax of the logits at each token of the continuation", async () => {
  const model = await openFixture("llama");
  const [promptIds, continuationIds] = [someIds(5), [9, 61]];

  const [found] = await score(model, [{ promptIds, continuationIds }]);

  const { taps } = await trace(model, { ids: [...promptIds, ...continuationIds] });
  const logits = [...(taps.logits!.data as Float32Array)];
  const expected = continuationIds.map((id, at) => logSoftmax(logits.slice((4 + at) * 64, (5 + at) * 64))[id]!);
  expect(found!.tokens.map(({ logProb }) => logProb)).toEqual(expected.map((value) => expect.closeTo(value, 4)));
  expect(found!.logProb).toBeCloseTo(expected[0]! + expected[1]!, 4);
  expect(found).toMatchObject({ join: "ids", promptTokens: 5, isGreedy: false });
});

test.each(["whole", "block by block"])("score() run %s: no bit depends on batch size or order", async (how) => {
  const model = await openFixture("mistral", how === "whole" ? {} : { memory: 0 });
  const reference = await score(model, texts, { batchSize: 1 });

  for (const batchSize of [2, 7, 32]) {
    expect(await score(model, texts, { batchSize })).toEqual(reference);
    const backwards = await score(model, texts.toReversed(), { batchSize });
    expect(backwards.toReversed()).toEqual(reference);
  }
});

test("score() is the same whole and block by block", async () => {
  const [whole, streamed] = [await openFixture("gemma"), await openFixture("gemma", { memory: 0 })];

  const [first, second] = [await score(whole, texts), await score(streamed, texts)];

  for (const [at, { logProb }] of first.entries()) expect(second[at]!.logProb).toBeCloseTo(logProb, 5);
});

test("score() knows a greedy continuation", async () => {
  const model = await openFixture("qwen2");
  const ids = someIds(6);
  const { taps } = await trace(model, { ids });
  const last = [...(taps.logits!.data as Float32Array)].slice(-64);

  const [found] = await score(model, [{ promptIds: ids, continuationIds: [last.indexOf(Math.max(...last))] }]);

  expect(found!.isGreedy).toBe(true);
});

test("score() encodes prompt and continuation as one text and says how they joined", async () => {
  const model = await openFixture("llama");

  const [found] = await score(model, [{ prompt: "The sky", continuation: " is" }]);

  expect(found!.tokens.map(({ token }) => token)).toEqual(["▁", "i", "s"]);
  expect(found).toMatchObject({ join: "one text, split at a token", promptTokens: 8 });
});

test("score() refuses an empty continuation, and one that nothing stands before", async () => {
  const model = await openFixture("llama");
  const of = (promptIds: number[], continuationIds: number[]) => score(model, [{ promptIds, continuationIds }]);

  await expect(of([1, 2], [])).rejects.toThrow("got an empty continuation");
  await expect(of([], [1, 2])).rejects.toThrow("got nothing before it");
});

test.each([0, -1, Number.NaN, 1.5])("score() refuses a batchSize of %d", async (batchSize) => {
  const model = await openFixture("llama");

  const scoring = score(model, [{ promptIds: [1], continuationIds: [2] }], { batchSize });

  await expect(scoring).rejects.toThrow(`score: Expected a whole batchSize above zero, got ${batchSize}`);
});

test("score() refuses to call what is no number a probability", async () => {
  const model = await openFixture("llama");
  const scale = model.weights.finalNorm as { scale: { data: Float32Array } };
  scale.scale.data.fill(3e38);

  const scoring = score(model, [{ promptIds: [1], continuationIds: [2] }]);

  await expect(scoring).rejects.toMatchObject({ code: "LOGITS_NOT_FINITE" });
});

test("perplexity() of a uniform model is the size of its vocabulary", async () => {
  const model = await openFixture("llama");
  const scale = model.weights.finalNorm as { scale: { data: Float32Array } };
  scale.scale.data.fill(0);

  const { perplexity: found, tokens } = await perplexity(model, someIds(20));

  expect(found).toBeCloseTo(64, 3);
  expect(tokens).toBe(19);
});

test("perplexity() counts each token of a long text once, with at least the stride's context", async () => {
  const model = await openFixture("gpt2");
  const ids = someIds(75);

  const found = await perplexity(model, ids, { window: 16, stride: 4 });
  const short = await perplexity(model, ids.slice(0, 30));

  expect(found.tokens).toBe(74);
  expect(found.perplexity).toBeCloseTo(Math.exp(-found.logProb / 74), 10);
  expect(short.logProb).toBeCloseTo(
    (await score(model, [{ promptIds: ids.slice(0, 1), continuationIds: ids.slice(1, 30) }]))[0]!.logProb,
    6,
  );
  await expect(perplexity(model, ids, { window: 40 })).rejects.toThrow("Expected a window of 2 to 32");
  await expect(perplexity(model, ids, { window: 8.5 })).rejects.toThrow("both whole, got 8.5 and 5");
  await expect(perplexity(model, [1])).rejects.toThrow("Expected at least two tokens");
});
