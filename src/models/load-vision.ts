import { join } from "node:path";
import { AssayError, type Tensor } from "#base";
import { leavesOf } from "#engine";
import { type Checkpoint, type FetchModelOptions, firstFile, openCheckpoint, type PictureSettings } from "#formats";
import type { ConfigJson } from "./config-reader.ts";
import { countParameters, findModel, readJson, warningsOf } from "./load-model.ts";
import { readPictureSettings } from "./picture-settings.ts";
import { expectShape, type StoredWeight } from "./stored-weight.ts";
import type { VisionConfig, VisionFamily, VisionWeights } from "./vision-family.ts";
import { VisionModel } from "./vision-model.ts";
import { visionFamilyOf } from "./vision-registry.ts";
import { readTree } from "./weight-source.ts";

/** A vision model's folder that was looked at, and nothing read but names and shapes. */
export interface VisionFolder {
  readonly folder: string;
  readonly family: VisionFamily;
  readonly config: VisionConfig;
  readonly plan: VisionWeights<StoredWeight>;
  readonly checkpoint: Checkpoint;
  readonly pictures: PictureSettings;
  readonly parameters: number;
  readonly unknownKeys: readonly string[];
  /** Tensors of the checkpoint that the model does not use. */
  readonly spareTensors: readonly string[];
}

/** The `model_type` of a folder's config.json. @throws AssayError FILE_MISSING, CONFIG_INVALID */
export const modelTypeOf = (folder: string): string => String(readJson(join(folder, "config.json")).model_type);

/**
 * Looks at a vision model's folder: everything that can be wrong with names, shapes and settings is said here.
 *
 * @throws AssayError MODEL_UNKNOWN, MODEL_WITHOUT_ATTENTION, CONFIG_INVALID, CONFIG_UNSUPPORTED, TENSOR_MISSING, SHAPE_MISMATCH
 */
export function openVisionFolder(folder: string): VisionFolder {
  const json = readJson(join(folder, "config.json"));
  const family = visionFamilyOf(json);
  const { config, unknownKeys } = family.readConfig(json);
  const { settings, unknownKeys: unknownSteps } = picturesOf(folder, json, config);
  const checkpoint = openCheckpoint(folder);
  try {
    const plan = family.weights(config, checkpoint.tensors);
    const spareTensors = spare(checkpoint, plan, (name) => family.isBuffer(name));
    const keys = [...unknownKeys, ...unknownSteps.map((key) => `preprocessor_config.json: ${key}`)];
    const parameters = countParameters(plan);
    return {
      folder,
      family,
      config,
      plan,
      checkpoint,
      pictures: settings,
      parameters,
      unknownKeys: keys,
      spareTensors,
    };
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** Compares every weight with the checkpoint, and lists what is left over. @throws AssayError TENSOR_MISSING, SHAPE_MISMATCH */
export function spare(checkpoint: Checkpoint, plan: object, isBuffer: (name: string) => boolean): string[] {
  const weights = [...leavesOf<StoredWeight>(plan).values()];
  for (const weight of weights) expectShape(checkpoint, weight);
  const used = new Set(weights.map(({ name }) => name));
  return [...checkpoint.tensors.keys()].filter((name) => !used.has(name) && !isBuffer(name));
}

/** What a folder says of its pictures, or else what its model's own processor does. */
export function picturesOf(folder: string, json: ConfigJson, { imageSize, channels }: VisionPictures) {
  if (channels !== 3) {
    const claim = `Expected a model of three channels, got ${channels}`;
    throw new AssayError(
      "CONFIG_UNSUPPORTED",
      `models: ${claim} in ${folder}; pictures are read as red, green and blue`,
    );
  }
  const file = firstFile([join(folder, "preprocessor_config.json")]);
  const said = file === undefined ? {} : readJson(file);
  return readPictureSettings(said, { modelType: String(json.model_type), imageSize });
}

type VisionPictures = Pick<VisionConfig, "imageSize" | "channels">;

/**
 * Loads an image classifier from a Hugging Face folder, the lab (`mini:vit`) or the hub: configuration, weights widened to
 * float32, and what its pictures go through.
 *
 * @throws AssayError as openVisionFolder(); WEIGHT_NOT_FINITE
 * @example const model = await loadVisionModel("./vit");
 */
export async function loadVisionModel(
  place: string,
  options: Omit<FetchModelOptions, "files"> = {},
): Promise<VisionModel> {
  const opened = openVisionFolder(await findModel(place, options));
  const { folder, family, config, plan, checkpoint, pictures } = opened;
  try {
    const weights = readTree(checkpoint, plan) as VisionWeights<Tensor>;
    return new VisionModel({
      name: place,
      folder,
      family,
      config,
      plan,
      weights,
      pictures,
      warnings: warningsOf(opened),
    });
  } finally {
    checkpoint.close();
  }
}
