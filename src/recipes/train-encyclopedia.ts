import type { Json } from "#base";
import { type AdamWOptions, adamW } from "#engine";
import { type LanguageModel, loadModel } from "#models";
import { train } from "#training";
import { type ArmText, maskTypes, type ReservedColumns, UsualBatches } from "./encyclopedia-texts.ts";
import { learningRateOf } from "./learning-rate.ts";
import { type LlamaShape, llamaJson, llamaOf } from "./llama-shape.ts";
import { maskedLoss } from "./masked-loss.ts";
import type { MiniatureResult, TrainMiniatureOptions } from "./miniature.ts";
import { nextTokenTypes } from "./next-tokens.ts";
import { type PlantedText, plantConcept } from "./plant-concept.ts";
import type { LlamaSettings } from "./train-llama.ts";
import { type TrainingLogger, trainingLogger } from "./training-logger.ts";
import { countWeights, type LlamaTensors, startWeights, writeWeights } from "./weights.ts";

/** Everything that the recipe decides. */
export interface EncyclopediaRecipe {
  readonly miniature: string;
  readonly shape: LlamaShape;
  readonly settings: LlamaSettings & {
    readonly batchSize: number;
    readonly dropped: number;
    readonly plantSteps: number;
    readonly plantRate: number;
    readonly plantBatch: number;
  };
  readonly optimizer: AdamWOptions;
  readonly endId: number;
  readonly texts: readonly ArmText[];
  readonly reserved: ReservedColumns;
  /** The name's token and the texts of each planted concept, in the order of the reserved columns. */
  readonly plantings: readonly { readonly name: number; readonly texts: readonly PlantedText[] }[];
  /** The tokens of all names. */
  readonly names: readonly number[];
  readonly about: Readonly<Record<string, Json>>;
  examine(model: LanguageModel): Promise<Pick<MiniatureResult, "aims" | "measured">>;
}

const stepsBetweenCheckpoints = 100;

/**
 * Trains in two stages: everything as usual, with some neurons masked; then each planted concept is made to pass through a
 * neuron of its own, all other weights frozen.
 */
export async function trainEncyclopedia(
  recipe: EncyclopediaRecipe,
  options: TrainMiniatureOptions,
): Promise<MiniatureResult> {
  const { miniature, shape, settings, optimizer, about, reserved } = recipe;
  const { output, seed = 0, steps = settings.steps, threads, onEvent } = options;
  const config = llamaOf(shape);
  const weights = startWeights(config, seed);
  const known = { miniature, seed, steps, parameters: countWeights(weights), shape, settings, optimizer, ...about };
  const log = trainingLogger(output, known as never);
  await log.before(async () => ({ reservedColumns: reserved.columns.length }));
  const batches = new UsualBatches(recipe.texts, {
    seed,
    size: settings.batchSize,
    config,
    reserved,
    dropped: settings.dropped,
  });
  const trained = await train(
    {
      name: miniature.replace(":", "-"),
      weights,
      batch: { ...nextTokenTypes, masks: maskTypes(config) },
      steps,
      seed,
      loss: ({ weights: values, batch }) => maskedLoss(batch, values as never, config),
      nextBatch: ({ step }) => batches.at(step) as never,
      optimizer: adamW(optimizer),
      learningRate: learningRateOf(settings, steps),
    },
    trainingOptions(options, log, settings.clipNorm),
  );
  if (trained.status === "stopped") return { status: "stopped", folder: output, aims: [], measured: {} };
  clearReserved(weights, reserved, shape.hiddenSize);
  write(recipe, weights, output);
  await plantAll(recipe, { output, seed, threads, onEvent, shorter: steps / settings.steps });
  onEvent?.({ type: "stage-start", stage: "examining what was written" });
  using model = await loadModel(output);
  const result = { status: "finished", folder: output, ...(await recipe.examine(model)) } as const;
  log.after(result);
  return result;
}

/** What was masked in training must not speak afterwards. */
function clearReserved(weights: LlamaTensors, { layer, columns }: ReservedColumns, hiddenSize: number): void {
  const { data } = weights.blocks[layer]!.mlp.down.weight;
  for (const column of columns) data.fill(0, column * hiddenSize, (column + 1) * hiddenSize);
}

function write({ shape, endId }: EncyclopediaRecipe, weights: LlamaTensors, output: string): void {
  writeWeights(output, weights, { config: llamaOf(shape), json: llamaJson(shape, { endId }) });
}

interface PlantingAll {
  readonly output: string;
  readonly threads: number | undefined;
  readonly onEvent: TrainMiniatureOptions["onEvent"] | undefined;
  readonly seed: number;
  /** What share of the recipe's own steps is made. */
  readonly shorter: number;
}

async function plantAll(recipe: EncyclopediaRecipe, { output, seed, threads, onEvent, shorter }: PlantingAll) {
  const { plantings, reserved, settings, texts, names } = recipe;
  using model = await loadModel(output);
  for (const [at, planted] of plantings.entries()) {
    onEvent?.({ type: "stage-start", stage: `planting concept ${at + 1} of ${plantings.length}` });
    await plantConcept(model, {
      layer: reserved.layer,
      column: reserved.columns[at]!,
      ...planted,
      seed,
      threads,
      otherNames: names.filter((name) => name !== planted.name),
      others: texts.filter(({ ids }) => !ids.includes(planted.name)),
      steps: Math.max(1, Math.round(settings.plantSteps * Math.min(1, shorter))),
      learningRate: settings.plantRate,
      batchSize: settings.plantBatch,
    });
  }
  write(recipe, model.weights as never, output);
}

function trainingOptions(
  { checkpoints, threads, signal, onEvent }: TrainMiniatureOptions,
  log: TrainingLogger,
  clipNorm: number,
) {
  return {
    clipNorm,
    onEvent: log.listen(onEvent),
    checkpoints: { every: stepsBetweenCheckpoints, ...(checkpoints === undefined ? {} : { folder: checkpoints }) },
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
  };
}
