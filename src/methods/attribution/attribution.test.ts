import { describe, expect, test } from "vitest";
import { tensor } from "#base";
import { colorPictures, colorTruth } from "#corpora";
import { constant, stack, type Value } from "#engine";
import { batchOf, loadVisionModel, observe } from "#models";
import { type EmbeddedImage, sourceOfImages } from "../concepts/embedded-image.ts";
import { preparePicture } from "./attribution.ts";
import { pictureOf, plainModel } from "./attribution-double.ts";
import { attributionExplainer, attributionMethods } from "./explainer.ts";
import { adversarialGradients, integratedGradients, saliency } from "./gradients.ts";
import { maskedLogits } from "./masked.ts";
import { kernelShap, lime } from "./surrogates.ts";

const rows = [
  [1, 2, -1],
  [0.5, -1, 3],
  [2, 0, 1],
] as const;
const picture = pictureOf(rows);

/** w · x for class 1, 0 for class 0. */
const weights = [
  [1, -2, 0.5],
  [3, 1, -1],
  [-1, 4, 2],
];
const linear = plainModel(3, 2, (patches) => {
  const score = patches.mul(constant(tensor([3, 3], weights.flat()))).sum({ axes: [1, 2] }); // [N]
  return stack([score.mul(0), score], 1);
});
const products = rows.map((row, patch) => row.map((value, at) => value * weights[patch]![at]!));
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const byPatch = products.map(sum);
const byDimension = [0, 1, 2].map((at) => sum(products.map((row) => row[at]!)));

/** The product of the first numbers of two patches, and the first number of the third: not additive. */
const product = plainModel(3, 2, (patches) => {
  const first = (at: number): Value =>
    patches
      .mul(
        constant(
          tensor(
            [3, 3],
            [0, 1, 2].flatMap((row) => [row === at ? 1 : 0, 0, 0]),
          ),
        ),
      )
      .sum({ axes: [1, 2] });
  const score = first(0).mul(first(1)).add(first(2));
  return stack([score.mul(0), score], 1);
});

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const close = (found: ArrayLike<number>, expected: readonly number[], digits = 4): void => {
  expect(found.length).toBe(expected.length);
  for (const [at, value] of expected.entries()) expect(found[at]).toBeCloseTo(value, digits);
};

test("saliency() of a linear model is the size of its weights", async () => {
  const { patches, dimensions } = await saliency({ model: linear, picture, label: 1 });

  close(
    patches,
    weights.map((row) => sum(row.map(Math.abs))),
  );
  close(
    dimensions,
    [0, 1, 2].map((at) => sum(weights.map((row) => Math.abs(row[at]!)))),
  );
});

test("integratedGradients() of a linear model is weight times value, after one step", async () => {
  const { patches, dimensions } = await integratedGradients({ model: linear, picture, label: 1 }, { steps: 1 });

  close(patches, byPatch);
  close(dimensions, byDimension);
});

test("integratedGradients() of a product gives both factors half, and all parts add up to the difference", async () => {
  const { patches } = await integratedGradients({ model: product, picture, label: 1 }, { steps: 8 });

  close(patches, [(1 * 0.5) / 2, (1 * 0.5) / 2, 2]);
});

test("adversarialGradients() of a linear model of two classes is ε p₀ p₁ |w| after one step", async () => {
  const options = { steps: 1, stepSize: 0.1 };
  const { patches } = await adversarialGradients({ model: linear, picture, label: 0 }, options);

  const values = [0, 0, 0, ...rows.flat()];
  const mean = sum(values) / values.length;
  const epsilon = 0.1 * Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
  const own = 1 / (1 + Math.exp(sum(byPatch)));
  close(
    patches,
    weights.map((row) => epsilon * own * (1 - own) * sum(row.map(Math.abs))),
    5,
  );
});

test("adversarialGradients() ends where the model says the other class", async () => {
  const far = { steps: 200, stepSize: 1 };
  const [once, twice] = [
    await adversarialGradients({ model: linear, picture, label: 0 }, far),
    await adversarialGradients({ model: linear, picture, label: 0 }, { ...far, steps: 400 }),
  ];

  expect(twice.patches).toEqual(once.patches);
});

test("kernelShap() gives Shapley values: a linear model's own parts, and both factors of a product half", async () => {
  const ofLinear = await kernelShap({ model: linear, picture, label: 1 });
  const ofProduct = await kernelShap({ model: product, picture, label: 1 });
  const overDimensions = await kernelShap({ model: linear, picture, label: 1 }, { over: "dimensions" });

  close(ofLinear.values, byPatch);
  close(ofProduct.values, [0.25, 0.25, 2]);
  close(overDimensions.values, byDimension);
  expect(ofProduct.whole - ofProduct.empty).toBeCloseTo(2.5, 5);
});

