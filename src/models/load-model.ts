import { totalmem } from "node:os";
import { join } from "node:path";
import { AssayError, sizeOf } from "#base";
import { leavesOf } from "#engine";
import {
  type Checkpoint,
  type FetchModelOptions,
  fetchModel,
  firstFile,
  isHubSource,
  loadChatTemplate,
  loadTokenizer,
  openCheckpoint,
  readChatTemplates,
  readTextFile,
  requireVocabularyFit,
  type Tokenizer,
} from "#formats";
import type { ConfigJson } from "./config-reader.ts";
import type { DecoderConfig, Family } from "./family.ts";
import { LanguageModel } from "./language-model.ts";
import { isMiniature, miniatureFolder } from "./miniature-folder.ts";
import { familyOf } from "./registry.ts";
import { expectShape, type StoredWeight } from "./stored-weight.ts";
import { residentWeights, streamedWeights, type WeightPlan } from "./weight-source.ts";

/** How a model is loaded. */
export interface LoadModelOptions extends Omit<FetchModelOptions, "files"> {
  /** Bytes that weights may take before they are streamed block by block; half of the machine's memory when left out. */
  readonly memory?: number;
}

/** A folder that was looked at, and nothing read but names and shapes. */
export interface ModelFolder {
  readonly folder: string;
  readonly family: Family;
  readonly config: DecoderConfig;
  readonly plan: WeightPlan;
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer | undefined;
  readonly parameters: number;
  readonly unknownKeys: readonly string[];
  /** Tensors of the checkpoint that the model does not use. */
  readonly spareTensors: readonly string[];
  readonly endIds: readonly number[];
}

/** Where a model lies on this machine: the folder itself, a miniature's, or what the hub gave. @throws AssayError MODEL_UNKNOWN, HUB_… */
export async function findModel(place: string, options: Omit<FetchModelOptions, "files"> = {}): Promise<string> {
  if (isMiniature(place)) return miniatureFolder(place);
  return isHubSource(place) ? (await fetchModel(place, options)).folder : place;
}

/**
 * Loads a language model from a Hugging Face folder, the lab (`mini:atlas`) or the hub (`hf:org/name@revision`): configuration, weights widened to float32 in the convention x · W,
 * tokenizer and chat template. A model that does not fit into `memory` is run block by block.
 *
 * @throws AssayError MODEL_UNKNOWN, CONFIG_INVALID, CONFIG_UNSUPPORTED, CHECKPOINT_INVALID, TENSOR_MISSING, SHAPE_MISMATCH,
 * WEIGHT_NOT_FINITE, VOCABULARY_MISMATCH, FILE_MISSING
 * @example const model = await loadModel("./folder");
 */
export async function loadModel(place: string, options: LoadModelOptions = {}): Promise<LanguageModel> {
  const { memory = totalmem() / 2, ...fetching } = options;
  const folder = await findModel(place, fetching);
  const opened = openModelFolder(folder);
  const { family, config, plan, checkpoint, tokenizer, endIds } = opened;
  try {
    const source =
      opened.parameters * 4 > memory ? streamedWeights(checkpoint, plan) : residentWeights(checkpoint, plan);
    const chatTemplate = readChatTemplates(folder).has("default") ? loadChatTemplate(folder) : undefined;
    const warnings = warningsOf(opened);
    return new LanguageModel({
      name: place,
      folder,
      family,
      config,
      plan,
      source,
      tokenizer,
      chatTemplate,
      endIds,
      warnings,
    });
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** Looks at a model's folder: everything that can be wrong with names, shapes and settings is said here. @throws AssayError as loadModel() */
export function openModelFolder(folder: string): ModelFolder {
  const json = readJson(join(folder, "config.json"));
  const family = familyOf(json);
  const { config, unknownKeys } = family.readConfig(json);
  const checkpoint = openCheckpoint(folder);
  try {
    const plan = family.weights(config, checkpoint.tensors);
    const weights = [...leavesOf<StoredWeight>(plan).values()];
    for (const weight of weights) expectShape(checkpoint, weight);
    const tokenizer = tokenizerOf(folder, config);
    const used = new Set(weights.map(({ name }) => name));
    const spareTensors = [...checkpoint.tensors.keys()].filter((name) => !used.has(name) && !family.isBuffer(name));
    const parameters = countParameters(plan);
    return {
      folder,
      family,
      config,
      plan,
      checkpoint,
      tokenizer,
      parameters,
      unknownKeys,
      spareTensors,
      endIds: endIdsOf(folder, json, tokenizer),
    };
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** How many numbers a model's weights hold, a tied matrix counted once. */
export function countParameters(plan: object): number {
  return leavesOf<StoredWeight>(plan)
    .values()
    .reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/** The tokenizer of a folder, if it has one. @throws AssayError VOCABULARY_MISMATCH */
export function tokenizerOf(
  folder: string,
  { vocabularySize }: Pick<DecoderConfig, "vocabularySize">,
): Tokenizer | undefined {
  const names = ["tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "merges.txt"];
  if (firstFile(names.map((name) => join(folder, name))) === undefined) return undefined;
  const tokenizer = loadTokenizer(folder);
  requireVocabularyFit(tokenizer, vocabularySize);
  return tokenizer;
}

/** The generation settings count more than the model's, and the tokenizer's own end token least. */
function endIdsOf(folder: string, json: ConfigJson, tokenizer: Tokenizer | undefined): number[] {
  const file = firstFile([join(folder, "generation_config.json")]);
  const ids = (file === undefined ? undefined : readJson(file).eos_token_id) ?? json.eos_token_id;
  const named = [ids].flat().filter((id) => typeof id === "number");
  const own = tokenizer?.specials.end;
  return named.length > 0 || own === undefined ? named : [own];
}

/** A JSON object of a model's folder. @throws AssayError CONFIG_INVALID, FILE_MISSING */
export function readJson(path: string): ConfigJson {
  const text = readTextFile(path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ConfigJson;
  } catch (cause) {
    const got = (cause as Error).message;
    throw new AssayError("CONFIG_INVALID", `models: Expected JSON at ${path}, got "${got}"`, { cause });
  }
  throw new AssayError("CONFIG_INVALID", `models: Expected an object at ${path}, got another value`);
}

/** What a person should know about a folder. */
export function warningsOf({
  folder,
  unknownKeys,
  spareTensors,
}: Pick<ModelFolder, "folder" | "unknownKeys" | "spareTensors">): string[] {
  const keys = unknownKeys.length === 0 ? [] : [`${folder}: config.json has unknown keys: ${unknownKeys.join(", ")}`];
  const few = spareTensors.slice(0, 3).join(", ");
  const tensors =
    spareTensors.length === 0 ? [] : [`${folder}: ${spareTensors.length} tensors are not used, the first ${few}`];
  return [...keys, ...tensors];
}
