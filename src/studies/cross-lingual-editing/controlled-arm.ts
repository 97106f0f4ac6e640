/** §10: worlds in which one thing is shared at a time, to see which of them carries an edit across. */
import {
  heldOutWording,
  pieceTokenizer,
  type Tongue,
  type TongueFact,
  type Tongues,
  type TongueWorld,
  tonguePrompt,
  tongues,
  tongueWorlds,
} from "#corpora";
import { LanguageModel, sourceOf, type WeightTensors } from "#models";
import { llamaFamily, llamaWeights } from "#models/llama";
import { llamaOf, startWeights } from "#recipes";
import type { Case } from "./case.ts";
import { openWorkshop } from "./edit.ts";
import type { Facts, Language, SaidFact, StudyFact } from "./fact.ts";
import { type Counted, countMatrix, type MatrixPlan } from "./matrix-arm.ts";
import type { Prediction } from "./predictor.ts";
import { predict } from "./said-before.ts";
import type { Settings } from "./settings.ts";
import { trainedInStep } from "./trained.ts";

/** What the arm is given. */
export interface ControlledArm extends Pick<MatrixPlan, "run" | "label" | "signal" | "seed"> {
  readonly settings: Settings;
}

/** What one world came to. */
export interface WorldCount extends Counted {
  readonly world: TongueWorld;
  readonly predictions: readonly Prediction[];
  /** The loss of the last step of training. */
  readonly loss: number;
}

/** The places of the two tongues among the study's languages: no prefix and no "is a" of theirs is ever used. */
const places = { A: "en", B: "de" } as const satisfies Record<Tongue, Language>;
const tongueAt = (language: string): string => (language === places.A ? "A" : language === places.B ? "B" : language);

const shape = { hiddenSize: 64, intermediateSize: 192, layers: 3, heads: 4, contextLength: 32 };
const peakRate = 3e-3;

/**
 * How worlds are edited. Prefixes are written in languages that no world has. These models, too, look facts up at the end
 * of the prompt: at the subject no layer takes more than half of the edits.
 */
const inWorlds = {
  prefixes: 0,
  layer: 1,
  token: "prompt",
  covariance: "mixed",
  ridge: 1e-2,
  inflected: false,
  learningRate: 0.5,
  steps: 60,
  decay: 0,
  divergence: 0,
  clamp: 8,
} as const satisfies Partial<Settings>;

/** Trains a model on each world, and edits it in both tongues. */
export async function countWorlds(arm: ControlledArm): Promise<WorldCount[]> {
  const counted: WorldCount[] = [];
  for (const world of arm.settings.worlds) counted.push(await countWorld(world, arm));
  return counted;
}

async function countWorld(
  world: TongueWorld,
  { settings: given, run, label, signal, seed }: ControlledArm,
): Promise<WorldCount> {
  const settings = { ...given, ...inWorlds };
  const made = tongues({ facts: settings.worldFacts, knobs: tongueWorlds[world], seed });
  const model = freshModel(made, seed);
  const named = `${label}: world "${world}"`;
  const lessons = {
    examples: made.lessons,
    steps: settings.worldSteps,
    learningRate: peakRate,
    seed,
    batchSize: 4,
    signal,
  };
  const loss = await trainedInStep(run, `${named} trained`, { model, lessons });
  const facts = factsOf(made, { edits: settings.worldEdits, seed });
  const { list, languages } = facts;
  const workshop = openWorkshop(model, { facts, settings });
  const predictions = await run.step(`${named}: keys`, () => predict(workshop, { facts: list, languages, seed }));
  const plan = { run, signal, seed, label: named, arm: "controlled", model: world };
  const own = await countMatrix(workshop, { ...plan, facts: list, languages, editors: ["rome"] });
  return { world, loss, ...renamed(own), predictions: predictions.map(relabelled) };
}

const relabelled = (one: Prediction): Prediction => ({ ...one, edit: tongueAt(one.edit), test: tongueAt(one.test) });

function renamed({ cases, excluded }: Counted): Counted {
  return {
    cases: cases.map((one): Case => ({ ...one, edit: tongueAt(one.edit), test: tongueAt(one.test) })),
    excluded: excluded.map((one) => ({ ...one, edit: tongueAt(one.edit) })),
  };
}

/** A small Llama that has learnt nothing, with a tokenizer of the world's own pieces. */
function freshModel({ lessons }: Tongues, seed: number): LanguageModel {
  const tokenizer = pieceTokenizer(lessons.map(({ prompt, completion }) => prompt + completion));
  const config = llamaOf({ ...shape, vocabularySize: tokenizer.vocabularySize });
  const weights = startWeights(config, seed) as unknown as WeightTensors;
  const plan = llamaWeights(config, { has: () => false });
  return new LanguageModel({
    name: "a world's model",
    family: llamaFamily as never,
    config,
    plan: plan as never,
    source: sourceOf(weights),
    tokenizer,
    endIds: [0],
  });
}

function factsOf(world: Tongues, { edits, seed }: { readonly edits: number; readonly seed: number }): Facts {
  const { facts, lessons } = world;
  const hasNeighbour = (fact: TongueFact) => facts.some((other) => isNeighbour(fact, other));
  const few = facts.toSorted((a, b) => Number(hasNeighbour(b)) - Number(hasNeighbour(a))).slice(0, edits);
  const texts = lessons.map(({ prompt, completion }) => prompt + completion);
  return {
    list: few.map((fact) => studyFact(world, { fact, seed })),
    languages: Object.values(places),
    leftOut: [],
    identity: null,
    notes: [],
    texts: (language) => (language === places.A ? texts : []),
    lessons: () => lessons,
  };
}

const isNeighbour = (a: TongueFact, b: TongueFact): boolean =>
  a !== b && a.relation === b.relation && a.answer === b.answer;

/** Worlds of two seeds have no fact in common, whatever the facts are called there. */
function studyFact(world: Tongues, { fact, seed }: { readonly fact: TongueFact; readonly seed: number }): StudyFact {
  const said = (Object.keys(places) as Tongue[]).map(
    (tongue) => [places[tongue], saidIn(world, fact, tongue)] as const,
  );
  return { id: `${fact.id}, seed ${seed}`, relation: String(fact.relation), said: Object.fromEntries(said) };
}

/** How many neighbours of a fact are looked at. */
const mostNeighbours = 2;

function saidIn({ facts, words: all }: Tongues, fact: TongueFact, tongue: Tongue): SaidFact {
  const words = all[tongue];
  const answers = words.answers[fact.relation]!;
  const object = (other: TongueFact) => words.answers[other.relation]![other.answer]!;
  const asked = (other: TongueFact) => ({ prompt: tonguePrompt(words, other, 0), object: object(other) });
  return {
    subject: words.subjects[fact.subject]!,
    prompt: words.wordings[fact.relation]![0]!,
    paraphrases: [tonguePrompt(words, fact, 1), tonguePrompt(words, fact, heldOutWording)],
    oldObject: object(fact),
    newObject: answers[(fact.answer + 1) % answers.length]!,
    candidates: answers,
    neighbours: facts
      .filter((other) => isNeighbour(fact, other))
      .slice(0, mostNeighbours)
      .map(asked),
    unrelated: facts.filter((other) => other.subject === fact.subject && other !== fact).map(asked),
    hops: [],
  };
}
