import { LanguageModel, sourceOf, type WeightTensors } from "#models";

/** The same model with other weights in memory; it keeps tokenizer and folder, and shares what is not changed. */
export function withWeights(model: LanguageModel, weights: WeightTensors): LanguageModel {
  const { name, folder, family, config, plan, tokenizer, chatTemplate, endIds, warnings } = model;
  const source = sourceOf(weights);
  return new LanguageModel({
    ...{ name, folder, family, config, plan, source, tokenizer, chatTemplate, endIds, warnings, like: model },
  });
}
