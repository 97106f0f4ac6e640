// Exercises: src/cli/commands/model/explain.ts src/cli/commands/run.ts src/studies/pace/study.ts
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { colorPictures } from "#corpora";
import { encode, writeNpy } from "#formats";
import { deskAt } from "../../src/cli/desk-double.ts";
import { runCommandLine } from "../../src/cli/main.ts";

const home = mkdtempSync(join(tmpdir(), "assay-pace-input-"));
afterAll(() => rmSync(home, { recursive: true }));

/** Runs the command line and returns what a person sees. */
async function assay(...words: string[]) {
  const desk = deskAt(join(home, "store"));
  const code = await runCommandLine(words, desk);
  return { code, told: desk.told.join("\n"), printed: desk.printed.join("") };
}

const explain = (...words: string[]) => assay("model", "explain", "mini:vit", ...words, "-o", join(home, "out"));

/** A run of the tiny preset on someone's own data. */
function run(dataset: "folder" | "dump", images: string, assignments: readonly string[] = []) {
  const set = [`dataset=${dataset}`, `images=${images}`, "pictures=0", "explainers=pace", ...assignments];
  return assay("run", "pace", "--preset", "tiny", ...set.flatMap((one) => ["--set", one]));
}

const drawn = colorPictures({ seed: 0, size: 32, perClass: 50, split: "test" });
const png = (label: number, at: number) =>
  encode(drawn.filter((one) => one.label === label)[at]!.pixels, { format: "png" });

/** Files as cameras, scanners and editors leave them. */
const kinds: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  "grey.png": (image) => image.greyscale().png(),
  "alpha.png": (image) => image.ensureAlpha(0.5).png(),
  "cmyk.jpg": (image) => image.toColourspace("cmyk").jpeg(),
  "sixteen-bit.png": (image) => image.toColourspace("rgb16").png(),
  "wide.webp": (image) => image.resize(200, 31, { fit: "fill" }).webp({ lossless: true }),
  "pixel.png": (image) => image.resize(1, 1).png(),
};

/** A folder of class folders, four pictures each. */
async function photos(name: string): Promise<string> {
  for (const [label, kind] of ["warm", "cold"].entries()) {
    mkdirSync(join(home, name, kind), { recursive: true });
    for (let at = 0; at < 4; at++) writeFileSync(join(home, name, kind, `${at}.png`), await png(label, at));
  }
  return join(home, name);
}

const oddities = join(home, "oddities");
const odd = Object.keys(kinds).map((name) => join(oddities, name));

beforeAll(async () => {
  mkdirSync(oddities);
  for (const [name, make] of Object.entries(kinds)) {
    writeFileSync(join(oddities, name), await make(sharp(await png(0, 0))).toBuffer());
  }
});

/** mini:vit with other bytes at the end of its weights. */
function otherModel(name: string, change: (bytes: Buffer) => unknown): string {
  const folder = join(home, name);
  cpSync(join(import.meta.dirname, "../../miniatures/vit"), folder, { recursive: true });
  const file = join(folder, "model.safetensors");
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
  return folder;
}

