import { afterEach, expect, test } from "vitest";
import { stream, type Tensor, tensor } from "#base";
import { leavesOf } from "#engine";
import { type LanguageModel, loadModel, score } from "#models";
import { downMapPath, inverseEdit, valueVector, withValueVectors } from "../value-vectors/index.ts";
import {
  bfloat16Copy,
  countSteps,
  displacementBound,
  displacementWarning,
  encodeTexts,
  inBfloat16,
  needle,
  paragraphsOf,
  readScope,
  roundToBfloat16,
  selectScope,
  type UnlearningMethodName,
  type UnlearnOptions,
  unlearn,
  unlearningMethods,
  unlearningRate,
  unlearningScopes,
} from "./index.ts";
import { textTensors } from "./texts.ts";

const opened: LanguageModel[] = [];
afterEach(() => {
  for (const model of opened.splice(0)) model.close();
});

async function tiny(): Promise<LanguageModel> {
  const model = await loadModel(`${import.meta.dirname}/../../../test/golden/models/llama`);
  opened.push(model);
  return model;
}

const ids = (start: number, length = 10): number[] => Array.from({ length }, (_, at) => 3 + ((start + 7 * at) % 60));
const [forget, retain] = [
  [ids(0), ids(5, 8)],
  [ids(21), ids(33, 9)],
];
const base = { forget, retain, steps: 4, learningRate: 3e-3, batchSize: 2, weightDecay: 0.01, layer: 1 };

const likelihood = async (model: LanguageModel, texts: readonly (readonly number[])[]): Promise<number> => {
  const scores = await score(
    model,
    texts.map(([first, ...rest]) => ({ promptIds: [first!], continuationIds: rest })),
  );
  return scores.reduce((sum, { logProb }) => sum + logProb, 0);
};

const bits = (model: LanguageModel): Map<string, string> =>
  new Map(
    [...leavesOf<Tensor<"float32">>(model.weights)].map(([path, { data }]) => [
      path,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
    ]),
  );

const changedPaths = (before: Map<string, string>, after: Map<string, string>): string[] =>
  [...before].filter(([path, value]) => after.get(path) !== value).map(([path]) => path);

test.each(
  (Object.keys(unlearningMethods) as UnlearningMethodName[]).filter((name) => name !== "rmu" && name !== "relearn"),
)("unlearn() with %s makes the forget set less likely and leaves the given model alone", async (method) => {
  const model = await tiny();
  const before = bits(model);
  // An untrained model knows nothing that SimNPO would push away at its usual margin.
  const numbers = method === "sim-npo" ? { margin: 6, forgetWeight: 1 } : {};

  const { model: after, steps } = await unlearn(model, { ...base, method, numbers, scope: "full" });

  expect(steps).toBe(4);
  expect(await likelihood(after, forget)).toBeLessThan(await likelihood(model, forget));
  expect(changedPaths(before, bits(model))).toEqual([]);
});

test("unlearn() with relearn makes the retain set likelier", async () => {
  const model = await tiny();

  const { model: after } = await unlearn(model, { ...base, method: "relearn", scope: "full" });

  expect(await likelihood(after, retain)).toBeGreaterThan(await likelihood(model, retain));
});

test("unlearn() with rmu lowers its own loss", async () => {
  const model = await tiny();
  const options: UnlearnOptions = { ...base, method: "rmu", scope: "value-vectors", numbers: { steering: 5 } };

  const [short, long] = [
    await unlearn(model, { ...options, steps: 1 }),
    await unlearn(model, { ...options, steps: 20 }),
  ];

  expect(long.loss!).toBeLessThan(short.loss!);
});

test("unlearn() with the scope value-vectors changes down maps and no other weight", async () => {
  const model = await tiny();

  const { model: after, trained } = await unlearn(model, { ...base, method: "npo", scope: "value-vectors" });

  expect(trained).toEqual([downMapPath(0), downMapPath(1)]);
  expect(changedPaths(bits(model), bits(after))).toEqual([downMapPath(0), downMapPath(1)]);
});

