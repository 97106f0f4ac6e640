import { LanguageModel, sourceOf, type WeightSource, type WeightTensors } from "#models";

/** The same model with other weights in memory; it keeps tokenizer and folder, and shares what is not changed. */
export const withWeights = (model: LanguageModel, weights: WeightTensors): LanguageModel =>
  withSource(model, sourceOf(weights));

/** The same model with its weights from elsewhere. */
export function withSource(model: LanguageModel, source: WeightSource): LanguageModel {
  const { name, folder, family, config, plan, tokenizer, chatTemplate, endIds, warnings } = model;
  return new LanguageModel({
    name,
    folder,
    family,
    config,
    plan,
    source,
    tokenizer,
    chatTemplate,
    endIds,
    warnings,
    like: model,
  });
}
