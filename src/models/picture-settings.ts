/** `preprocessor_config.json`: what a model's pictures go through. */
import { join } from "node:path";
import { AssayError, type Json } from "#base";
import { type Filter, type PictureSettings, type TargetSize, writeAtomically } from "#formats";
import type { ConfigJson } from "./config-reader.ts";
import { ConfigReader } from "./config-reader.ts";
import type { Extent } from "./patches.ts";

/** What the processors of transformers do where their file says nothing. */
interface ProcessorDefaults {
  readonly filter: "bilinear" | "bicubic";
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly crops: boolean;
  /** Whether one number for a size means the shorter edge. */
  readonly isByShortEdge: boolean;
}

const half = [0.5, 0.5, 0.5];
const vit: ProcessorDefaults = { filter: "bilinear", mean: half, deviation: half, crops: false, isByShortEdge: false };
const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** By the kind of processor; a classifier's folder without the file is read as its model's own. */
const processors: Readonly<Record<string, ProcessorDefaults>> = {
  vit,
  deit: { ...vit, filter: "bicubic", crops: true },
  clip: {
    filter: "bicubic",
    crops: true,
    isByShortEdge: true,
    mean: [0.48145466, 0.4578275, 0.40821073],
    deviation: [0.26862954, 0.26130258, 0.27577711],
  },
  beit: { ...vit, filter: "bicubic" },
  convnext: { ...vit, ...imageNet },
};

/** Pillow's numbers for its kernels. */
const resampling: Readonly<Record<string, Filter | "nearest">> = {
  0: "nearest",
  1: "lanczos",
  2: "bilinear",
  3: "bicubic",
  4: "box",
  5: "hamming",
};

/** What is known of a model whose processor it is. */
export interface ReadPictureSettingsOptions {
  /** `model_type` of config.json, whose defaults count where the file names no processor. */
  readonly modelType: string;
  /** The size where neither the file nor the processor says one. */
  readonly imageSize: Extent;
}

/** The settings, and the keys that nobody knows. */
export interface ReadPictureSettings {
  readonly settings: PictureSettings;
  readonly unknownKeys: readonly string[];
}

/**
 * Reads preprocessor_config.json, of transformers 4 or 5; `{}` gives a model's own processor.
 *
 * @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED
 */
export function readPictureSettings(json: ConfigJson, options: ReadPictureSettingsOptions): ReadPictureSettings {
  const reader = new ConfigReader("pictures", json, { file: "preprocessor_config.json" });
  refuseOtherSteps(reader);
  const defaults = defaultsOf(json, options.modelType);
  const settings: PictureSettings = {
    resize: readResize(reader, { defaults, ...options }),
    crop: readCrop(reader, { defaults, ...options }),
    rescale: readRescale(reader),
    normalize: readNormalize(reader, defaults),
  };
  return { settings, unknownKeys: reader.unknown() };
}

function defaultsOf(json: ConfigJson, modelType: string): ProcessorDefaults {
  const named = String(json.image_processor_type ?? json.feature_extractor_type ?? modelType).toLowerCase();
  const found = Object.keys(processors).find((name) => named.startsWith(name));
  return found === undefined ? vit : processors[found]!;
}

function refuseOtherSteps(reader: ConfigReader): void {
  reader.ignore("image_processor_type", "feature_extractor_type", "processor_class", "default_to_square");
  reader.ignore("do_convert_rgb", "return_tensors", "data_format", "input_data_format", "device");
  reader.ignore("disable_grouping", "crop_pct", "size_divisor", "pad_size", "use_square_size", "image_seq_length");
  reader.only("do_pad", false);
  reader.only("do_reduce_labels", false);
  reader.only("do_flip_channel_order", false);
  reader.only("do_thumbnail", false);
  reader.only("do_align_long_axis", false);
}

type Reading = ReadPictureSettingsOptions & { readonly defaults: ProcessorDefaults };

function readResize(reader: ConfigReader, reading: Reading): PictureSettings["resize"] {
  const { defaults } = reading;
  const isDone = reader.flag("do_resize", true);
  const size = readSize(reader, reading);
  const fallback = defaults.filter === "bicubic" ? 3 : 2;
  const filter = reader.oneOf("resample", resampling, fallback);
  return isDone ? { size, filter } : null;
}

