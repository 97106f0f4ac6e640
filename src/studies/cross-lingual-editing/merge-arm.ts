/** §8: two monolingual fine-tunes merged in every way, and edited again. */
import type { Tensor } from "#base";
import { leavesOf } from "#engine";
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
export interface MergeArm extends Pick<MatrixPlan, "run" | "label" | "signal" | "seed"> {
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

/** What one model of the arm came to. */
export interface MergeCount extends Counted {
  /** `unmerged`, `tuned on` a language, or how it was merged. */
  readonly model: string;
  /** ‖θ − θ₀‖ / ‖θ₀‖ over all weights: how far it is from the model before. */
  readonly moved: number;
}

/** What the two fine-tunes are called, which no merge is. */
export const tunedName = (language: string): string => `tuned on ${language}`;

/** Fine-tunes, merges and edits: ROME alone, in the two languages of the fine-tunes, beside the model before and both of them. */
export async function countMerges(base: LanguageModel, arm: MergeArm): Promise<MergeCount[]> {
  const { settings, run, label, signal, seed } = arm;
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
    ...pair.map((language, at) => [tunedName(language), () => tuned[at]!] as const),
    ...settings.merges.map((method) => [method, () => mergedBy(method, { base, tuned, seed })] as const),
  ] as const;
  const counted: MergeCount[] = [];
  for (const [name, make] of models) {
    const model = make();
    const workshop = openWorkshop(model, { facts, settings });
    const plan = { run, signal, seed, label: `${label}: merge ${name}`, arm: "merge", model: name };
    const own = await countMatrix(workshop, { ...plan, facts: facts.list, languages: pair, editors: ["rome"] });
    counted.push({ ...own, model: name, moved: distanceFrom(base, model) });
  }
  return counted;
}

/** ‖θ − θ₀‖ / ‖θ₀‖ over all weights. */
function distanceFrom(base: LanguageModel, model: LanguageModel): number {
  const before = leavesOf<Tensor<"float32">>(base.weights);
  let [moved, size] = [0, 0];
  for (const [path, { data }] of leavesOf<Tensor<"float32">>(model.weights)) {
    const first = before.get(path)!.data;
    for (let at = 0; at < data.length; at++) {
      moved += (data[at]! - first[at]!) ** 2;
      size += first[at]! ** 2;
    }
  }
  return Math.sqrt(moved / size);
}

async function tunedOn(
  base: LanguageModel,
  language: Language,
  { facts, settings, run, label, signal, seed }: MergeArm,
): Promise<LanguageModel> {
  const model = copiedModel(base);
  const lessons = {
    examples: facts.lessons(language),
    steps: settings.mergeSteps,
    learningRate: settings.mergeRate,
    seed,
    signal,
  };
  await trainedInStep(run, `${label}: fine-tune on ${language}`, { model, lessons });
  return model;
}
