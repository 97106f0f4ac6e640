import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { sourceOf, writeNpy, writeSafetensors } from "#formats";
import { type EmbeddedImage, explainAll, fitConcepts } from "#methods/concepts";
import { loadVisionModel } from "#models";
import { openDumps } from "./dumps.ts";
import { lookAt, type SeenPicture } from "./embed.ts";
import module from "./module.ts";
import { openPictures } from "./pictures.ts";
import { conducted, settingsWith, valuesOf } from "./study-double.ts";

const home = mkdtempSync(join(tmpdir(), "assay-pace-"));
afterAll(() => rmSync(home, { recursive: true }));

/** A dump of what the miniature sees in pictures. */
function arraysOf(seen: readonly SeenPicture[]): Record<string, Tensor> {
  const rows = (read: (one: SeenPicture) => Iterable<number>) => seen.flatMap((one) => [...read(one)]);
  const count = seen.length;
  return {
    embeddings: tensor(
      [count, 64, 48],
      rows(({ image }) => image.embeddings),
    ),
    attention: tensor(
      [count, 64],
      rows(({ image }) => image.attention),
    ),
    probabilities: tensor(
      [count, 2],
      rows(({ probabilities }) => probabilities),
    ),
    perturbed_embeddings: tensor(
      [count, 64, 48],
      rows(({ image }) => image.perturbed!.embeddings),
    ),
    perturbed_attention: tensor(
      [count, 64],
      rows(({ image }) => image.perturbed!.attention),
    ),
  };
}

function writeFolder(name: string, arrays: Readonly<Record<string, Tensor>>): string {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  for (const [key, values] of Object.entries(arrays)) writeNpy(join(folder, `${key}.npy`), values);
  return folder;
}

function writeFile(name: string, arrays: Readonly<Record<string, Tensor>>): string {
  const path = join(home, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeSafetensors(
    path,
    Object.entries(arrays).map(([key, values]) => sourceOf(key, values)),
  );
  return path;
}

/** Images that are numbered: embeddings are the image's number, of two patches of two dimensions, but for a little. */
function numbered(count: number, { width = 2, labels = true } = {}): Record<string, Tensor> {
  const embeddings = Float32Array.from(
    { length: count * 2 * width },
    (_, at) => Math.floor(at / (2 * width)) + (at % 3) / 8,
  );
  const about = {
    embeddings: tensor([count, 2, width], embeddings),
    attention: tensor([count, 2], new Float32Array(2 * count).fill(0.5)),
  };
  return labels
    ? {
        ...about,
        labels: tensor(
          [count],
          Int32Array.from({ length: count }, (_, at) => at % 2),
        ),
      }
    : about;
}

const openAt = (images: string) => openDumps(settingsWith({ dataset: "dump", images }), 0);
const imagesOf = (source: { images(): unknown }): EmbeddedImage[] => [...(source.images() as Iterable<EmbeddedImage>)];

test("pace: embeddings that were made elsewhere are scored without a model, and attributions ask for one", async () => {
  const model = await loadVisionModel("mini:vit");
  const set = await openPictures(settingsWith(), 0);
  for (const part of ["train", "test"] as const) {
    const seen = await lookAt(model, set[part], { settings: settingsWith(), seed: 0, withPerturbed: true });
    writeFolder(`folders/${part}`, arraysOf(seen));
    writeFile(`files/${part}.safetensors`, arraysOf(seen));
  }
  const dump = { dataset: "dump", images: join(home, "folders"), explainers: "pace,gmm,craft" };

  const run = await conducted(dump, { home });
  const shown = await module.report(run, { pictures: true });
  const same = await conducted({ ...dump, images: join(home, "files") }, { home });

  expect(valuesOf(run, "faithfulness")).toHaveLength(3);
  expect(valuesOf(same, "faithfulness")).toEqual(valuesOf(run, "faithfulness"));
  expect(valuesOf(run, "correctedStability").every((value) => value! > 0)).toBe(true);
  expect(valuesOf(run, "deletion")).toEqual([]);
  expect(shown.figures.map(({ id }) => id)).toEqual([
    "scale/faithfulness",
    "scale/correctedStability",
    "scale/sparsity",
  ]);
  await expect(conducted({ ...dump, explainers: "lime" }, { home })).rejects.toThrow(
    "Expected a model for lime, got embeddings alone",
  );
  await expect(conducted({ dataset: "dump" }, { home })).rejects.toThrow("Expected --set images=DIR");
});

test("openDumps() tests on a fifth of a dump without a split, every image on one side and in a fixed order", () => {
  using first = openAt(writeFolder("whole", numbered(20)));
  using again = openAt(writeFile("whole.safetensors", numbered(20)));

  const ids = ({ sources: { train, test } }: typeof first) =>
    [train, test].map((one) => imagesOf(one).map(({ id }) => id));
  const [train, test] = ids(first) as [string[], string[]];
  expect([train.length, test.length]).toEqual([16, 4]);
  expect(new Set([...train, ...test]).size).toBe(20);
  expect(ids(again)).toEqual([train, test]);
  expect(first.scene.test.map(({ predicted }) => predicted)).toEqual(test.map((id) => Number(id) % 2));
  expect(first.sources.perturbed).toBeUndefined();
});

test("openDumps() keeps no embeddings in memory: each pass reads what the files say then", async () => {
  const folder = writeFolder("changing", numbered(10));
  using dumps = openAt(folder);
  const { train } = dumps.sources;
  const before = imagesOf(train);
  const concepts = await fitConcepts(train, { concepts: 2, epochs: 1 });

  const path = join(folder, "embeddings.npy");
  writeSync(openSync(path, "r+"), Buffer.alloc(10 * 4 * 4), 0, 160, statSync(path).size - 160);

  expect(before.some(({ embeddings }) => embeddings[0] !== 0)).toBe(true);
  expect(imagesOf(train).flatMap(({ embeddings }) => [...embeddings])).toEqual(new Array(8 * 4).fill(0));
  expect((await explainAll(concepts, train))[0]!.theta).toHaveLength(2);
});

test("openDumps() refuses parts that do not belong together, and answers that are missing", () => {
  writeFolder("uneven/train", numbered(4));
  writeFolder("uneven/test", numbered(4, { width: 4 }));
  writeFolder("half/train", numbered(4));

  expect(() => openAt(join(home, "uneven"))).toThrow(
    /Expected embeddings of one width, got 2 in .*train and 4 in .*test/,
  );
  expect(() => openAt(join(home, "half"))).toThrow(/half\/test/);
  expect(() => openAt(writeFolder("unlabelled", numbered(4, { labels: false })))).toThrow(
    "Expected labels.npy, probabilities.npy or logits.npy beside the embeddings",
  );
});

const descriptors = "/proc/self/fd";
test.skipIf(!existsSync(descriptors))("openDumps() leaves no file open, whether it is closed or refuses", () => {
  const [good, bad] = [writeFolder("good", numbered(4)), writeFolder("bad", numbered(4, { labels: false }))];
  const before = readdirSync(descriptors).length;

  openAt(good)[Symbol.dispose]();
  for (const place of [bad, writeFile("bad.safetensors", numbered(4, { labels: false }))]) {
    expect(() => openAt(place)).toThrow();
  }

  expect(readdirSync(descriptors).length).toBe(before);
});
