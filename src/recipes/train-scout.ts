/** Training of a small CLIP from scratch. */
import type { Json, Tensor } from "#base";
import { type AdamWOptions, adamW } from "#engine";
import type { ModelConfig, PictureSettings, Tokenizer } from "#formats";
import { countParameters, DualEncoder, loadDualEncoder, saveModel, writePictureSettings } from "#models";
import { type ClipConfig, type ClipTowerConfig, type ClipWeights, clipWeights } from "#models/clip";
import { train } from "#training";
import { startEncoder } from "./encoder-start.ts";
import { learningRateOf, type RateSettings } from "./learning-rate.ts";
import type { MiniatureResult, TrainMiniatureOptions } from "./miniature.ts";
import { type ScoutWeights, scoutLoss, startHeads } from "./scout-loss.ts";
import type { SceneBatches } from "./scout-scenes.ts";
import { trainingLogger } from "./training-logger.ts";
import { machine, trainingOptions } from "./training-plan.ts";

interface TowerShape {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
}

/** What a small CLIP is given; the rest follows. */
export interface ScoutShape {
  readonly vision: TowerShape & { readonly image: number; readonly patch: number };
  readonly text: TowerShape & { readonly vocabularySize: number; readonly contextLength: number };
  readonly projectionSize: number;
}

/** What a recipe says of its model. */
export interface ScoutTraining {
  readonly miniature: string;
  readonly shape: ScoutShape;
  readonly settings: RateSettings & {
    readonly batchSize: number;
    readonly steps: number;
    readonly clipNorm: number;
    readonly headWeight: number;
  };
  readonly optimizer: AdamWOptions;
  readonly tokenizer: Tokenizer;
  readonly batches: SceneBatches;
  readonly about: Readonly<Record<string, Json>>;
  glance(model: DualEncoder): Promise<Readonly<Record<string, number>>>;
  examine(model: DualEncoder): Promise<Pick<MiniatureResult, "aims" | "measured">>;
}

/** Stretched to the size of the model, values between −1 and 1. */
export const scoutPictures = (size: number): PictureSettings => ({
  resize: { size: { height: size, width: size }, filter: "bicubic" },
  crop: null,
  rescale: 1 / 255,
  normalize: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
});

/** Trains a CLIP, writes it as a folder, and examines what was written. */
export async function trainScout(recipe: ScoutTraining, options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const { miniature, shape, settings, optimizer, tokenizer, batches } = recipe;
  const { output, seed = 0, steps = settings.steps, threads, onEvent } = options;
  const model = freshScout(recipe, seed);
  const weights: ScoutWeights<Tensor> = { clip: model.weights, heads: startHeads(shape.projectionSize) };
  const parameters = countParameters(model.plan);
  const where = { threads: threads ?? null, machine: machine() };
  const about = { miniature, seed, steps, parameters, shape, settings, optimizer, ...where, ...recipe.about };
  const log = trainingLogger(output, about as never);
  const glance = () => recipe.glance(model);
  await log.before(glance);
  const trained = await train(
    {
      name: miniature.replace(":", "-"),
      weights,
      steps,
      seed,
      batch: typesOfBatch(batches),
      loss: ({ weights: values, batch }) =>
        scoutLoss(batch, values as ScoutWeights, { config: model.config, headWeight: settings.headWeight }),
      nextBatch: ({ step }) => batches.at(step) as never,
      optimizer: adamW(optimizer),
      learningRate: learningRateOf(settings, steps),
    },
    trainingOptions(options, { log, glance, clipNorm: settings.clipNorm, every: 200 }),
  );
  if (trained.status === "stopped") return { status: "stopped", folder: output, aims: [], measured: {} };
  saveModel(model, output, { config: clipJson(shape, tokenizer.specials.end!), storage: "F16", overwrite: true });
  writePictureSettings(output, model.pictures, "CLIP");
  onEvent?.({ type: "stage-start", stage: "examining what was written" });
  const found = await recipe.examine(await loadDualEncoder(output));
  const result = { status: "finished", folder: output, ...found } as const;
  log.after(result);
  return result;
}

function typesOfBatch(batches: SceneBatches) {
  const { pixels, inputIds, attributes } = batches.at(0);
  const typeOf = ({ dtype, shape }: Tensor) => ({ dtype, shape });
  return { pixels: typeOf(pixels), inputIds: typeOf(inputIds), attributes: typeOf(attributes) };
}

function freshScout({ miniature, shape, tokenizer }: ScoutTraining, seed: number): DualEncoder {
  const config = configOf(shape, tokenizer.specials.end!);
  const plan = clipWeights(config);
  const weights = startEncoder<ClipWeights<Tensor>>(plan, { seed, layers: shape.vision.layers });
  const pictures = scoutPictures(shape.vision.image);
  return new DualEncoder({ name: miniature, config, plan, weights, tokenizer, pictures });
}

const normEpsilon = 1e-5;

function configOf({ vision, text, projectionSize }: ScoutShape, endId: number): ClipConfig {
  const { image, patch, ...sees } = vision;
  const tower = (one: TowerShape): Omit<ClipTowerConfig, keyof TowerShape> => ({
    headSize: one.hiddenSize / one.heads,
    normEpsilon,
    activation: "gelu",
  });
  return {
    vision: { ...sees, ...tower(sees), imageSize: [image, image], patchSize: [patch, patch], channels: 3 },
    text: { ...text, ...tower(text), endId },
    projectionSize,
  };
}

/** The same as config.json. */
function clipJson({ vision, text, projectionSize }: ScoutShape, endId: number): ModelConfig {
  const tower = ({ hiddenSize, intermediateSize, layers, heads }: TowerShape) => ({
    hidden_size: hiddenSize,
    intermediate_size: intermediateSize,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    hidden_act: "gelu",
    layer_norm_eps: normEpsilon,
    projection_dim: projectionSize,
  });
  return {
    architectures: ["CLIPModel"],
    model_type: "clip",
    projection_dim: projectionSize,
    torch_dtype: "float16",
    vision_config: {
      ...tower(vision),
      model_type: "clip_vision_model",
      image_size: vision.image,
      patch_size: vision.patch,
      num_channels: 3,
    },
    text_config: {
      ...tower(text),
      model_type: "clip_text_model",
      vocab_size: text.vocabularySize,
      max_position_embeddings: text.contextLength,
      eos_token_id: endId,
      bos_token_id: endId,
      pad_token_id: endId,
    },
  };
}
