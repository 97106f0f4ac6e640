import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  atlasFacts,
  atlasLanguages,
  atlasStatement,
  captionOf,
  colorClasses,
  colorPictures,
  drawScene,
  middlePrompt,
  sampleScenes,
} from "#corpora";
import { listFolder, renderSvg } from "#formats";
import {
  batchOf,
  generate,
  loadDualEncoder,
  loadModel,
  loadVisionModel,
  modelTypeOf,
  observe,
  perplexity,
  score,
} from "#models";
import { miniatures } from "#recipes";

const root = join(import.meta.dirname, "../miniatures");
const names = Object.keys(miniatures).map((name) => name.replace("mini:", ""));
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
const logOf = (name: string) =>
  textOf(`${name}/training.jsonl`)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("all miniatures together are smaller than 40 MB", () => {
  const bytes = listFolder(root).reduce((sum, file) => sum + file.bytes, 0);

  expect(bytes).toBeLessThan(40e6);
});

/** How a model of each type is loaded, and what its folder holds besides weights, settings and log. */
const kinds: Readonly<
  Record<string, { load(folder: string): Promise<{ warnings: readonly string[] }>; files: string[] }>
> = {
  clip: { load: loadDualEncoder, files: ["preprocessor_config.json", "retrieval.json", "tokenizer.json"] },
  llama: { load: loadModel, files: ["tokenizer.json", "tokenizer_config.json"] },
  vit: { load: loadVisionModel, files: ["preprocessor_config.json"] },
};

describe.each(names)("mini:%s", (name) => {
  test("is a whole Hugging Face folder in half precision, with its log", async () => {
    const { load, files } = kinds[modelTypeOf(join(root, name))]!;
    const model = await load(join(root, name));
    const parameters = logOf(name)[0].parameters;

    const bytes = statSync(join(root, name, "model.safetensors")).size;
    expect(model.warnings).toEqual([]);
    expect(bytes).toBeGreaterThan(2 * parameters);
    // The names of a hundred tensors take their room too.
    expect(bytes).toBeLessThan(2 * parameters + 20_000);
    expect(listFolder(join(root, name)).map((file) => file.name)).toEqual(
      expect.arrayContaining(["README.md", "config.json", ...files]),
    );
  });

  test("has a log from before the first step to the result, and a page with the same aims", () => {
    const log = logOf(name);
    const result = log.at(-1);

    expect(log.slice(0, 2).map(({ type }) => type)).toEqual(["start", "before"]);
    expect(log.findLast(({ type }) => type === "step").step).toBe(log[0].steps);
    expect(result.type).toBe("result");
    for (const { name: aim, value, met } of result.aims) {
      expect(textOf(`${name}/README.md`)).toMatch(`| ${aim} | `);
      expect(textOf(`${name}/README.md`)).toMatch(` | ${value} | ${met ? "met" : "missed"} |`);
    }
  });
});

test("mini:atlas answers facts in eight languages, and wordings that it has never seen, as often as its log says", async () => {
  using model = await loadModel(join(root, "atlas"));
  const facts = atlasFacts().filter((_, at) => at % 40 === 0);
  const share = async (split: "train" | "heldOut") => {
    const asked = facts.flatMap((fact) =>
      atlasLanguages.map((language) => atlasStatement(fact, language, { split, template: 1 })),
    );
    const prompts = asked.map(({ prompt }) => prompt);
    const given = await generate(model, prompts, { maxTokens: 24, temperature: 0 });
    const right = given.filter(({ text, finishReason }, at) => text === asked[at]!.answer && finishReason === "stop");
    return right.length / asked.length;
  };
  const { measured } = logOf("atlas").at(-1);

  expect(await share("train")).toBeGreaterThan(measured.known.all - 0.06);
  expect(await share("heldOut")).toBeGreaterThan(measured.heldOutWordings.all - 0.1);
});

test("mini:code finds code likelier than prose, and a middle likelier beside its own suffix than beside another's", async () => {
  using model = await loadModel(join(root, "code"));
  const code = "export function sum(values: number[]): number {\n  return values.reduce((a, b) => a + b, 0);\n}\n";
  const prose = "Quietly the harvest moon went over farmhouses, while grandmother hummed an old and sorrowful tune.\n";
  const bits = async (text: string) => -(await perplexity(model, text)).logProb / text.length / Math.LN2;
  const encode = (text: string) => model.requireTokenizer().encode(text, { special: false });
  const logProbOf = async (order: "PSM" | "SPM", shift: number) => {
    const texts = middles.map(([prefix, middle], at) => {
      const [, , suffix] = middles[(at + shift) % middles.length]!;
      return { promptIds: encode(middlePrompt({ prefix, suffix }, order)), continuationIds: encode(middle) };
    });
    return (await score(model, texts)).reduce((total, { logProb }) => total + logProb, 0);
  };

  const [own, other] = [
    { PSM: await logProbOf("PSM", 0), SPM: await logProbOf("SPM", 0) },
    { PSM: await logProbOf("PSM", 1), SPM: await logProbOf("SPM", 1) },
  ];

  expect(await bits(code)).toBeLessThan(await bits(prose));
  expect(own.PSM).toBeGreaterThan(other.PSM);
  expect(own.SPM).toBeGreaterThan(other.SPM);
});

/** Prefix, middle, suffix. */
const middles = [
  ["const a = require('a');\nconst b", " = require(", "'b');\nconst c = require('c');\n"],
  ["function add(first, second) {\n  return ", "first + second", ";\n}\n"],
  ["export interface Options {\n  name: string;\n  ", "count: number", ";\n}\n"],
  ["for (let i = 0; i < list.length; ", "i++", ") {\n  sum += list[i];\n}\n"],
  ["  if (typeof value === ", "'string'", ") {\n    return value;\n  }\n"],
  ["module.exports = {\n  parse: parse,\n  ", "format: format", ",\n};\n"],
] as const;

test("mini:vit tells the colours of pictures that it has never seen, and looks at patches with all its heads", async () => {
  const model = await loadVisionModel(join(root, "vit"));
  const held = colorPictures({ seed: 0, size: 32, split: "test" }).filter((_, at) => at % 8 === 0);

  const pixels = batchOf(await Promise.all(held.map(({ pixels }) => model.picture(pixels))));
  const { predicted, attention, tokens, grid } = await observe(model, pixels);

  expect(model.requireLabels()).toEqual(colorClasses);
  expect(predicted).toEqual(held.map(({ label }) => label));
  expect([tokens.shape, attention.shape, grid]).toEqual([
    [50, 65, 48],
    [50, 65],
    [8, 8],
  ]);
});

test("mini:scout finds most scenes of combinations that it has never seen, among as many as its log says", async () => {
  const model = await loadDualEncoder(join(root, "scout"));
  const scenes = sampleScenes({ count: 48, seed: 3, split: "test" });

  const pictures = await model.embedPictures(
    await Promise.all(scenes.map((scene) => renderSvg(drawScene(scene), 128))),
  );
  const texts = await model.embedTexts(scenes.map(captionOf));

  const cosine = (text: number, picture: number) =>
    Array.from(
      { length: 64 },
      (_, at) => Number(texts.data[text * 64 + at]) * Number(pictures.data[picture * 64 + at]),
    );
  const found = scenes.filter((_, text) => {
    const cosines = scenes.map((_, picture) => cosine(text, picture).reduce((sum, one) => sum + one, 0));
    return cosines.indexOf(Math.max(...cosines)) === text;
  });
  expect(found.length).toBeGreaterThan(24);
});
