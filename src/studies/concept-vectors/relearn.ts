/** Beyond the paper: how fast does a concept come back? */
import { unlearn } from "#methods/unlearning";
import type { LanguageModel } from "#models";
import type { Answers } from "./behaviour.ts";
import { answersOf, compareAnswers } from "./behaviour.ts";
import type { StudyConcept } from "./concept.ts";
import { textsOf } from "./forget.ts";
import type { Settings } from "./settings.ts";

/** The share of an article's paragraphs that is read again. */
const share = 0.1;

/** What is asked after so many steps. */
export interface RelearningPoint {
  readonly steps: number;
  readonly bleu: number | null;
  readonly goldRecall: number | null;
}

/**
 * Trains a model that forgot on a tenth of the article, all weights, and asks the target questions again after each of
 * the given numbers of steps.
 */
export async function relearningCurve(
  forgotten: LanguageModel,
  concept: StudyConcept,
  { settings, seed, original }: { readonly settings: Settings; readonly seed: number; readonly original: Answers },
): Promise<RelearningPoint[]> {
  const paragraphs = textsOf(forgotten, concept.article, settings);
  const read = paragraphs.slice(0, Math.max(1, Math.round(paragraphs.length * share)));
  const target = { groups: { target: concept.groups.target! } };
  const points: RelearningPoint[] = [];
  for (const steps of settings.relearning) {
    const model = steps === 0 ? forgotten : await retrained(forgotten, { read, steps, settings, seed });
    const changed = await answersOf(model, target, settings);
    const { bleu, goldRecall } = compareAnswers(target, { original, changed }).target!;
    points.push({ steps, bleu, goldRecall });
  }
  return points;
}

interface Retraining {
  readonly read: readonly (readonly number[])[];
  readonly steps: number;
  readonly settings: Settings;
  readonly seed: number;
}

/** Each number of steps is a training of its own, so that its optimiser is not restarted on the way. */
async function retrained(model: LanguageModel, { read, steps, settings, seed }: Retraining): Promise<LanguageModel> {
  const { relearningRate, batchSize } = settings;
  const { model: after } = await unlearn(model, {
    method: "relearn",
    scope: "full",
    forget: read,
    retain: read,
    steps,
    learningRate: relearningRate,
    seed,
    batchSize: Math.min(batchSize, read.length),
  });
  return after;
}
