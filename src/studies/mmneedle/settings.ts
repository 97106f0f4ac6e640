import { z } from "zod";
import { kernels } from "#formats";
import { defineSettings, type SettingsOf } from "#runs";

const wholeNumber = (least: number) => z.coerce.number().int().min(least);

/** Typed, or as text with commas: `1,10`. */
const wholeNumbers = z
  .preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(wholeNumber(1)).min(1))
  .refine((values) => new Set(values).size === values.length, "each number once");

const yesOrNo = z.preprocess(
  (value) => (value === "true" ? true : value === "false" ? false : value),
  z.boolean("true or false"),
);

const words = z.string();

/** Every number of the paper, with its symbol and its place; the smaller presets ask procedural scenes. */
export const settings = defineSettings({
  source: {
    meaning:
      "where pictures and captions come from: scenes (built in), official (the authors' files) or folder (your own)",
    read: z.enum(["scenes", "official", "folder"]),
    paper: "official",
    from: "§3.2",
    tiny: "scenes",
    mini: "scenes",
    standard: "scenes",
  },
  folder: {
    meaning: "the authors' metadata folder, or the folder of your own pictures",
    read: words,
    paper: "",
    from: "repository, metadata_stitched",
  },
  photos: {
    meaning: "the folder of COCO's val2014 photos, for the official source",
    read: words,
    paper: "",
    from: "repository, val2014",
  },
  captions: {
    meaning: "the captions file of your own pictures: COCO JSON, CSV or JSONL",
    read: words,
    paper: "",
    from: "repository, annotations_trainval",
  },
  scenes: {
    meaning: "how many procedural scenes to draw from, in place of 40,504 photos",
    read: wholeNumber(1),
    paper: 40_504,
    from: "§3.2",
    tiny: 120,
    mini: 1200,
    standard: 4000,
  },
  pictures: {
    symbol: "M",
    meaning: "pictures in one prompt, as whole numbers with commas",
    read: wholeNumbers,
    paper: [1, 10],
    from: "§3.2",
    tiny: [1, 2],
  },
  side: {
    symbol: "N",
    meaning: "cells along each side of a picture, as whole numbers with commas; (M, N) = (1, 1) is left out of a sweep",
    read: wholeNumbers,
    paper: [1, 2, 4, 8],
    from: "§3.2",
    tiny: [1, 2],
    mini: [1, 2, 4],
  },
  needles: {
    symbol: "K",
    meaning: "captions asked for at once, as whole numbers with commas",
    read: wholeNumbers,
    paper: [1, 2, 5],
    from: "§3.2",
    tiny: [1, 2],
    mini: [1, 2],
  },
  samples: {
    meaning: "positive samples, and as many negative ones, of each (M, N) with one needle",
    read: wholeNumber(1),
    paper: 1000,
    from: "Appendix A",
    tiny: 10,
    mini: 100,
    standard: 400,
  },
  samplesOfSeveral: {
    meaning: "positive samples, and as many negative ones, of each (M, N, K) with several needles",
    read: wholeNumber(1),
    paper: 100,
    from: "Appendix A",
    tiny: 10,
    mini: 50,
  },
  mixed: {
    meaning: "samples with present and absent needles, of each (M, N, K) with several needles; beyond the paper",
    read: wholeNumber(0),
    paper: 0,
    from: "not in the paper",
    tiny: 5,
  },
  cell: {
    meaning: "width and height of a cell in pixels",
    read: wholeNumber(8),
    paper: 256,
    from: "§3.2",
    tiny: 64,
    mini: 128,
  },
  single: {
    meaning:
      "what a picture of one cell (N = 1) is: the photo in its original size, as the code, or resized, as the paper says",
    read: z.enum(["original", "resized"]),
    paper: "original",
    from: "sample_images.py; §3.2 says 256 × 256",
  },
  kernel: {
    meaning: `how photos are resized: ${kernels.join(", ")}`,
    read: z.enum(kernels),
    paper: "pillow-bicubic",
    from: "sample_stitched_images.py",
  },
  quality: {
    meaning: "JPEG quality of the pictures, 1 to 100",
    read: wholeNumber(1).max(100),
    paper: 75,
    from: "sample_stitched_images.py (Pillow's default)",
  },
  maxTokens: {
    meaning: "the longest answer, in tokens; nothing else of the provider's defaults is changed",
    read: wholeNumber(1),
    paper: 300,
    from: "needle.py",
  },
  nullAsWrong: {
    meaning: "whether a missing answer counts as wrong; the paper leaves it out of every denominator",
    read: yesOrNo,
    paper: false,
    from: "evaluate.py",
  },
  uniqueCaptions: {
    meaning: "whether needles are redrawn until their caption fits no other picture of the haystack",
    read: yesOrNo,
    paper: false,
    from: "not in the paper",
  },
});

/** The settings of one run. */
export type Settings = SettingsOf<typeof settings>;
