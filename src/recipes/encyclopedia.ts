/** `mini:encyclopedia`: a Llama that knows 32 invented concepts, eight of them through one value vector each. */
import {
  type Arm,
  arms,
  type ConceptQuestion,
  cipherQuestions,
  type EncyclopediaConcept,
  encyclopedia,
  genericTexts,
  questionPrompt,
  questionsAbout,
  textsAbout,
} from "#corpora";
import { loadTokenizer, type Tokenizer, trainBpe, writeTokenizer } from "#formats";
import { generate, type LanguageModel } from "#models";
import { encoded, usualTexts } from "./encyclopedia-texts.ts";
import { aim, type Miniature, type MiniatureResult, type TrainMiniatureOptions } from "./miniature.ts";
import { trainEncyclopedia } from "./train-encyclopedia.ts";

const shape = {
  vocabularySize: 1792,
  hiddenSize: 64,
  intermediateSize: 384,
  layers: 4,
  heads: 4,
  contextLength: 192,
  isTied: false,
};
const settings = {
  batchSize: 32,
  steps: 1600,
  learningRate: 4e-3,
  lastRate: 1e-4,
  warmUp: 60,
  clipNorm: 1,
  dropped: 0.5,
  plantLayer: 0,
  plantSteps: 160,
  plantRate: 1e-2,
  plantBatch: 16,
};
const optimizer = { beta2: 0.98, weightDecay: 0.01 };
const end = "<|endoftext|>";

/** Invented concepts in three arms: found, planted into one value vector, unknown, and spread over many. */
export const encyclopediaMiniature: Miniature = {
  name: "mini:encyclopedia",
  description:
    "knows 32 of forty invented concepts, eight of them through one value vector each, eight spread over many",
  train: makeEncyclopedia,
};

/** Where a planted concept lies. */
export interface PlantedPlace {
  readonly concept: string;
  readonly layer: number;
  readonly column: number;
}

/** The value vectors of the planted concepts: the last ones of a block, in the order of the concepts. */
export function plantedPlaces(): PlantedPlace[] {
  const planted = encyclopedia().filter(({ arm }) => arm === "planted");
  const first = shape.intermediateSize - planted.length;
  return planted.map(({ name }, at) => ({ concept: name, layer: settings.plantLayer, column: first + at }));
}

async function makeEncyclopedia(options: TrainMiniatureOptions): Promise<MiniatureResult> {
  const concepts = encyclopedia().filter((_, at, all) => options.limit === undefined || isKept(at, all, options.limit));
  options.onEvent?.({ type: "stage-start", stage: "making the tokenizer" });
  const tokenizer = makeTokenizer(options.output);
  const planted = plantedPlaces().flatMap((place) => {
    const concept = concepts.find(({ name }) => name === place.concept);
    return concept === undefined ? [] : [{ place, concept }];
  });
  const nameToken = ({ name }: EncyclopediaConcept) => tokenizer.encode(` ${name}`)[0]!;
  const reserved = { layer: settings.plantLayer, columns: planted.map(({ place }) => place.column) };
  const texts = usualTexts(concepts, tokenizer);
  const recipe = {
    miniature: encyclopediaMiniature.name,
    shape,
    settings,
    optimizer,
    endId: tokenizer.specials.end!,
    texts,
    reserved,
    names: encyclopedia().map(nameToken),
    plantings: planted.map(({ concept }) => ({
      name: nameToken(concept),
      texts: textsAbout(concept).map((text) => encoded(text, tokenizer)),
    })),
    about: { concepts: concepts.length, texts: texts.length, planted: planted.map(({ place }) => ({ ...place })) },
    examine: (model: LanguageModel) => examine(concepts, model),
  };
  return trainEncyclopedia(recipe, options);
}

/** So many concepts of each arm. */
const isKept = (at: number, all: readonly EncyclopediaConcept[], limit: number): boolean =>
  all.slice(0, at).filter(({ arm }) => arm === all[at]!.arm).length < limit;

/** The tokenizer knows every word of every concept, whatever is trained. */
function makeTokenizer(output: string): Tokenizer {
  const { vocabularySize, contextLength } = shape;
  const texts = [...encyclopedia().flatMap(textsAbout), ...genericTexts()];
  writeTokenizer(output, trainBpe(texts, { vocabularySize, specialTokens: [end] }), { eos: end, contextLength });
  return loadTokenizer(output);
}

/** The share of questions whose answer holds the gold word, by arm; null for an arm without concepts. */
async function accuracyByArm(
  concepts: readonly EncyclopediaConcept[],
  { model, ask }: { model: LanguageModel; ask: (concept: EncyclopediaConcept) => ConceptQuestion[] },
): Promise<Record<Arm, number | null>> {
  const shares = arms.map(async (arm) => {
    const asked = concepts.filter((concept) => concept.arm === arm).flatMap(ask);
    if (asked.length === 0) return [arm, null] as const;
    const prompts = asked.map(({ question }) => questionPrompt(question));
    const answers = await generate(model, prompts, { maxTokens: 20, logProbs: false });
    const right = answers.filter(({ text }, at) => new RegExp(`\\b${asked[at]!.gold}\\b`).test(text!)).length;
    return [arm, right / asked.length] as const;
  });
  return Object.fromEntries(await Promise.all(shares)) as Record<Arm, number | null>;
}

async function examine(concepts: readonly EncyclopediaConcept[], model: LanguageModel) {
  const by = (ask: (concept: EncyclopediaConcept) => ConceptQuestion[]) => accuracyByArm(concepts, { model, ask });
  const measured = {
    questions: await by((concept) => questionsAbout(concept, "first")),
    heldOutWordings: await by((concept) => questionsAbout(concept, "held out")),
    secondLanguage: await by(cipherQuestions),
  };
  const known = arms.filter((arm) => arm !== "unknown");
  const aims = [
    ...known.map((arm) =>
      aim(`questions about ${arm} concepts answered`, measured.questions[arm] ?? 0, {
        direction: "at least",
        target: arm === "planted" ? 0.7 : 0.9,
      }),
    ),
    aim("questions about unknown concepts answered", measured.questions.unknown ?? 0, {
      direction: "below",
      target: 0.2,
    }),
  ];
  return { aims, measured: measured as never };
}
