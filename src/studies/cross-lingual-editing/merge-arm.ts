/** §8: two monolingual fine-tunes merged in every way, and edited again. */
import { type MergeLoadedOptions, mergeLoaded } from "#methods/merging";
import type { LanguageModel } from "#models";
import type { MergeName } from "./arm-settings.ts";
import { copiedModel } from "./copied-model.ts";
import { openWorkshop } from "./edit.ts";
import type { Facts, Language } from "./fact.ts";
import { type Counted, countMatrix, type MatrixPlan } from "./matrix-arm.ts";
import type { Settings } from "./settings.ts";
import { trainedInStep } from "./trained.ts";

/** What the arm is given. */
export interface MergeArm extends Pick<MatrixPlan, "run" | "label" | "signal" | "seeds"> {
  readonly facts: Facts;
  readonly settings: Settings;
}

/** How far along the way from the first fine-tune to the second; and what each of them weighs. */
const half = 0.5;
/** The share of a difference that TIES and DARE keep. */
const density = 0.5;

/** Merges the two fine-tunes in one way. */
function mergedBy(
  method: MergeName,
  { base, tuned, seed }: { base: LanguageModel; tuned: readonly LanguageModel[]; seed: number },
): LanguageModel {
  const settings = { weight: half, density };
  const models = tuned.map((model) => ({ model, settings }));
  const options: MergeLoadedOptions =
    method === "slerp"
      ? { method, base: tuned[0]!, models: [{ model: tuned[1]! }], settings: { t: half } }
      : { method, base, models, seed };
  return mergeLoaded(options);
}

/** Fine-tunes, merges and edits: ROME alone, in the two languages of the fine-tunes, beside the model before. */
export async function countMerges(base: LanguageModel, arm: MergeArm): Promise<Counted[]> {
  const { settings, run, label, signal, seeds } = arm;
  const pair = settings.mergePair.filter((language) => arm.facts.languages.includes(language));
  if (pair.length < 2) {
    run.note(`merging needs ${settings.mergePair.join(" and ")} among the languages; it is left out`);
    return [];
  }
  const tuned: LanguageModel[] = [];
  for (const language of pair) tuned.push(await tunedOn(base, language, arm));
  const facts: Facts = { ...arm.facts, list: arm.facts.list.slice(0, settings.mergeFacts), languages: pair };
  const models = [
    ["unmerged", () => base],
    ...settings.merges.map((method) => [method, () => mergedBy(method, { base, tuned, seed: seeds[0]! })] as const),
  ] as const;
  const counted: Counted[] = [];
  for (const [name, make] of models) {
    const workshop = openWorkshop(make(), { facts, settings });
    const plan = { run, signal, seeds: seeds.slice(0, 1), label: `${label}: merge ${name}`, arm: "merge", model: name };
    counted.push(await countMatrix(workshop, { ...plan, facts: facts.list, languages: pair, editors: ["rome"] }));
  }
  return counted;
}

async function tunedOn(
  base: LanguageModel,
  language: Language,
  { facts, settings, run, label, signal, seeds }: MergeArm,
): Promise<LanguageModel> {
  const model = copiedModel(base);
  const lessons = {
    examples: facts.lessons(language),
    steps: settings.mergeSteps,
    learningRate: settings.mergeRate,
    seed: seeds[0]!,
    signal,
  };
  await trainedInStep(run, `${label}: fine-tune on ${language}`, { model, lessons });
  return model;
}
