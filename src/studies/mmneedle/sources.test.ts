import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveSettings } from "#runs";
import { openCollection } from "./data.ts";
import { MosaicPainter } from "./pictures.ts";
import { settings as table } from "./settings.ts";

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data");
const one = { pictures: 1, side: 2, needles: 1 };

async function open(assignments: Record<string, string>) {
  const settings = resolveSettings(table, { study: "mmneedle", preset: "tiny", assignments });
  return { settings, collection: await openCollection(settings, 0) };
}

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-mmneedle-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

test("openScenes() draws the same haystacks and captions for a seed, and others for another", async () => {
  const settings = resolveSettings(table, { study: "mmneedle", preset: "tiny", assignments: {} });

  const identity = async (seed: number) => (await openCollection(settings, seed)).identity;

  expect(await identity(0)).toEqual(await identity(0));
  expect(await identity(1)).not.toEqual(await identity(0));
});

test("openScenes() gives every picture a caption of its own", async () => {
  const { collection } = await open({});
  const { mosaics } = collection.haystacks(one);

  expect(new Set(mosaics.sources.map(collection.captionOf)).size).toBe(mosaics.sources.length);
});

test("MosaicPainter draws a mosaic of scenes as a JPEG of N cells a side", async () => {
  const { settings, collection } = await open({});
  const { mosaics } = collection.haystacks(one);

  const jpeg = await new MosaicPainter(collection, { index: mosaics, settings }).paint(0);

  expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  expect(heightOf(jpeg)).toBe(128);
});

/** The height in a baseline JPEG's frame header. */
function heightOf(jpeg: Uint8Array): number {
  const frame = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xc0]));
  return Buffer.from(jpeg).readUInt16BE(frame + 5);
}

test("a picture's key changes with its cells and with the choices, not with the order of asking", async () => {
  const keyOf = async (assignments: Record<string, string>, mosaic: number) => {
    const { settings, collection } = await open(assignments);
    const { mosaics } = collection.haystacks(one);
    return new MosaicPainter(collection, { index: mosaics, settings }).part(mosaic).key;
  };

  const keys = [keyOf({}, 3), keyOf({}, 4), keyOf({ quality: "90" }, 3), keyOf({ cell: "65" }, 3)];

  expect(await keyOf({}, 3)).toBe(await keys[0]);
  expect(new Set(await Promise.all(keys)).size).toBe(4);
});

test("openFolder() without a folder, or without captions in it, says what to give", async () => {
  await expect(open({ source: "folder" })).rejects.toThrow("Expected --set folder=DIR");
  await expect(open({ source: "folder", folder: folderWith({}) })).rejects.toThrow("captions.csv");
});

test("openFolder() counts captioned pictures that are not there", async () => {
  const folder = folderWith({ "captions.csv": "file,caption\na.png,one\nb.png,two\n", "a.png": "" });

  await expect(open({ source: "folder", folder })).rejects.toThrow("Expected 2 pictures in");
  await expect(open({ source: "folder", folder })).rejects.toThrow("1 are missing: b.png");
});

test("openFolder() makes another run of an exchanged picture", async () => {
  const identityWith = async (content: string) =>
    (
      await open({
        source: "folder",
        folder: folderWith({ "captions.csv": "file,caption\na.png,one\n", "a.png": content }),
      })
    ).collection.identity;

  expect(await identityWith("x")).toEqual(await identityWith("x"));
  expect(await identityWith("y")).not.toEqual(await identityWith("x"));
});

const photos = join(shared, "skimage-captioned");

test.skipIf(!existsSync(photos))("openFolder() stitches real photos of any size and mode", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-mmneedle-"));
  const given: Record<string, { caption: string }> = JSON.parse(readFileSync(join(photos, "captions.json"), "utf8"));
  const lines = Object.entries(given).map(([file, { caption }]) => JSON.stringify({ file, caption }));
  for (const name of Object.keys(given)) copyFileSync(join(photos, name), join(folder, name));
  writeFileSync(join(folder, "captions.jsonl"), lines.join("\n"));
  const { settings, collection } = await open({ source: "folder", folder, samples: "3" });

  const { mosaics } = collection.haystacks(one);
  const drawn = await new MosaicPainter(collection, { index: mosaics, settings }).paint(0);

  expect(heightOf(drawn)).toBe(128);
  expect(mosaics.sources.map(collection.captionOf)).toContain("a cup of coffee on a wooden table");
});

const official = join(shared, "mmneedle");
const paperFiles = {
  source: "official",
  folder: official,
  side: "2",
  pictures: "1",
  needles: "1",
  samples: "100",
  mixed: "0",
};

test.skipIf(!existsSync(official))("openOfficial() asks the authors' needles with their captions", async () => {
  const { collection } = await open(paperFiles);

  const haystacks = collection.haystacks(one);

  expect(haystacks.at(0).truth).toBe("1, 2, 2");
  expect(collection.captionOf(haystacks.at(0).targets[0]!)).toBe("A clock that is standing on a table.");
});

test.skipIf(!existsSync(official))("openOfficial() counts missing photos before anything is asked", async () => {
  const empty = mkdtempSync(join(tmpdir(), "assay-val2014-"));
  mkdirSync(join(empty, "nothing"));
  const { collection } = await open({ ...paperFiles, photos: empty });

  expect(readdirSync(empty)).toEqual(["nothing"]);
  expect(() => collection.requirePhotos([collection.haystacks(one)])).toThrow(
    /Expected 25393 pictures in .+, 25393 are missing: COCO_val2014_/,
  );
  const { collection: nowhere } = await open(paperFiles);
  expect(() => nowhere.requirePhotos([nowhere.haystacks(one)])).toThrow("--set photos=DIR");
});

test.skipIf(!existsSync(official))(
  "openOfficial() without the mosaics' file still asks controls, and says what others need",
  async () => {
    const { collection } = await open({ ...paperFiles, side: "4" });
    const haystacks = collection.haystacks({ ...one, side: 4 });

    expect(haystacks.at(0).truth).toMatch(/^1, \d, \d$/);
    expect(() => collection.requirePhotos([haystacks])).toThrow("Expected 4_4.json beside the annotations");
  },
);

test.skipIf(!existsSync(official))("openOfficial() refuses settings that would draw the needles anew", async () => {
  await expect(open({ ...paperFiles, uniqueCaptions: "true" })).rejects.toThrow(
    "uniqueCaptions=true, which draws anew",
  );
  await expect(open({ ...paperFiles, samples: "5001" })).rejects.toThrow("Expected at most 5000 samples");
});
