import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { EmbeddedImage } from "#methods/concepts";
import { loadVisionModel } from "#models";
import { lookAt, sourceOf } from "./embed.ts";
import { EmbeddingParts } from "./embedding-parts.ts";
import { openPictures } from "./pictures.ts";
import type { Settings } from "./settings.ts";
import { settingsWith } from "./study-double.ts";

const home = mkdtempSync(join(tmpdir(), "assay-pace-"));
afterAll(() => rmSync(home, { recursive: true }));

test("lookAt() and sourceOf() leave the class token out or keep it, and name model and layer", async () => {
  const model = await loadVisionModel("mini:vit");
  const set = await openPictures(settingsWith(), 0);
  const look = (settings: Settings) => lookAt(model, set.test.slice(0, 2), { settings, seed: 0, withPerturbed: true });

  const [without, withClass] = [await look(settingsWith()), await look(settingsWith({ classToken: "yes" }))];

  expect([without[0]!.image.attention.length, withClass[0]!.image.attention.length]).toEqual([64, 65]);
  expect(without[0]!.image.perturbed!.id).toBe(`${set.test[0]!.name} perturbed`);
  const of = (settings: Settings) => sourceOf(model, without, { name: "x", settings }).model;
  expect(of(settingsWith())).not.toBe(of(settingsWith({ layer: "1" })));
});

test("lookAt() sees the same in parts on disk as in memory, and looks at no part twice", async () => {
  const model = await loadVisionModel("mini:vit");
  const set = await openPictures(settingsWith(), 0);
  const folder = join(home, "parts");
  using parts = new EmbeddingParts(folder);
  const look = (more: { parts?: EmbeddingParts }) =>
    lookAt(model, set.test.slice(0, 3), { settings: settingsWith(), seed: 0, withPerturbed: true, ...more });
  const [inMemory, onDisk] = [await look({}), await look({ parts })];
  const written = statSync(join(folder, "0.safetensors"));

  const again = await look({ parts });

  const numbers = (seen: typeof inMemory) =>
    seen.map(({ image, ...one }) => [
      ...[
        [...image.embeddings],
        [...image.attention],
        [...image.perturbed!.embeddings],
        [...image.perturbed!.attention],
      ],
      ...[one.predicted, [...one.probabilities], one.grid, image.perturbed!.id],
    ]);
  expect(numbers(onDisk)).toEqual(numbers(inMemory));
  expect(numbers(again)).toEqual(numbers(inMemory));
  expect(statSync(join(folder, "0.safetensors")).ino).toBe(written.ino);
  const [one] = sourceOf(model, onDisk, { name: "x", settings: settingsWith() }).images() as Iterable<EmbeddedImage>;
  expect(Object.getOwnPropertyDescriptor(one, "embeddings")!.value).toEqual(inMemory[0]!.image.embeddings);
});
