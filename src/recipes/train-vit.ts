/** Training of a vision transformer from scratch on labelled pictures. */
import { type Json, stream, type Tensor, tensor } from "#base";
import { type AdamWOptions, adamW, crossEntropy, type Value } from "#engine";
import { type PictureSettings, type Pixels, pictureTensor } from "#formats";
import {
  batchOf,
  countParameters,
  loadVisionModel,
  observe,
  saveModel,
  VisionModel,
  type VisionWeights,
  writePictureSettings,
} from "#models";
import { type ViTConfig, type ViTWeights, vit, vitFamily, vitWeights } from "#models/vit";
import { train } from "#training";
import { startEncoder } from "./encoder-start.ts";
import { learningRateOf, type RateSettings } from "./learning-rate.ts";
import type { MiniatureResult, TrainMiniatureOptions } from "./miniature.ts";
import { changedPicture, type PictureChanges } from "./picture-changes.ts";
import { trainingLogger } from "./training-logger.ts";
import { machine, trainingOptions } from "./training-plan.ts";
import { type ViTShape, vitJson, vitOf } from "./vit-shape.ts";

/** A picture and its class. */
export interface LabelledPicture {
  readonly pixels: Pixels;
  readonly label: number;
}

/** What a recipe says of its model. */
export interface ViTTraining {
  /** `mini:vit` */
  readonly miniature: string;
  readonly shape: ViTShape;
  readonly labels: readonly string[];
  readonly settings: RateSettings & {
    readonly batchSize: number;
    readonly steps: number;
    readonly clipNorm: number;
    /** How pictures are changed while they are learned; not at all when left out. */
    readonly changes?: PictureChanges;
  };
  readonly optimizer: AdamWOptions;
  /** What must be known of its data. */
  readonly about: Readonly<Record<string, Json>>;
  readonly train: readonly LabelledPicture[];
  readonly test: readonly LabelledPicture[];
  /** What the written model, in half precision, is worth. */
  examine(model: VisionModel): Promise<Pick<MiniatureResult, "aims" | "measured">>;
}

/** Pictures that are looked at between steps. */
const glanceCount = 200;

/** What its pictures go through: nothing is resized, and values lie between −1 and 1. */
export const plainPictures = (size: number): PictureSettings => ({
  resize: { size: { height: size, width: size }, filter: "bilinear" },
  crop: null,
  rescale: 1 / 255,
  normalize: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
});

/** Trains a vision transformer, writes it as a folder, and examines what was written. */
export async function trainViT(recipe: ViTTraining, options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const { miniature, shape, labels, settings, optimizer } = recipe;
  const { output, seed = 0, steps = settings.steps, threads, onEvent } = options;
  const config = vitOf(shape, labels);
  const model = freshModel(miniature, config, seed);
  const parameters = countParameters(model.plan);
  const where = { threads: threads ?? null, machine: machine() };
  const about = { miniature, seed, steps, parameters, shape, settings, optimizer, ...where, ...recipe.about };
  const log = trainingLogger(output, about as never);
  const every = Math.ceil(recipe.test.length / glanceCount);
  const few = recipe.test.filter((_, at) => at % every === 0);
  const glance = async () => ({ accuracy: await accuracyOf(model, few) });
  await log.before(glance);
  const trained = await train(
    {
      name: miniature.replace(":", "-"),
      weights: model.weights as ViTWeights<Tensor>,
      steps,
      seed,
      batch: {
        pixels: typeOf("float32", [settings.batchSize, 3, shape.image, shape.image]),
        labels: typeOf("int64", [settings.batchSize]),
      },
      loss: ({ weights, batch }) =>
        crossEntropy(vit(batch.pixels, weights as ViTWeights<Value>, { config }), batch.labels),
      nextBatch: ({ step }) => batchAt(recipe, { step, seed, pictures: model.pictures }) as never,
      optimizer: adamW(optimizer),
      learningRate: learningRateOf(settings, steps),
    },
    trainingOptions(options, { log, glance, clipNorm: settings.clipNorm, every: 200 }),
  );
  if (trained.status === "stopped") return { status: "stopped", folder: output, aims: [], measured: {} };
  saveModel(model, output, { config: vitJson(shape, labels), storage: "F16", overwrite: true });
  writePictureSettings(output, model.pictures, "ViT");
  onEvent?.({ type: "stage-start", stage: "examining what was written" });
  const result = {
    status: "finished",
    folder: output,
    ...(await recipe.examine(await loadVisionModel(output))),
  } as const;
  log.after(result);
  return result;
}

const typeOf = <D extends "float32" | "int64">(dtype: D, shape: readonly number[]) => ({ dtype, shape });

function freshModel(name: string, config: ViTConfig, seed: number): VisionModel {
  const plan = vitWeights(config, { has: () => false });
  const weights = startEncoder<VisionWeights<Tensor>>(plan, { seed, layers: config.layers });
  const pictures = plainPictures(config.imageSize[0]);
  return new VisionModel({ name, family: vitFamily as never, config, plan, weights, pictures });
}

interface Batching {
  readonly step: number;
  readonly seed: number;
  readonly pictures: PictureSettings;
}

/** The batch after `step` others; every picture comes once before any comes again. */
function batchAt({ train: all, settings }: ViTTraining, { step, seed, pictures }: Batching) {
  const { batchSize, changes } = settings;
  const chosen = Array.from({ length: batchSize }, (_, at) => pictureAt(all, step * batchSize + at, seed));
  const tensors = chosen.map(({ pixels }, at) => {
    const random = stream(seed, `changes/${step}/${at}`);
    return pictureTensor(changes === undefined ? pixels : changedPicture(pixels, random, changes), pictures);
  });
  const labels = tensor(
    [batchSize],
    chosen.map(({ label }) => label),
    "int64",
  );
  return { pixels: batchOf(tensors), labels };
}

/** One order at a time is enough: steps follow each other. */
let order: { readonly key: string; readonly places: readonly number[] } = { key: "", places: [] };

function pictureAt(all: readonly LabelledPicture[], number: number, seed: number): LabelledPicture {
  const key = `${seed}/${all.length}/${Math.floor(number / all.length)}`;
  if (order.key !== key) order = { key, places: stream(seed, `order/${key}`).shuffle(all.map((_, at) => at)) };
  return all[order.places[number % all.length]!]!;
}

/** The share of pictures whose class is found. */
export async function accuracyOf(model: VisionModel, pictures: readonly LabelledPicture[]): Promise<number> {
  const pixels = batchOf(pictures.map(({ pixels }) => pictureTensor(pixels, model.pictures)));
  const { predicted } = await observe(model, pixels, { batchSize: 50 });
  return predicted.filter((found, at) => found === pictures[at]!.label).length / pictures.length;
}