test("kernelShap() of many patches comes from samples, and adds up to the difference all the same", async () => {
  const many = Array.from({ length: 20 }, (_, at) => [at - 9, 1, 0] as const);
  const model = plainModel(20, 2, (patches) =>
    stack([patches.sum({ axes: [1, 2] }).mul(0), patches.sum({ axes: [1, 2] })], 1),
  );

  const { values, whole, empty } = await kernelShap({ model, picture: pictureOf(many), label: 1 }, { samples: 200 });

  close(
    values,
    many.map((row) => sum(row)),
    3,
  );
  expect(sum(values)).toBeCloseTo(whole - empty, 4);
  await expect(kernelShap({ model, picture: pictureOf(many), label: 1 }, { samples: 4 })).rejects.toThrow(
    "ask for more",
  );
});

test("lime() of a linear model is its parts, when nothing is shrunk", async () => {
  const { values } = await lime({ model: linear, picture, label: 1 }, { samples: 100, ridge: 1e-6 });

  close(values, byPatch, 3);
});

test("attribution refuses counts that are none, and maskings of another length", async () => {
  const input = { model: linear, picture, label: 1 };
  const ready = await preparePicture(input);

  await expect(integratedGradients(input, { steps: 0 })).rejects.toThrow("a whole number above zero for steps, got 0");
  await expect(maskedLogits(linear, ready, { masks: [[1, 0]], over: "patches" })).rejects.toThrow("Expected 3 patches");
});

describe("with mini:vit", async () => {
  const model = await loadVisionModel("mini:vit");
  const held = colorPictures({ seed: 0, size: 32, perClass: 10, split: "test" });
  const pictures = new Map(
    await Promise.all(held.map(async ({ name, pixels }) => [name, await model.picture(pixels)] as const)),
  );

  test("maskedLogits() with everything shown is the model's word, and a hidden patch is one of the mean colour", async () => {
    const picture = pictures.get(held[0]!.name)!;
    const ready = await preparePicture({ model, picture });
    const grey = { ...picture, data: (picture.data as Float32Array).slice() };
    for (let channel = 0; channel < 3; channel++)
      for (let y = 0; y < 4; y++) grey.data.fill(0, channel * 1024 + y * 32 + 4, channel * 1024 + y * 32 + 8);
    const mask = Array.from({ length: 64 }, (_, at) => (at === 1 ? 0 : 1));

    const [whole, hidden] = await maskedLogits(model, ready, { masks: [new Array(64).fill(1), mask], over: "patches" });

    const { logits } = await observe(model, batchOf([picture, grey]));
    close([...whole!, ...hidden!], [...(logits!.data as Float32Array)]);
  });

  test("integratedGradients() adds up to the difference of logits", async () => {
    const input = { model, picture: pictures.get(held[0]!.name)! };
    const ready = await preparePicture(input);
    const { patches } = await integratedGradients(input, { steps: 250 });
    const none = new Array(64).fill(0);
    const all = new Array(64).fill(1);

    const [whole, empty] = await maskedLogits(model, ready, { masks: [all, none], over: "patches" });

    const gap = whole![ready.label]! - empty![ready.label]!;
    expect(Math.abs(sum(patches) - gap) / Math.abs(gap)).toBeLessThan(0.05);
  });

  test("kernelShap() finds that coloured patches count more than black ones", async () => {
    const one = held.find(({ cells }) => cells.includes("black"))!;
    const { values } = await kernelShap({ model, picture: pictures.get(one.name)! }, { samples: 400 });

    const truth = colorTruth(one, 4);
    const mean = (isBlack: boolean) => {
      const chosen = [...values].filter((_, at) => (truth[at] === 4) === isBlack);
      return sum(chosen) / chosen.length;
    };
    expect(mean(false)).toBeGreaterThan(mean(true));
  });

  test.each([
    ["lime", lime],
    ["kernelShap", kernelShap],
  ] as const)("%s() refuses a class that the model has not", async (_, ask) => {
    const picture = pictures.get(held[0]!.name)!;

    await expect(ask({ model, picture, label: 2 }, { samples: 100 })).rejects.toThrow(
      "Expected a class from 0 to 1, got 2",
    );
  });

  test.each(attributionMethods)(
    "attributionExplainer() of %s speaks of every dimension of each image",
    async (method) => {
      const images: EmbeddedImage[] = held.slice(0, 2).map(({ name, label }) => ({
        id: name,
        label,
        embeddings: new Float32Array(64 * 48).fill(1),
        attention: new Float32Array(64).fill(1 / 64),
      }));
      const source = sourceOfImages(images, { name: "colors", width: 48, classes: 2, model: "mini:vit" });
      const explainer = attributionExplainer({ method, model, pictureOf: (id) => pictures.get(id)!, budget: 100 });

      const fitted = await explainer.fit(source);
      const found = await listOf(fitted.explain(source));

      expect(found.map(({ id, theta }) => [id, theta.length])).toEqual(images.map(({ id }) => [id, 48]));
      expect(found.every(({ theta }) => theta.some((value) => value !== 0) && theta.every(Number.isFinite))).toBe(true);
      expect([fitted.name, fitted.size, fitted.level]).toEqual([method, 48, "no"]);
      const narrow = sourceOfImages([], { name: "others", width: 12, classes: 2, model: "x" });
      await expect(listOf(fitted.explain(narrow))).rejects.toThrow("Expected embeddings of 48 numbers");
    },
  );
});
