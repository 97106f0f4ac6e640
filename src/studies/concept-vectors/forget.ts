/** §5 Forgetting one concept with one method. */
import {
  countSteps,
  displacementBound,
  displacementWarning,
  encodeTexts,
  needle,
  paragraphsOf,
  type UnlearningMethodName,
  unlearn,
} from "#methods/unlearning";
import { normOf, valueVector } from "#methods/value-vectors";
import type { LanguageModel } from "#models";
import type { StudyConcept } from "./concept.ts";
import { editAway } from "./edit-away.ts";
import { editingNames, trainedNames } from "./forgetting-names.ts";
import type { Forgetting, Forgotten } from "./forgotten.ts";
import type { Settings } from "./settings.ts";

/** Makes a model that forgot; the given one keeps its weights. */
type ForgettingMethod = (model: LanguageModel, concept: StudyConcept, how: Forgetting) => Promise<Forgotten>;

/**
 * Every way to forget by its name. A method that is no loss to train with, such as an edit of weights, is one more row here
 * and one more name in forgetting-names.ts.
 */
const methods: Readonly<Record<string, ForgettingMethod>> = {
  given: async (_, __, { after }) => ({ model: after!, steps: 0 }),
  needle: async (model, _, { place, settings, seed }) => {
    const noise = { kind: settings.noise, sigma: settings.sigma, seed } as const;
    return { model: (await needle(model, place, { noise })).model, steps: 0 };
  },
  ...Object.fromEntries(editingNames.map((name) => [name, editAway])),
  ...Object.fromEntries(trainedNames.flatMap((name) => [name, `${name}/bfloat16`].map((one) => [one, fineTuned]))),
};

/** Applies a method by its name. @throws AssayError ARTICLE_TOO_SHORT; whatever unlearn() throws */
export const forget: ForgettingMethod = (model, concept, how) => methods[how.method]!(model, concept, how);

async function fineTuned(model: LanguageModel, concept: StudyConcept, how: Forgetting): Promise<Forgotten> {
  const { method, place, settings, seed } = how;
  const { learningRate, epochs, batchSize, scope } = settings;
  const [forgotten, kept] = [textsOf(model, concept.article, settings), textsOf(model, concept.retain, settings)];
  const steps = countSteps({ texts: forgotten.length, epochs, batchSize });
  const { model: after, rate } = await unlearn(model, {
    method: method.replace(/\/bfloat16$/, "") as UnlearningMethodName,
    bfloat16: method.endsWith("/bfloat16"),
    scope,
    forget: forgotten,
    retain: kept,
    steps,
    learningRate,
    batchSize,
    seed,
    warmUp: Math.max(1, Math.floor(steps / epochs)),
    layer: place.layer,
  });
  const vector = valueVector(model, place);
  const bound = displacementBound(rate, { steps, size: vector.length, norm: normOf(vector) });
  return { model: after, steps, bound, warning: displacementWarning(bound) };
}

/** An article's paragraphs as tokens. */
export function textsOf(
  model: LanguageModel,
  article: string,
  { characters }: Pick<Settings, "characters">,
): number[][] {
  const tokens = Math.min(500, model.config.contextLength - 1);
  return encodeTexts(paragraphsOf(article, { characters }), { tokenizer: model.requireTokenizer(), tokens });
}
