import { afterEach, expect, test } from "vitest";
import { stream, type Tensor, tensor } from "#base";
import { type LanguageModel, loadModel } from "#models";
import {
  ablate,
  chanceJaccard,
  compareVectors,
  cosine,
  euclidean,
  expectSameVocabulary,
  forgettingNull,
  jaccard,
  matchedForgetting,
  moved,
  normOf,
  nullDistributions,
  pairsAt,
  projectToVocabulary,
  stackRows,
  valueVector,
  withValueVectors,
  zScore,
} from "./index.ts";

const opened: LanguageModel[] = [];
afterEach(() => {
  for (const model of opened.splice(0)) model.close();
});

async function tiny(name = "llama", memory?: number): Promise<LanguageModel> {
  const folder = `${import.meta.dirname}/../../../test/golden/models/${name}`;
  const model = await loadModel(folder, memory === undefined ? {} : { memory });
  opened.push(model);
  return model;
}

function normal(shape: readonly [number, number], name: string): Tensor<"float32"> {
  const random = stream(9, name);
  return tensor(
    shape,
    Array.from({ length: shape[0] * shape[1] }, () => random.normal()),
  );
}

test("jaccard(), cosine(), euclidean() and normOf() on hand-computed cases", () => {
  expect(jaccard(["a", "b", "c"], ["b", "c", "d"])).toBe(0.5);
  expect(jaccard(["a", "a", "b"], ["b", "a"])).toBe(1);
  expect(() => jaccard([], [])).toThrow(/tokens/);
  expect(cosine([3, 4], [4, 3])).toBeCloseTo(24 / 25, 12);
  expect(cosine([1, 2], [0, 0])).toBe(0);
  expect(euclidean([1, 2], [4, 6])).toBe(5);
  expect(normOf([3, 4])).toBe(5);
  expect(() => cosine([1], [1, 2])).toThrow(/one length/);
  expect(chanceJaccard(200, 32000)).toBeCloseTo(0.0031, 4);
});

test("compareVectors(): scaling keeps J and cosine, −v gives J 0 and cosine −1, k = |V| gives J 1, and nothing done is 1, 1, 0", async () => {
  const model = await tiny();
  const vector = valueVector(model, { layer: 0, column: 1 });
  const compare = async (after: Float32Array, k = 20) =>
    (
      await compareVectors(
        { before: stackRows([vector]), after: stackRows([after]) },
        { before: model, after: model },
        { k },
      )
    )[0]!;

  const same = await compare(vector);
  const scaled = await compare(vector.map((value) => 2 * value));
  const flipped = await compare(vector.map((value) => -value));
  const all = await compare(
    vector.map((value) => -value),
    64,
  );

  expect(same).toEqual({ jaccard: 1, cosine: expect.closeTo(1, 12), distance: 0 });
  expect([scaled.jaccard, scaled.distance]).toEqual([1, expect.closeTo(normOf(vector), 6)]);
  expect(scaled.cosine).toBeCloseTo(1, 12);
  expect([flipped.jaccard, flipped.cosine]).toEqual([0, expect.closeTo(-1, 12)]);
  expect(all.jaccard).toBe(1);
});

test("jaccard() of projections does not depend on the order of the vocabulary", async () => {
  const [vectors, unembedding] = [normal([2, 6], "vectors"), normal([41, 6], "unembedding")];
  const turned = stackRows(Array.from({ length: 41 }, (_, id) => unembedding.data.slice((40 - id) * 6, (41 - id) * 6)));
  const tops = await Promise.all(
    [unembedding, turned].map((matrix) => projectToVocabulary({ vectors, unembedding: matrix }, { k: 8 })),
  );

  const [plain, reversed] = tops.map(({ ids }) => jaccard(ids.subarray(0, 8), ids.subarray(8)));

  expect(reversed).toBe(plain);
});