test("needle() changes one value vector, every other bit stays, and its edit can be undone", async () => {
  const model = await tiny();
  const place = { layer: 1, column: 7 };

  const { model: after, edit } = await needle(model, place, { ...base, learningRate: 0.05 });

  const path = downMapPath(1);
  expect(changedPaths(bits(model), bits(after))).toEqual([path]);
  const [first, second] = [model, after].map((each) => leavesOf<Tensor<"float32">>(each.weights).get(path)!.data);
  const size = model.config.hiddenSize;
  const changedRows = new Set(
    [...first!.keys()].filter((at) => !Object.is(first![at], second![at])).map((at) => Math.floor(at / size)),
  );
  expect([...changedRows]).toEqual([7]);
  expect(valueVector(after, place)).toEqual(edit.after);
  expect(bits(withValueVectors(after, [inverseEdit(edit)]))).toEqual(bits(model));
});

test("needle() without steps is noise alone", async () => {
  const model = await tiny();

  const { edit, loss } = await needle(
    model,
    { layer: 0, column: 0 },
    { noise: { kind: "noise", sigma: 0.5, seed: 4 } },
  );

  const again = await needle(model, { layer: 0, column: 0 }, { noise: { kind: "noise", sigma: 0.5, seed: 4 } });
  expect(loss).toBeNull();
  expect(edit.after).not.toEqual(edit.before);
  expect(again.edit.after).toEqual(edit.after);
});

test("unlearn() gives the same bits twice, others with another seed", async () => {
  const model = await tiny();
  const options: UnlearnOptions = { ...base, forget: [...forget, ids(40)], method: "npo-kl", scope: "full" };

  const [first, second] = [await unlearn(model, options), await unlearn(model, options)];
  const other = await unlearn(model, { ...options, seed: 1 });

  expect(bits(second.model)).toEqual(bits(first.model));
  expect(changedPaths(bits(first.model), bits(other.model)).length).toBeGreaterThan(0);
});

test("unlearn() in bfloat16 loses steps below half the distance between two numbers", async () => {
  const model = await tiny();
  const options: UnlearnOptions = {
    ...base,
    method: "gradient-ascent",
    scope: "value-vectors",
    steps: 1,
    learningRate: 1e-6,
    weightDecay: 0,
  };
  const path = downMapPath(0);

  const [fine, coarse] = [await unlearn(model, options), await unlearn(model, { ...options, bfloat16: true })];

  const at = (each: LanguageModel) => leavesOf<Tensor<"float32">>(each.weights).get(path)!;
  const moved = (from: Float32Array, to: Float32Array) => from.filter((value, place) => value !== to[place]).length;
  const rounded = bfloat16Copy(at(model)).data;
  expect(moved(at(model).data, at(fine.model).data)).toBeGreaterThan(300);
  expect(moved(rounded, at(coarse.model).data)).toBeLessThan(20);
});

test("inBfloat16() rounds by formula as it does by bits", async () => {
  const random = stream(1, "bfloat16");
  const values = Float32Array.from({ length: 500 }, () => random.normal());
  const rounded = values.slice();

  roundToBfloat16({ data: rounded });

  const byFormula = values.map((value) => {
    const spread = Math.fround(value * (2 ** 16 + 1));
    return Math.fround(spread - Math.fround(spread - value));
  });
  expect(rounded).toEqual(byFormula);
  expect(inBfloat16({ name: "sgd", kernel: () => {} } as never).name).toBe("sgd-bfloat16");
  expect([...bfloat16Copy(tensor([3], [1.00390625, Number.NaN, 3.3895313892515355e38])).data]).toEqual([
    1,
    Number.NaN,
    3.3895313892515355e38,
  ]);
});

test.each([
  ["SCOPE_UNKNOWN", { scope: "Neddle" }],
  ["SCOPE_UNKNOWN", { scope: "Needle" }],
  ["PLACE_MISSING", { scope: "needle" }],
  ["LAYER_OUT_OF_RANGE", { scope: "needle", place: { layer: 2, column: 0 } }],
  ["COLUMN_OUT_OF_RANGE", { scope: "needle", place: { layer: 0, column: 24 } }],
  ["METHOD_UNKNOWN", { method: "npo_KL" }],
  ["RETAIN_MISSING", { method: "grad-diff", retain: [] }],
  ["ARTICLE_EMPTY", { forget: [] }],
  ["LAYER_MISSING", { method: "rmu", layer: undefined }],
  ["LAYER_OUT_OF_RANGE", { method: "rmu", layer: 9 }],
])("unlearn() refuses with %s: %o", async (code, change) => {
  const model = await tiny();

  const options = { ...base, method: "npo", scope: "full", ...change } as UnlearnOptions;

  await expect(unlearn(model, options)).rejects.toMatchObject({ code });
});

