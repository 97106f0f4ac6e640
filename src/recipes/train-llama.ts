import type { Json } from "#base";
import { type AdamWOptions, adamW } from "#engine";
import { train } from "#training";
import { learningRateOf, type RateSettings } from "./learning-rate.ts";
import { type LlamaShape, llamaJson, llamaOf } from "./llama-shape.ts";
import type { MiniatureResult, TrainMiniatureOptions } from "./miniature.ts";
import { type Examined, type NextTokenBatch, nextTokenLoss, nextTokenTypes } from "./next-tokens.ts";
import { trainingLogger } from "./training-logger.ts";
import { machine, trainingOptions } from "./training-plan.ts";
import { countWeights, readWeights, type StartSpread, startWeights, writeWeights } from "./weights.ts";

/** How long, how fast, and how often to look. */
export interface LlamaSettings extends RateSettings {
  readonly steps: number;
  readonly clipNorm: number;
  /** `gpt-2` when left out. */
  readonly start?: StartSpread;
}

/** What a recipe says of its model. */
export interface LlamaTraining {
  /** `mini:atlas` */
  readonly miniature: string;
  readonly shape: LlamaShape;
  readonly settings: LlamaSettings;
  readonly optimizer: AdamWOptions;
  /** The token after which a text is complete. */
  readonly endId: number;
  /** What must be known of its data. */
  readonly about: Readonly<Record<string, Json>>;
  /** The batch after `step` others; of the step alone, so that a resumed training sees the same. */
  batch(step: number): NextTokenBatch;
  /** A quick look between steps. */
  glance(examined: Examined): Promise<Readonly<Record<string, number>>>;
  /** What the written model, in half precision, is worth. */
  examine(examined: Examined): Promise<Pick<MiniatureResult, "aims" | "measured">>;
}

/** Trains a Llama from scratch, writes it as a folder, and examines what was written. */
export async function trainLlama(recipe: LlamaTraining, options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const { miniature, shape, settings, optimizer, endId } = recipe;
  const { output, seed = 0, steps = settings.steps, threads, onEvent } = options;
  const [config, weights] = [llamaOf(shape), startWeights(llamaOf(shape), seed, settings.start)];
  const parameters = countWeights(weights);
  const where = { threads: threads ?? null, machine: machine() };
  const about = { miniature, seed, steps, parameters, shape, settings, optimizer, ...where, ...recipe.about };
  const log = trainingLogger(output, about as never);
  const glance = () => recipe.glance({ weights, config, threads });
  await log.before(glance);
  const trained = await train(
    {
      name: miniature.replace(":", "-"),
      weights,
      batch: nextTokenTypes,
      steps,
      seed,
      loss: ({ weights: values, batch }) => nextTokenLoss(batch, values, config),
      nextBatch: ({ step }) => recipe.batch(step),
      optimizer: adamW(optimizer),
      learningRate: learningRateOf(settings, steps),
    },
    trainingOptions(options, { log, glance, clipNorm: settings.clipNorm }),
  );
  if (trained.status === "stopped") return { status: "stopped", folder: output, aims: [], measured: {} };
  writeWeights(output, weights, { config, json: llamaJson(shape, { endId }) });
  onEvent?.({ type: "stage-start", stage: "examining what was written" });
  const found = await recipe.examine({ weights: await readWeights(output), config, threads });
  const result = { status: "finished", folder: output, ...found } as const;
  log.after(result);
  return result;
}
