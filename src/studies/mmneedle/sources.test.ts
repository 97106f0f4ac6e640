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

function open(assignments: Record<string, string>) {
  const settings = resolveSettings(table, { study: "mmneedle", preset: "tiny", assignments });
  return { settings, collection: openCollection(settings, 0) };
}

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-mmneedle-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

test("openScenes() draws the same haystacks and captions for a seed, and others for another", () => {
  const settings = resolveSettings(table, { study: "mmneedle", preset: "tiny", assignments: {} });

  expect(openCollection(settings, 0).identity).toEqual(openCollection(settings, 0).identity);
  expect(openCollection(settings, 1).identity).not.toEqual(openCollection(settings, 0).identity);
});

test("openScenes() gives every picture a caption of its own", () => {
  const { collection } = open({});
  const { mosaics } = collection.haystacks(one);

  expect(new Set(mosaics.sources.map(collection.captionOf)).size).toBe(mosaics.sources.length);
});

test("MosaicPainter draws a mosaic of scenes as a JPEG of N cells a side", async () => {
  const { settings, collection } = open({});
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

test("a picture's key changes with its cells and with the choices, not with the order of asking", () => {
  const keyOf = (assignments: Record<string, string>, mosaic: number) => {
    const { settings, collection } = open(assignments);
    const { mosaics } = collection.haystacks(one);
    return new MosaicPainter(collection, { index: mosaics, settings }).part(mosaic).key;
  };

  expect(keyOf({}, 3)).toBe(keyOf({}, 3));
  expect(new Set([keyOf({}, 3), keyOf({}, 4), keyOf({ quality: "90" }, 3), keyOf({ cell: "65" }, 3)]).size).toBe(4);
});

test("openFolder() without a folder, or without captions in it, says what to give", () => {
  expect(() => open({ source: "folder" })).toThrow("Expected --set folder=DIR");
  expect(() => open({ source: "folder", folder: folderWith({}) })).toThrow("captions.csv");
});

test("openFolder() counts captioned pictures that are not there", () => {
  const folder = folderWith({ "captions.csv": "file,caption\na.png,one\nb.png,two\n", "a.png": "" });

  expect(() => open({ source: "folder", folder })).toThrow("Expected 2 pictures in");
  expect(() => open({ source: "folder", folder })).toThrow("1 are missing: b.png");
});

test("openFolder() makes another run of an exchanged picture", () => {
  const identityWith = (content: string) =>
    open({ source: "folder", folder: folderWith({ "captions.csv": "file,caption\na.png,one\n", "a.png": content }) })
      .collection.identity;

  expect(identityWith("x")).toEqual(identityWith("x"));
  expect(identityWith("y")).not.toEqual(identityWith("x"));
});

const photos = join(shared, "skimage-captioned");

test.skipIf(!existsSync(photos))("openFolder() stitches real photos of any size and mode", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-mmneedle-"));
  const given: Record<string, { caption: string }> = JSON.parse(readFileSync(join(photos, "captions.json"), "utf8"));
  const lines = Object.entries(given).map(([file, { caption }]) => JSON.stringify({ file, caption }));
  for (const name of Object.keys(given)) copyFileSync(join(photos, name), join(folder, name));
  writeFileSync(join(folder, "captions.jsonl"), lines.join("\n"));
  const { settings, collection } = open({ source: "folder", folder, samples: "3" });

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

test.skipIf(!existsSync(official))("openOfficial() asks the authors' needles with their captions", () => {
  const { collection } = open(paperFiles);

  const haystacks = collection.haystacks(one);

  expect(haystacks.at(0).truth).toBe("1, 2, 2");
  expect(collection.captionOf(haystacks.at(0).targets[0]!)).toBe("A clock that is standing on a table.");
});

test.skipIf(!existsSync(official))("openOfficial() counts missing photos before anything is asked", () => {
  const empty = mkdtempSync(join(tmpdir(), "assay-val2014-"));
  mkdirSync(join(empty, "nothing"));
  const { collection } = open({ ...paperFiles, photos: empty });

  expect(readdirSync(empty)).toEqual(["nothing"]);
  expect(() => collection.requirePhotos([collection.haystacks(one)])).toThrow(
    /Expected 25393 pictures in .+, 25393 are missing: COCO_val2014_/,
  );
  expect(() => open(paperFiles).collection.requirePhotos([collection.haystacks(one)])).toThrow("--set photos=DIR");
});

test.skipIf(!existsSync(official))(
  "openOfficial() without the mosaics' file still asks controls, and says what others need",
  () => {
    const { collection } = open({ ...paperFiles, side: "4" });
    const haystacks = collection.haystacks({ ...one, side: 4 });

    expect(haystacks.at(0).truth).toMatch(/^1, \d, \d$/);
    expect(() => collection.requirePhotos([haystacks])).toThrow("Expected 4_4.json beside the annotations");
  },
);

test.skipIf(!existsSync(official))("openOfficial() refuses settings that would draw the needles anew", () => {
  expect(() => open({ ...paperFiles, uniqueCaptions: "true" })).toThrow("uniqueCaptions=true, which draws anew");
  expect(() => open({ ...paperFiles, samples: "5001" })).toThrow("Expected at most 5000 samples");
});
