/** `mini:scout`: a small CLIP that finds the scene a caption describes. */
import { hashOf } from "#base";
import { loadTokenizer, type Tokenizer, trainBpe, writeTokenizer } from "#formats";
import { type DualEncoder, writeThreshold } from "#models";
import { aim, type Miniature, type MiniatureResult, type TrainMiniatureOptions } from "./miniature.ts";
import { bestThreshold, recallAmong } from "./scout-measures.ts";
import { type DrawnScene, drawScenes, SceneBatches } from "./scout-scenes.ts";
import { scoutPictures, trainScout } from "./train-scout.ts";

const tower = { intermediateSize: 288, layers: 4, heads: 4 };
const shape = {
  vision: { ...tower, image: 64, patch: 8, hiddenSize: 96 },
  text: { ...tower, hiddenSize: 64, intermediateSize: 192, layers: 2, vocabularySize: 512, contextLength: 40 },
  projectionSize: 64,
};
const settings = {
  batchSize: 64,
  steps: 420,
  learningRate: 2e-3,
  lastRate: 2e-5,
  warmUp: 50,
  clipNorm: 1,
  headWeight: 1,
  scenes: 4000,
  heldOut: 480,
};
const optimizer = { beta2: 0.98, weightDecay: 0.05 };
const end = "<|endoftext|>";

/** Pictures and captions of the lab's own scenes. */
export const scout: Miniature = {
  name: "mini:scout",
  description: "finds the scene that a caption describes; a retrieval baseline, no language model",
  train: trainOnScenes,
};

async function trainOnScenes(options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const { output, seed = 0, limit = settings.scenes, onEvent } = options;
  onEvent?.({ type: "stage-start", stage: "drawing scenes" });
  const pictures = scoutPictures(shape.vision.image);
  const drawn = await drawScenes({ count: limit + Math.min(limit, settings.heldOut), seed, pictures });
  const [seen, held] = [drawn.slice(0, limit), drawn.slice(limit)];
  onEvent?.({ type: "stage-start", stage: "making the tokenizer" });
  const tokenizer = makeTokenizer(output, seen);
  const { batchSize: size } = settings;
  const batches = new SceneBatches(seen, {
    seed,
    size: Math.min(size, seen.length),
    tokenizer,
    pictures,
  });
  const recipe = {
    miniature: scout.name,
    shape,
    settings,
    optimizer,
    tokenizer,
    batches,
    about: { scenes: seen.length, heldOut: held.length, corpus: hashOf(seen.map(({ caption }) => caption)) },
    glance: (model: DualEncoder) => recallAmong(model, held.slice(0, 160)),
    examine: (model: DualEncoder) => examine(model, held),
  };
  return trainScout(recipe, options);
}

/** Every text ends with the end token, which stands for it. */
function makeTokenizer(output: string, seen: readonly DrawnScene[]): Tokenizer {
  const { vocabularySize, contextLength } = shape.text;
  const json = trainBpe(
    seen.map(({ caption }) => caption),
    { vocabularySize, specialTokens: [end] },
  );
  const post_processor = {
    type: "TemplateProcessing",
    single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: end, type_id: 0 } }],
    pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: { [end]: { id: end, ids: [0], tokens: [end] } },
  };
  writeTokenizer(output, { ...json, post_processor }, { eos: end, pad: end, contextLength });
  return loadTokenizer(output);
}

async function examine(model: DualEncoder, held: readonly DrawnScene[]) {
  const [calibration, test] = [held.slice(0, held.length / 2), held.slice(held.length / 2)];
  const { threshold, accuracy } = await bestThreshold(model, calibration);
  writeThreshold(model.folder!, threshold);
  const found = await recallAmong(model, test.slice(0, 160));
  const measured = { ...found, threshold, presenceKnown: accuracy };
  const target = { direction: "at least", target: 0.5 } as const;
  return { aims: [aim("captions that find their scene among 160", found.recall, target)], measured };
}