function readSize(reader: ConfigReader, { defaults, imageSize }: Reading): TargetSize {
  const [height, width] = imageSize;
  if (reader.isObject("size")) {
    const size = reader.branch("size")!;
    size.only("longest_edge");
    size.only("max_height");
    size.only("max_width");
    if (size.has("shortest_edge")) return { shortestEdge: size.count("shortest_edge") };
    return { height: size.count("height"), width: size.count("width") };
  }
  if (!reader.has("size"))
    return defaults.isByShortEdge ? { shortestEdge: Math.min(height, width) } : { height, width };
  const [tall, wide] = reader.extent("size");
  return defaults.isByShortEdge ? { shortestEdge: tall } : { height: tall, width: wide };
}

function readCrop(reader: ConfigReader, { defaults, imageSize }: Reading): PictureSettings["crop"] {
  const isDone = reader.flag("do_center_crop", defaults.crops);
  if (reader.isObject("crop_size")) {
    const size = reader.branch("crop_size")!;
    const crop = { height: size.count("height"), width: size.count("width") };
    return isDone ? crop : null;
  }
  const [height, width] = reader.has("crop_size") ? reader.extent("crop_size") : imageSize;
  reader.ignore("crop_size");
  return isDone ? { height, width } : null;
}

function readRescale(reader: ConfigReader): number | null {
  reader.only("offset", false);
  reader.only("rescale_offset", false);
  const factor = reader.number("rescale_factor", 1 / 255);
  return reader.flag("do_rescale", true) ? factor : null;
}

function readNormalize(reader: ConfigReader, defaults: ProcessorDefaults): PictureSettings["normalize"] {
  const mean = perChannel(reader, "image_mean", defaults.mean);
  const deviation = perChannel(reader, "image_std", defaults.deviation);
  return reader.flag("do_normalize", true) ? { mean, deviation } : null;
}

/** For red, green and blue; one number stands for all three. @throws AssayError CONFIG_INVALID */
function perChannel(reader: ConfigReader, key: string, fallback: readonly number[]): readonly number[] {
  const numbers = reader.numbers(key, fallback);
  if (numbers.length === 1) return [numbers[0]!, numbers[0]!, numbers[0]!];
  if (numbers.length === 3) return numbers;
  const claim = `Expected one number or three for "${key}", got ${numbers.length}`;
  throw new AssayError("CONFIG_INVALID", `pictures: ${claim} in preprocessor_config.json`);
}

const pillowNumber = { nearest: 0, lanczos: 1, bilinear: 2, bicubic: 3, box: 4, hamming: 5 } as const;

/** Settings as preprocessor_config.json says them, for the given kind of transformers' processors. */
export function pictureSettingsJson(settings: PictureSettings, kind: "ViT" | "CLIP"): Readonly<Record<string, Json>> {
  const { resize, crop, rescale, normalize } = settings;
  const size = resize === null ? null : "shortestEdge" in resize.size ? shortest(resize.size) : { ...resize.size };
  return {
    image_processor_type: `${kind}ImageProcessor`,
    do_convert_rgb: true,
    do_resize: resize !== null,
    do_center_crop: crop !== null,
    ...(resize === null ? {} : { size, resample: pillowNumber[resize.filter] }),
    ...(crop === null ? {} : { crop_size: { ...crop } }),
    do_rescale: rescale !== null,
    rescale_factor: rescale ?? 1 / 255,
    do_normalize: normalize !== null,
    ...(normalize === null ? {} : { image_mean: [...normalize.mean], image_std: [...normalize.deviation] }),
  };
}

const shortest = ({ shortestEdge }: { readonly shortestEdge: number }) => ({ shortest_edge: shortestEdge });

/** Writes preprocessor_config.json into a model's folder. */
export function writePictureSettings(folder: string, settings: PictureSettings, kind: "ViT" | "CLIP"): void {
  const text = `${JSON.stringify(pictureSettingsJson(settings, kind), null, 2)}\n`;
  writeAtomically(join(folder, "preprocessor_config.json"), (append) => append(Buffer.from(text)));
}