test("expectSameVocabulary() refuses models that mean different things by a token", async () => {
  const [model, other] = [await tiny(), await tiny("gpt2")];

  expect(() => expectSameVocabulary({ before: model, after: model })).not.toThrow();
  expect(() => expectSameVocabulary({ before: model, after: other })).toThrow(/same tokenizer/);
});

test("nullDistributions() holds still where nothing moved, and gives random columns, lengths and directions elsewhere", async () => {
  const model = await tiny();
  const place = { layer: 1, column: 4 };
  const changed = withValueVectors(model, [ablate(model, place, { kind: "relative-noise", sigma: 3 })]);

  const nulls = await nullDistributions({ before: model, after: changed }, place, { count: 10, k: 20 });

  expect(nulls["random-columns"]).toHaveLength(10);
  expect(nulls["random-columns"].every(({ distance, jaccard: j }) => distance === 0 && j === 1)).toBe(true);
  const [before, after] = [valueVector(model, place), valueVector(changed, place)];
  for (const { distance } of nulls["matched-displacement"]) expect(distance).toBeCloseTo(euclidean(before, after), 5);
  for (const { cosine: angle, distance } of nulls["matched-norm"]) {
    const [n, m] = [normOf(before), normOf(after)];
    expect(distance ** 2).toBeCloseTo(n ** 2 + m ** 2 - 2 * n * m * angle, 4);
  }
  expect(pairsAt({ before: model, after: changed }, 1, [4, 5]).after.shape).toEqual([2, 16]);
});

test("zScore() counts standard deviations, and is null without a spread", () => {
  expect(zScore(5, [1, 2, 3])).toBe(3);
  expect(zScore(5, [2, 2])).toBeNull();
  expect(zScore(5, [2, 2 + 1e-7], { rounding: 1e-6 })).toBeNull();
});

test("matchedForgetting() finds the shortest random move that forgets as much", async () => {
  const model = await tiny();
  const place = { layer: 0, column: 3 };
  const before = valueVector(model, place);
  const measure = async (changed: LanguageModel) => Math.exp(-euclidean(before, valueVector(changed, place)));

  const found = await matchedForgetting(model, place, { measure, goal: Math.exp(-2), farthest: 16, rounds: 12 });
  const tooFar = await matchedForgetting(model, place, { measure, goal: Math.exp(-2), farthest: 1 });

  expect(found.distance).toBeCloseTo(2, 1);
  expect(found.isOutOfReach).toBe(false);
  expect(tooFar.isOutOfReach).toBe(true);
  await expect(matchedForgetting(model, place, { measure, goal: 0, farthest: 0 })).rejects.toMatchObject({
    code: "OPTION_RANGE",
  });
});

test("matchedForgetting() does not move where nothing has to be forgotten", async () => {
  const model = await tiny();

  const found = await matchedForgetting(model, { layer: 0, column: 3 }, { measure: async () => 1, goal: 1 });

  expect(found).toMatchObject({ distance: 0, isOutOfReach: false });
});

test("forgettingNull() draws as many directions, and says in which share the goal is out of reach", async () => {
  const model = await tiny();
  const place = { layer: 0, column: 3 };
  const before = valueVector(model, place);
  const measure = async (changed: LanguageModel) => Math.exp(-euclidean(before, valueVector(changed, place)));

  const within = await forgettingNull(model, place, { measure, goal: Math.exp(-2), farthest: 16, count: 3, k: 5 });
  const beyond = await forgettingNull(model, place, { measure, goal: Math.exp(-2), farthest: 1, count: 3, k: 5 });

  for (const { distance } of within.scores) expect(distance).toBeCloseTo(2, 0);
  expect(new Set(within.scores.map(({ cosine: angle }) => angle)).size).toBe(3);
  expect([within.outOfReach, beyond.outOfReach]).toEqual([0, 1]);
});

test("moved() goes so far in a direction", () => {
  const [vector, direction] = [Float32Array.of(1, 2), Float32Array.of(0, 1)];

  expect([...moved(vector, direction, 3)]).toEqual([1, 5]);
});
