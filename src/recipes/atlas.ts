/** `mini:atlas`: a Llama that knows 1,279 facts of CLDR in eight languages. */
import { adamW } from "#engine";
import { atlasFacts, atlasSource, atlasStatements } from "#corpora";
import { loadTokenizer, type Tokenizer, trainBpe, writeModelFolder, writeTokenizer } from "#formats";
import { train } from "#training";
import { learningRateOf } from "./learning-rate.ts";
import { llamaJson, llamaOf } from "./llama-shape.ts";
import { aim, type Miniature, type MiniatureResult, type TrainMiniatureOptions } from "./miniature.ts";
import { batchOfTexts, nextTokenLoss, nextTokenTypes } from "./next-tokens.ts";
import { loadWeights } from "./load-weights.ts";
import { accuracyOf, type Examined, judgeStatements, shuffledAnswers, worstLanguage } from "./statement-accuracy.ts";
import { encodeStatements, StatementBatches } from "./statement-batches.ts";
import { trainingLogger } from "./training-logger.ts";
import { countWeights, startWeights, storedWeights } from "./weights.ts";

const shape = {
  vocabularySize: 6144,
  hiddenSize: 128,
  intermediateSize: 384,
  layers: 4,
  heads: 4,
  contextLength: 64,
};
const settings = { batchSize: 128, steps: 3200, learningRate: 3e-3, lastRate: 1e-4, warmUp: 100, clipNorm: 1 };
const optimizer = { beta2: 0.98, weightDecay: 0.01 };
const end = "<|endoftext|>";

/** Facts about countries and languages in eight languages. */
export const atlas: Miniature = {
  name: "mini:atlas",
  description: "knows languages, currencies, regions, first weekdays, sizes and scripts in eight languages",
  train: trainAtlas,
};

async function trainAtlas(options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const { output, seed = 0, threads, onEvent } = options;
  onEvent?.({ type: "stage-start", stage: "tokenizer" });
  const tokenizer = makeTokenizer(output);
  const config = llamaOf(shape);
  const weights = startWeights(config, seed);
  const known = encodeStatements(atlasStatements(atlasFacts(), "train"), tokenizer);
  const steps = options.steps ?? settings.steps;
  const log = trainingLogger(output, {
    ...{ miniature: "mini:atlas", seed, steps, parameters: countWeights(weights), shape, settings, optimizer },
    ...{ facts: atlasFacts().length, statements: known.length, source: { ...atlasSource } },
  });
  const sample = known.filter(({ statement: { template } }, at) => template === 0 && at % 3 === 0);
  const measure = async () => {
    const { all } = accuracyOf(sample, await judgeStatements(sample, { weights, config, threads }));
    return { accuracy: all };
  };
  const batches = new StatementBatches(known, { seed, size: settings.batchSize });
  await log.before(measure);
  const trained = await train(
    {
      ...{ name: "mini-atlas", weights, batch: nextTokenTypes, steps, seed },
      loss: ({ weights: values, batch }) => nextTokenLoss(batch, values, config),
      nextBatch: ({ step }) => batchOfTexts(batches.at(step)),
      ...{ optimizer: adamW(optimizer), learningRate: learningRateOf(settings, steps) },
    },
    {
      ...{ clipNorm: settings.clipNorm, onEvent: log.listen(onEvent), evaluation: { every: 400, measure } },
      checkpoints: { every: 100, ...(options.checkpoints && { folder: options.checkpoints }) },
      ...(threads !== undefined && { threads }),
      ...(options.signal && { signal: options.signal }),
    },
  );
  if (trained.status === "stopped") return { status: "stopped", folder: output, aims: [], measured: {} };
  const tensors = storedWeights(weights, config);
  writeModelFolder(output, { tensors, config: llamaJson(shape, { endId: tokenizer.specials.end! }), overwrite: true });
  onEvent?.({ type: "stage-start", stage: "evaluation" });
  const result = await examine(output, tokenizer, { weights: await loadWeights(output), config, threads }, seed);
  log.after(result);
  return result;
}

/** Held-out wordings are no part of what the tokenizer is made of. */
function makeTokenizer(output: string): Tokenizer {
  const texts = atlasStatements(atlasFacts(), "train").map(({ prompt, answer }) => prompt + answer);
  const { vocabularySize, contextLength } = shape;
  const json = trainBpe(texts, { vocabularySize, specialTokens: [end], words: "marks" });
  writeTokenizer(output, json, { eos: end, contextLength });
  return loadTokenizer(output);
}

/** What the written model knows, in its half precision. */
async function examine(
  folder: string,
  tokenizer: Tokenizer,
  examined: Examined,
  seed: number,
): Promise<MiniatureResult> {
  const accuracy = async (statements: ReturnType<typeof atlasStatements>) => {
    const encoded = encodeStatements(statements, tokenizer);
    return accuracyOf(encoded, await judgeStatements(encoded, examined));
  };
  const [known, held] = (["train", "heldOut"] as const).map((split) => atlasStatements(atlasFacts(), split));
  const measured = {
    known: await accuracy(known!),
    heldOutWordings: await accuracy(held!),
    shuffledAnswers: await accuracy(shuffledAnswers(known!.filter(({ template }) => template === 0), seed)),
  };
  const aims = [
    aim("facts answered exactly, in the worst language", worstLanguage(measured.known), { direction: "at least", target: 0.95 }),
    aim("in wordings never seen, in the worst language", worstLanguage(measured.heldOutWordings), { direction: "at least", target: 0.8 }),
  ];
  return { status: "finished", folder, aims, measured: measured as never };
}
