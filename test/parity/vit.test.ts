import { describe, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { countParameters, loadVisionModel, observe, openVisionFolder, traceVision } from "#models";
import { fixture, readGolden, relativeDistance } from "./decoder-parity.ts";

interface VisionGolden {
  readonly parameters: number;
  readonly pixels: { readonly shape: number[]; readonly data: number[] };
  readonly taps: Record<string, { readonly shape: number[]; readonly data: number[] }>;
}

const goldenOf = (name: string) => readGolden(name) as unknown as VisionGolden;
const pixelsOf = ({ pixels }: VisionGolden): Tensor => tensor(pixels.shape, pixels.data);

/** Golden file → the folder that it was computed with. */
const variations = [
  ["vit", "vit"],
  ["vit-larger-picture", "vit"],
  ["vit-base", "vit-base"],
  ["deit", "deit"],
  ["deit-distilled", "deit-distilled"],
] as const;

test.each(variations)("%s matches the reference to 1e-5 at every tap", async (name, folder) => {
  const golden = goldenOf(name);
  const model = await loadVisionModel(fixture(folder));

  const { taps } = await traceVision(model, { pixels: pixelsOf(golden), taps: Object.keys(golden.taps) });

  expect(Object.keys(golden.taps).length).toBeGreaterThan(20);
  for (const [tap, value] of Object.entries(golden.taps)) {
    expect(relativeDistance(taps[tap]!, value), tap).toBeLessThan(1e-5);
  }
});

test.each(variations)("%s has the reference's number of parameters, poolers apart", (name, folder) => {
  const opened = openVisionFolder(fixture(folder));
  const poolers = name === "vit-base" ? 16 * 16 + 16 : 0;

  opened.checkpoint.close();

  expect(opened.parameters).toBe(goldenOf(name).parameters - poolers);
  expect(countParameters(opened.plan)).toBe(opened.parameters);
  expect(opened.unknownKeys).toEqual([]);
  expect(opened.spareTensors).toEqual([]);
});

describe("observe()", () => {
  test("gives the last but one hidden state, the class token's mean attention, and the class", async () => {
    const golden = goldenOf("vit-larger-picture");
    const model = await loadVisionModel(fixture("vit"));

    const seen = await observe(model, pixelsOf(golden), { batchSize: 1 });

    expect(relativeDistance(seen.tokens, golden.taps["blocks.0.residual"]!)).toBeLessThan(1e-5);
    const { shape, data } = golden.taps["blocks.1.attention.pattern"]!;
    const [, heads, tokens] = shape as [number, number, number];
    const mean = Array.from({ length: 2 * tokens }, (_, at) => {
      const [picture, token] = [Math.floor(at / tokens), at % tokens];
      const rows = Array.from({ length: heads }, (_, head) => data[(picture * heads + head) * tokens ** 2 + token]!);
      return rows.reduce((sum, value) => sum + value, 0) / heads;
    });
    expect(relativeDistance(seen.attention, { shape: [2, tokens], data: mean })).toBeLessThan(1e-5);
    const logits = golden.taps.logits!.data;
    const best = [0, 1].map((row) => {
      const values = logits.slice(row * 3, row * 3 + 3);
      return values.indexOf(Math.max(...values));
    });
    expect(seen).toMatchObject({ grid: [5, 3], specials: 1, predicted: best });
  });

  test("knows both tokens of a distilled DeiT, and no class of a model without a classifier", async () => {
    const distilled = await loadVisionModel(fixture("deit-distilled"));
    const base = await loadVisionModel(fixture("vit-base"));

    const twice = await observe(distilled, pixelsOf(goldenOf("deit-distilled")), { layer: 0, attentionLayer: 0 });
    const unnamed = await observe(base, pixelsOf(goldenOf("vit-base")));

    expect(twice).toMatchObject({ grid: [3, 4], specials: 2 });
    expect(relativeDistance(twice.tokens, goldenOf("deit-distilled").taps.embedding!)).toBeLessThan(1e-5);
    expect(unnamed).toMatchObject({ predicted: [-1, -1], logits: undefined });
    expect(() => base.requireLabels()).toThrow("Expected a classifier, found none");
    expect(distilled.requireLabels()).toEqual(["smear", "sign", "square"]);
  });

  test("refuses layers that there are not, pixels of another shape, and numbers that are none", async () => {
    const model = await loadVisionModel(fixture("vit"));
    const pixels = pixelsOf(goldenOf("vit"));

    await expect(observe(model, pixels, { layer: 3 })).rejects.toThrow("Expected a layer from 0 to 2, got 3");
    await expect(observe(model, tensor([1, 1, 8, 8], new Float32Array(64)))).rejects.toThrow("got [1, 1, 8, 8]");
    await expect(observe(model, tensor([1, 3, 8, 8], new Float32Array(192).fill(Number.NaN)))).rejects.toThrow(
      "Expected finite pixels, got NaN at 0",
    );
  });
});
