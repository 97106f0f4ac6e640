import { afterAll, expect, test } from "vitest";
import { atlasFacts, atlasStatement } from "#corpora";
import { loadModel, score } from "#models";
import {
  encodeRequest,
  expectEditable,
  identityStatistics,
  isEditLanguage,
  prepareRequests,
  readEditLanguage,
  readKeys,
  readObjects,
  scanLayers,
  settingsFor,
} from "./index.ts";
import { matrixRow } from "./observe.ts";

const model = await loadModel("mini:atlas");
afterAll(() => model.close());

const fact = atlasFacts().find(({ id }) => id === "currency/US")!;
const { prompt, answer } = atlasStatement(fact, "en", { split: "train", template: 0 });
const request = { subject: fact.subjectNames.en, prompt, target: answer };

test("encodeRequest() finds the subject's last token behind every prefix, and the object's tokens after the prompt", () => {
  const [placed] = expectEditable([request]);

  const { rewrites, essence } = encodeRequest(model, placed!, { prefixes: ["Well. ", "यह। "] });

  const spelled = (ids: readonly number[]) => model.requireTokenizer().decode(ids);
  for (const { ids, lookup, targets } of rewrites) {
    expect(spelled(ids.slice(0, lookup + 1)).endsWith("United States")).toBe(true);
    expect(spelled(targets.map(({ id }) => id))).toBe(answer);
    expect(targets.map(({ at }) => at + 1)).toEqual(targets.map((_, at) => ids.length - targets.length + 1 + at));
  }
  expect(spelled(essence.ids)).toBe("United States");
  const atPrompt = encodeRequest(model, placed!, { prefixes: [], token: "prompt" });
  expect(atPrompt.rewrites[0]!.lookup).toBe(atPrompt.rewrites[0]!.targets[0]!.at);
});

test("encodeRequest() refuses texts beyond the model's context", () => {
  const [placed] = expectEditable([request]);

  expect(() => encodeRequest(model, placed!, { prefixes: ["word ".repeat(80)] })).toThrowError("use shorter prefixes");
});

test("prepareRequests() samples each language's own prefixes", async () => {
  const german = { ...request, language: "de" };
  const { encoded, excluded } = await prepareRequests(model, [request, { ...german, prompt: `${prompt} ` }], {
    prefixes: [{ tokens: 2, count: 2 }],
  });

  expect(encoded.map(({ rewrites }) => rewrites.length)).toEqual([3, 3]);
  const opening = (at: number) => model.requireTokenizer().decode(encoded[at]!.rewrites[1]!.ids);
  expect([opening(0).startsWith("The"), opening(1).startsWith("Die")]).toEqual([true, true]);
  expect(excluded).toEqual({});
});

test("readKeys() gives the same key whatever comes after the token and whatever is read with it", async () => {
  const { encoded } = await prepareRequests(model, [request], { prefixes: [] });
  const [text] = encoded[0]!.rewrites;
  const longer = { ...text!, ids: [...text!.ids, 5, 6, 7] };

  const keys = await readKeys(model, [text!, longer], 1);
  const alone = await readKeys(model, [text!], 1);

  expect(keys.shape).toEqual([2, model.config.intermediateSize]);
  expect(matrixRow(keys, 1)).toEqual(matrixRow(keys, 0));
  for (const [at, value] of matrixRow(alone, 0).entries()) expect(matrixRow(keys, 0)[at]).toBeCloseTo(value, 4);
});

test("readObjects() says what score() says", async () => {
  const { encoded } = await prepareRequests(model, [request], { prefixes: [] });

  const [reading] = await readObjects(model, [encoded[0]!.rewrites[0]!]);
  const [scored] = await score(model, [{ prompt, continuation: answer }]);

  expect(reading!.isGreedy).toBe(scored!.isGreedy);
  expect(reading!.surprise).toBeCloseTo(-scored!.logProb / scored!.tokens.length, 4);
});

test("scanLayers() compares layers, and counts what an editor refuses at one", async () => {
  const other = { ...request, target: "Euro" };
  const statistics = () => identityStatistics(model.config.intermediateSize);

  const scans = await scanLayers(model, [other], { layers: [1, 3], steps: 6, statistics });
  const still = await scanLayers(model, [other], { layers: [1], steps: 1 });

  expect(scans.map(({ layer, refused }) => [layer, refused])).toEqual([
    [1, 0],
    [3, 0],
  ]);
  expect(scans[0]!.reached).toBeGreaterThan(0);
  expect(still[0]).toMatchObject({ layer: 1, refused: 1, efficacy: 0 });
}, 60_000);

test("readEditLanguage() knows eight languages, and suggests one for a slip", () => {
  expect(["en", "kn", "ja"].map(isEditLanguage)).toEqual([true, true, false]);
  expect(readEditLanguage("ta")).toBe("ta");
  expect(() => readEditLanguage("tam")).toThrowError(/got "tam".*"ta"/);
});

test("settingsFor() has a row for mini:atlas, and says where it guesses", async () => {
  using llama = await loadModel(`${import.meta.dirname}/../../../test/golden/methods/editing-llama`);

  expect(settingsFor(model)).toMatchObject({ model: "mini:atlas", rome: { layer: 1, token: "prompt" } });
  expect(settingsFor(llama).source).toContain("scan the layers before trusting it");
});