test("readScope() names the nearest scope, and selectScope() selects what it says", async () => {
  const { config } = await tiny();

  expect(() => readScope("neddle")).toThrow(/needle/);
  expect(Object.keys(unlearningScopes)).toEqual(["full", "value-vectors", "needle"]);
  const needleScope = selectScope("needle", { place: { layer: 1, column: 2 }, config });
  expect([needleScope.includes(downMapPath(1)), needleScope.includes(downMapPath(0))]).toEqual([true, false]);
});

test("countSteps() counts as the authors do, and says so where there is no step", () => {
  expect(countSteps({ texts: 28, epochs: 10, batchSize: 32 })).toBe(8);
  expect(() => countSteps({ texts: 28, epochs: 1, batchSize: 32 })).toThrow(/makes no step/);
});

test("unlearningRate() rises from zero and falls to zero", () => {
  const rise = unlearningRate({ peak: 1, steps: 3, warmUp: 3 });
  const both = unlearningRate({ peak: 1, steps: 6, warmUp: 2 });

  expect([0, 1, 2].map(rise)).toEqual([0, 1 / 3, 2 / 3]);
  expect([0, 1, 2, 4, 6].map(both)).toEqual([0, 0.5, 1, 0.5, 0]);
});

test("displacementBound() has the paper's numbers, and warns where nothing could have turned", () => {
  const small = displacementBound(() => 5e-5, { steps: 30, size: 4096, norm: 1.27 });
  const large = displacementBound(() => 0.2, { steps: 8, size: 4096, norm: 1.27 });

  expect(small.distance).toBeCloseTo(0.096, 6);
  expect(small.cosine).toBeGreaterThan(0.997);
  expect(displacementWarning(small)).toMatch(/whatever the loss/);
  expect(large.cosine).toBe(-1);
  expect(displacementWarning(large)).toBeUndefined();
});

test("displacementBound() holds for what unlearn() does", async () => {
  const model = await tiny();
  const place = { layer: 1, column: 3 };

  const { model: after, rate } = await unlearn(model, { ...base, method: "npo", scope: "full", weightDecay: 0 });

  const [before, moved] = [valueVector(model, place), valueVector(after, place)];
  const distance = Math.hypot(...before.map((value, at) => value - moved[at]!));
  const bound = displacementBound(rate, { steps: 4, size: before.length, norm: Math.hypot(...before) });
  expect(distance).toBeGreaterThan(0);
  expect(distance).toBeLessThanOrEqual(bound.distance * 1.05);
});

test("paragraphsOf() joins sentences until they are long enough, and encodeTexts() ends each text", async () => {
  const { tokenizer } = await tiny();
  const article = "One is here. Two is there! Three? Four ends it.";

  const paragraphs = paragraphsOf(article, { characters: 20 });

  expect(paragraphs).toEqual(["One is here. Two is there!", "Three? Four ends it."]);
  const [first] = encodeTexts(paragraphs, { tokenizer: tokenizer!, tokens: 4 });
  expect(first!.length).toBeLessThanOrEqual(5);
  expect(first!.at(-1)).toBe(tokenizer!.specials.end);
  expect(() => encodeTexts([], { tokenizer: tokenizer! })).toThrow(/at least two tokens/);
});

test("unlearn() keeps nothing of a training that was stopped", async () => {
  const model = await tiny();
  const stop = new AbortController();
  const onEvent = () => stop.abort();

  const stopped = unlearn(model, { ...base, method: "npo", scope: "full", signal: stop.signal, onEvent });

  await expect(stopped).rejects.toThrowError(/Expected to train for 4 steps, got a stop after [0-3]; nothing was kept/);
});

test("textTensors() leaves padding out of what counts", () => {
  const { inputIds, targets, counts } = textTensors([
    [5, 6, 7, 8],
    [9, 10],
  ]);

  expect([...inputIds.data].map(Number)).toEqual([5, 6, 7, 9, 0, 0]);
  expect([...targets.data].map(Number)).toEqual([6, 7, 8, 10, 0, 0]);
  expect([...counts.data]).toEqual([1, 1, 1, 1, 0, 0]);
});
