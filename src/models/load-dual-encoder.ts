import { join } from "node:path";
import { AssayError, type Tensor } from "#base";
import {
  type Checkpoint,
  type FetchModelOptions,
  openCheckpoint,
  type PictureSettings,
  type Tokenizer,
} from "#formats";
import { type ClipConfig, readClipConfig } from "./clip/config.ts";
import { type ClipWeights, clipWeights, isClipBuffer } from "./clip/weights.ts";
import { DualEncoder } from "./dual-encoder.ts";
import { countParameters, findModel, readJson, tokenizerOf, warningsOf } from "./load-model.ts";
import { picturesOf, spare } from "./load-vision.ts";
import type { StoredWeight } from "./stored-weight.ts";
import { readTree } from "./weight-source.ts";

/** A CLIP folder that was looked at, and nothing read but names and shapes. */
export interface DualEncoderFolder {
  readonly folder: string;
  readonly config: ClipConfig;
  readonly plan: ClipWeights<StoredWeight>;
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer | undefined;
  readonly pictures: PictureSettings;
  readonly parameters: number;
  readonly unknownKeys: readonly string[];
  readonly spareTensors: readonly string[];
}

/** Whether a model of this `model_type` embeds pictures and texts. */
export const isDualEncoderType = (type: string): boolean => type === "clip";

/** Looks at a CLIP's folder. @throws AssayError MODEL_UNKNOWN, CONFIG_…, TENSOR_MISSING, SHAPE_MISMATCH, VOCABULARY_MISMATCH */
export function openDualEncoderFolder(folder: string): DualEncoderFolder {
  const json = readJson(join(folder, "config.json"));
  if (!isDualEncoderType(String(json.model_type))) {
    const claim = `Expected "clip" for model_type in config.json, got "${json.model_type}"`;
    throw new AssayError("MODEL_UNKNOWN", `models: ${claim}; only CLIP embeds pictures and texts here`);
  }
  const { config, unknownKeys } = readClipConfig(json);
  const { settings, unknownKeys: unknownSteps } = picturesOf(folder, json, config.vision);
  const tokenizer = tokenizerOf(folder, { vocabularySize: config.text.vocabularySize });
  const checkpoint = openCheckpoint(folder);
  try {
    const plan = clipWeights(config);
    const spareTensors = spare(checkpoint, plan, isClipBuffer);
    const keys = [...unknownKeys, ...unknownSteps.map((key) => `preprocessor_config.json: ${key}`)];
    const parameters = countParameters(plan);
    return {
      folder,
      config,
      plan,
      checkpoint,
      tokenizer,
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

/**
 * Loads a CLIP from a Hugging Face folder, the lab (`mini:scout`) or the hub.
 *
 * @throws AssayError as openDualEncoderFolder(); WEIGHT_NOT_FINITE
 * @example const vectors = await (await loadDualEncoder("./clip")).embedTexts(["a red star"]);
 */
export async function loadDualEncoder(
  place: string,
  options: Omit<FetchModelOptions, "files"> = {},
): Promise<DualEncoder> {
  const opened = openDualEncoderFolder(await findModel(place, options));
  const { folder, config, plan, checkpoint, tokenizer, pictures } = opened;
  try {
    const weights = readTree(checkpoint, plan) as ClipWeights<Tensor>;
    return new DualEncoder({
      name: place,
      folder,
      config,
      plan,
      weights,
      tokenizer,
      pictures,
      warnings: warningsOf(opened),
    });
  } finally {
    checkpoint.close();
  }
}