describe("assay model explain", () => {
  test("takes pictures of other sizes and modes", async () => {
    const { code, printed } = await explain(...odd, "--count", "2");

    expect(code).toBe(0);
    for (const name of Object.keys(kinds)) expect(printed).toContain(name);
  });

  test("names a picture that is cut short", async () => {
    const whole = await png(0, 0);
    writeFileSync(join(home, "cut.png"), whole.subarray(0, whole.length / 2));

    const { code, told } = await explain(join(home, "cut.png"));

    expect(code).toBe(1);
    expect(told).toMatch(/Expected a picture in .*cut\.png, got a truncated or damaged file .*; fetch it again/);
  });

  test("says how many concepts the patches can have", async () => {
    const { code, told } = await explain(odd[0]!, "--count", "65");

    expect(code).toBe(1);
    expect(told).toContain(
      "Expected at least 65 different patches for 65 concepts, got 64; ask for fewer concepts or give more images",
    );
  });

  test("counts layers as it was asked to", async () => {
    const { code, told } = await explain(odd[0]!, "--layer", "9");

    expect(code).toBe(1);
    expect(told).toContain("mini:vit: Expected a layer from 1 to 4, counted from the end, got 9");
  });

  test("refuses concepts of a model whose weights differ by a bit, and names both", async () => {
    await explain(odd[0]!, "--count", "2", "--save", join(home, "kept"));
    const other = otherModel("other", (bytes) => bytes.writeUInt8(bytes.at(-2)! ^ 1, bytes.length - 2));

    const found = await assay("model", "explain", other, odd[0]!, "--concepts", join(home, "kept"));

    expect(found.code).toBe(1);
    expect(found.told).toMatch(
      /Expected embeddings of model "[0-9a-f]{64}", got "[0-9a-f]{64}" in the pictures; explain a model with concepts of its own/,
    );
  });

  test("names the weight of a damaged model, and the families that it can look into", async () => {
    const damaged = otherModel("damaged", (bytes) => bytes.fill(0xff, bytes.length - 4000));

    const [found, text] = [
      await assay("model", "explain", damaged, odd[0]!),
      await assay("model", "explain", "mini:atlas", odd[0]!),
    ];

    expect(found.told).toMatch(/Expected finite weights, got NaN in "vit\..*; the checkpoint is damaged/);
    expect([found.code, text.code]).toEqual([1, 1]);
    expect(text.told).toContain(
      'Expected a vision model\'s model_type in config.json, got "llama"; known are vit, deit',
    );
  });
});

describe("assay run pace on a folder of pictures", () => {
  test("takes pictures of other sizes and modes", async () => {
    const folder = await photos("mixed");
    cpSync(oddities, join(folder, "warm"), { recursive: true });

    const { code, told, printed } = await run("folder", folder, ["concepts=2"]);

    expect(code, told).toBe(0);
    expect(printed).toContain("PACE");
  }, 60_000);

  test.each<[string, (folder: string) => unknown, readonly string[], string]>([
    [
      "a picture that is cut short",
      (folder) => writeFileSync(join(folder, "cold/cut.png"), readFileSync(odd[1]!).subarray(0, 300)),
      [],
      "cold/cut.png, got a truncated or damaged file",
    ],
    [
      "a class without pictures",
      (folder) => mkdirSync(join(folder, "blank")),
      [],
      'got none in "blank"; fill it or take it away',
    ],
    [
      "a single class",
      (folder) => rmSync(join(folder, "cold"), { recursive: true }),
      [],
      "at least two class folders of",
    ],
    ["fewer patches than concepts", () => {}, ["concepts=400"], "different patches for 400 concepts, got"],
    [
      "a layer that the model has not",
      () => {},
      ["layer=9"],
      "Expected a layer from 1 to 4, counted from the end, got 9",
    ],
    [
      "pictures for no test",
      (folder) => {
        for (const name of ["warm/1.png", "warm/2.png", "warm/3.png", "cold/1.png", "cold/3.png"])
          rmSync(join(folder, name));
      },
      [],
      "Expected at least two pictures to learn from and two to test, got 2 and 1; give more",
    ],
  ])("names %s", async (name, change, assignments, message) => {
    const folder = await photos(name.replaceAll(" ", "-"));
    change(folder);

    const { code, told } = await run("folder", folder, assignments);

    expect(code).toBeGreaterThan(0);
    expect(told).toContain(message);
  });
});

/** Twenty images of eight patches of six numbers. */
function arrays(): Record<string, Tensor> {
  const rows = Float32Array.from({ length: 20 * 8 * 6 }, (_, at) => Math.sin(7 * at));
  return {
    embeddings: tensor([20, 8, 6], rows),
    attention: tensor([20, 8], new Float32Array(160).fill(0.125)),
    labels: tensor(
      [20],
      Int32Array.from({ length: 20 }, (_, at) => at % 2),
      "int32",
    ),
  };
}

function dump(name: string, given: Readonly<Record<string, Tensor | undefined>>): string {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  for (const [key, values] of Object.entries(given))
    if (values !== undefined) writeNpy(join(folder, `${key}.npy`), values);
  return folder;
}

const withHole = (values: Tensor, at: number): Tensor => {
  const data = values.data.slice() as Float32Array;
  data[at] = Number.NaN;
  return { ...values, data } as Tensor;
};

describe("assay run pace on embeddings made elsewhere", () => {
  test("counts patches alike without attention where it is asked to", async () => {
    const folder = dump("without attention", { ...arrays(), attention: undefined });

    const [refused, uniform] = [
      await run("dump", folder),
      await run("dump", folder, ["weights=uniform", "concepts=2"]),
    ];

    expect(refused.code).toBe(2);
    expect(refused.told).toMatch(
      /pace: Expected attention weights in .*, found none; ask the model for attention outputs, or count patches alike with --set weights=uniform/,
    );
    expect(uniform.code, uniform.told).toBe(0);
  }, 60_000);

  test("does without a class that no image has", async () => {
    const labels = tensor(
      [20],
      Int32Array.from({ length: 20 }, (_, at) => 2 * (at % 2)),
      "int32",
    );

    const { code, told } = await run("dump", dump("gap", { ...arrays(), labels }), ["concepts=2"]);

    expect(code, told).toBe(0);
  }, 60_000);

  const { embeddings, attention } = arrays() as { embeddings: Tensor; attention: Tensor };
  const flat = tensor([20, 8, 6], new Float32Array(960).fill(1));
  const cases: readonly [string, Record<string, Tensor | undefined>, readonly string[], string][] = [
    [
      "constant embeddings",
      { embeddings: flat },
      [],
      "Expected embeddings that differ, got 128 equal patches in train",
    ],
    [
      "an embedding that is no number",
      { embeddings: withHole(embeddings, 333) },
      [],
      "Expected finite embeddings for image 6, got NaN at patch 7, dimension 3; drop the image or embed it anew",
    ],
    [
      "a perturbed embedding that is no number",
      { perturbed_embeddings: withHole(embeddings, 333), perturbed_attention: attention },
      ["stability=1"],
      "for image 6 perturbed, got NaN at patch 7",
    ],
    [
      "probabilities that are no numbers",
      { probabilities: tensor([20, 2], new Float32Array(40).fill(Number.NaN)) },
      [],
      "Expected finite probabilities for image",
    ],
    [
      "a label beyond the probabilities",
      {
        labels: tensor([20], new Int32Array(20).fill(7), "int32"),
        probabilities: tensor([20, 2], new Float32Array(40).fill(0.5)),
      },
      [],
      "Expected a class from 0 to 1 for image",
    ],
    ["fewer patches than concepts", {}, ["concepts=400"], "for 400 concepts, got 128"],
    ["attention that is zero", { attention: tensor([20, 8], new Float32Array(160)) }, [], "got a sum of 0"],
    [
      "attention of every token to every other",
      { attention: tensor([20, 2, 8, 8], new Float32Array(2560).fill(1)) },
      [],
      "Expected 8 weights an image, or a head, in attention",
    ],
    [
      "embeddings without patches",
      { embeddings: tensor([20, 48], new Float32Array(960)) },
      [],
      "Expected embeddings [images, patches, width]",
    ],
    [
      "answers that are missing",
      { labels: undefined },
      [],
      "Expected labels.npy, probabilities.npy or logits.npy beside",
    ],
  ];

  test.each(cases)("names %s", async (name, change, assignments, message) => {
    const { code, told } = await run("dump", dump(name, { ...arrays(), ...change }), assignments);

    expect(code).toBeGreaterThan(0);
    expect(told).toContain(message);
  });

  test("names a folder without embeddings, and a file that is cut short", async () => {
    const cut = dump("cut", arrays());
    writeFileSync(join(cut, "embeddings.npy"), readFileSync(join(cut, "embeddings.npy")).subarray(0, -10));

    const [empty, short] = [await run("dump", oddities), await run("dump", cut)];

    expect(empty.told).toMatch(
      /Expected embeddings\.npy in .*oddities, or a safetensors file with a tensor "embeddings"/,
    );
    expect(short.told).toMatch(/embeddings\.npy, got \d+ bytes for shape \[20, 8, 6\] of 3840/);
    expect([empty.code, short.code]).toEqual([1, 1]);
  });
});
