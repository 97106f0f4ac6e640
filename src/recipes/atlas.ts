/** `mini:atlas`: a Llama that knows 1,279 facts of CLDR in eight languages. */
import { type AtlasStatement, atlasFacts, atlasSource, atlasStatements } from "#corpora";
import { loadTokenizer, type Tokenizer, trainBpe, writeTokenizer } from "#formats";
import { aim, type Miniature, type MiniatureResult, type TrainMiniatureOptions } from "./miniature.ts";
import { batchOfTexts, type Examined } from "./next-tokens.ts";
import { accuracyOf, judgeStatements, shuffledAnswers, worstLanguage } from "./statement-accuracy.ts";
import { encodeStatements, StatementBatches } from "./statement-batches.ts";
import { trainLlama } from "./train-llama.ts";

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
  const { output, seed = 0, limit, onEvent } = options;
  const facts = atlasFacts().slice(0, limit);
  const [known, held] = [atlasStatements(facts, "train"), atlasStatements(facts, "heldOut")];
  onEvent?.({ type: "stage-start", stage: "making the tokenizer" });
  const tokenizer = makeTokenizer(output, known);
  const encoded = encodeStatements(known, tokenizer);
  const batches = new StatementBatches(encoded, { seed, size: settings.batchSize });
  const recipe = {
    miniature: atlas.name,
    shape,
    settings,
    optimizer,
    endId: tokenizer.specials.end!,
    about: { facts: facts.length, statements: known.length, source: { ...atlasSource } },
    batch: (step: number) => batchOfTexts(batches.at(step)),
    glance: (examined: Examined) => glance(encoded, examined),
    examine: (examined: Examined) => examine({ known, held, tokenizer, seed }, examined),
  };
  return trainLlama(recipe, options);
}

/** Held-out wordings are no part of what the tokenizer is made of. */
function makeTokenizer(output: string, known: readonly AtlasStatement[]): Tokenizer {
  const { vocabularySize, contextLength } = shape;
  const texts = known.map(({ prompt, answer }) => prompt + answer);
  const json = trainBpe(texts, { vocabularySize, specialTokens: [end], words: "marks" });
  writeTokenizer(output, json, { eos: end, contextLength });
  return loadTokenizer(output);
}

type Encoded = ReturnType<typeof encodeStatements>;

/** One wording of every third fact and language. */
async function glance(encoded: Encoded, examined: Examined) {
  const few = encoded.filter(({ statement: { template } }, at) => template === 0 && at % 3 === 0);
  return { accuracy: accuracyOf(few, await judgeStatements(few, examined)).all };
}

interface AtlasExam {
  readonly known: readonly AtlasStatement[];
  readonly held: readonly AtlasStatement[];
  readonly tokenizer: Tokenizer;
  readonly seed: number;
}

async function examine({ known, held, tokenizer, seed }: AtlasExam, examined: Examined) {
  const accuracy = async (statements: readonly AtlasStatement[]) => {
    const encoded = encodeStatements(statements, tokenizer);
    return accuracyOf(encoded, await judgeStatements(encoded, examined));
  };
  const oneWording = known.filter(({ template }) => template === 0);
  const measured = {
    known: await accuracy(known),
    heldOutWordings: await accuracy(held),
    shuffledAnswers: await accuracy(shuffledAnswers(oneWording, seed)),
  };
  const atLeast = (target: number) => ({ direction: "at least" as const, target });
  const aims = [
    aim("facts answered exactly, in the worst language", worstLanguage(measured.known), atLeast(0.95)),
    aim("in wordings never seen, in the worst language", worstLanguage(measured.heldOutWordings), atLeast(0.8)),
  ];
  return { aims, measured: measured as never };
}
