/** `mini:code`: a Llama that has read the JavaScript and the type declarations of the project's dependencies. */
import { join } from "node:path";
import { hashOf } from "#base";
import { adamW } from "#engine";
import { middleSentinels, packageSources, type SourceGroup, sourceGroups } from "#corpora";
import { loadTokenizer, type Tokenizer, trainBpe, writeAtomically, writeModelFolder, writeTokenizer } from "#formats";
import { train } from "#training";
import { CodeWindows } from "./code-batches.ts";
import { bitsPerCharacter, charactersOf, middleBits, zstdBitsPerCharacter } from "./code-measures.ts";
import { FiveGram } from "./five-gram.ts";
import { learningRateOf } from "./learning-rate.ts";
import { llamaJson, llamaOf } from "./llama-shape.ts";
import { loadWeights } from "./load-weights.ts";
import { aim, type Miniature, type MiniatureResult, type TrainMiniatureOptions } from "./miniature.ts";
import { batchOfTexts, nextTokenLoss, nextTokenTypes } from "./next-tokens.ts";
import type { Examined } from "./statement-accuracy.ts";
import { trainingLogger } from "./training-logger.ts";
import { countWeights, startWeights, storedWeights } from "./weights.ts";

const shape = {
  vocabularySize: 4096,
  hiddenSize: 128,
  intermediateSize: 384,
  layers: 4,
  heads: 4,
  contextLength: 256,
};
const settings = {
  ...{ batchSize: 8, steps: 2000, learningRate: 3e-3, lastRate: 1e-4, warmUp: 100, clipNorm: 1 },
  ...{ middleShare: 0.3, charactersOfPackage: 300_000 },
};
const optimizer = { beta2: 0.98, weightDecay: 0.01 };
const end = "<|endoftext|>";

/** Source text, and what belongs in the middle of it. */
export const code: Miniature = {
  name: "mini:code",
  description: "continues JavaScript and type declarations, and fills in the middle",
  train: trainCode,
};

async function trainCode(options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const { output, seed = 0, threads, onEvent } = options;
  onEvent?.({ type: "stage-start", stage: "corpus" });
  const groups = sourceGroups(packageSources(options.project ?? ".", settings));
  const [seen, held] = (["train", "heldOut"] as const).map((split) => textsOf(groups, split)) as [string[], string[]];
  onEvent?.({ type: "stage-start", stage: "tokenizer" });
  const tokenizer = makeTokenizer(output, seen);
  writeGroups(output, groups);
  const config = llamaOf(shape);
  const weights = startWeights(config, seed);
  const { batchSize: size, middleShare } = settings;
  const windows = new CodeWindows(seen, { tokenizer, seed, length: shape.contextLength, size, middleShare });
  const steps = options.steps ?? settings.steps;
  const log = trainingLogger(output, {
    ...{ miniature: "mini:code", seed, steps, parameters: countWeights(weights), shape, settings, optimizer },
    ...{ corpus: hashOf(groups.map(({ hash }) => hash)), groups: groups.length, texts: seen.length, characters: charactersOf(seen), tokens: windows.tokens },
  });
  const measure = async () => ({
    bitsPerCharacter: await bitsPerCharacter(held.slice(0, 12), tokenizer, { weights, config, threads }),
  });
  await log.before(measure);
  const trained = await train(
    {
      ...{ name: "mini-code", weights, batch: nextTokenTypes, steps, seed },
      loss: ({ weights: values, batch }) => nextTokenLoss(batch, values, config),
      nextBatch: ({ step }) => batchOfTexts(windows.at(step).map((ids) => ({ ids, from: 1 }))),
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
  const result = await examine(output, { seen, held, tokenizer }, { weights: await loadWeights(output), config, threads });
  log.after(result);
  return result;
}

/** The first text of each group of a split: the others are nearly the same. */
const textsOf = (groups: readonly SourceGroup[], split: SourceGroup["split"]): string[] =>
  groups.filter((group) => group.split === split).map(({ files }) => files[0]!.text);

function makeTokenizer(output: string, texts: readonly string[]): Tokenizer {
  const { vocabularySize, contextLength } = shape;
  const json = trainBpe(texts, { vocabularySize, specialTokens: [end, ...Object.values(middleSentinels)] });
  writeTokenizer(output, json, { eos: end, contextLength });
  return loadTokenizer(output);
}

/** Which contents the model saw; whoever tests it draws from the rest. */
function writeGroups(folder: string, groups: readonly SourceGroup[]): void {
  const hashes = (split: SourceGroup["split"]) =>
    groups.filter((group) => group.split === split).map(({ hash }) => hash);
  const text = JSON.stringify({ seen: hashes("train"), heldOut: hashes("heldOut") }, null, 1);
  writeAtomically(join(folder, "groups.json"), (append) => append(Buffer.from(`${text}\n`)));
}

interface CodeTexts {
  readonly seen: readonly string[];
  readonly held: readonly string[];
  readonly tokenizer: Tokenizer;
}

/** What the written model foretells, in its half precision, beside what a simpler model and a compressor do. */
async function examine(
  folder: string,
  { seen, held, tokenizer }: CodeTexts,
  examined: Examined,
): Promise<MiniatureResult> {
  const bits = round(await bitsPerCharacter(held, tokenizer, examined));
  const fiveGramModel = new FiveGram(seen);
  const fiveGram = round(held.reduce((sum, text) => sum + fiveGramModel.bits(text), 0) / charactersOf(held));
  const zstd = zstdBitsPerCharacter(held);
  const middle = await middleBits(held, tokenizer, examined);
  const measured = {
    heldOut: { texts: held.length, characters: charactersOf(held), bitsPerCharacter: bits },
    fiveGram,
    zstdEachText: round(zstd.each),
    zstdAllTogether: round(zstd.together),
    middle: {
      middles: middle.middles,
      prefixAndSuffix: round(middle.prefixAndSuffix),
      suffixAndPrefix: round(middle.suffixAndPrefix),
      prefixOnly: round(middle.prefixOnly),
    },
  };
  const below = (name: string, value: number, target: number) => aim(name, value, { direction: "below", target });
  const aims = [
    below("held-out bits per character, against a 5-gram model of bytes", bits, fiveGram),
    below("held-out bits per character, against zstd -19 on each text", bits, round(zstd.each)),
    below("held-out bits per character, against zstd -19 on all texts as one", bits, round(zstd.together)),
    below("bits per character of a middle, against the prefix alone", measured.middle.prefixAndSuffix, measured.middle.prefixOnly),
  ];
  return { status: "finished", folder, aims, measured };
}

const round = (bits: number): number => Math.round(bits * 1e4) / 1e4;
