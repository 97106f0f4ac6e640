/** Attribution: how much each patch, or each dimension of the embedding, counts for what an image classifier says. */
export { type Attribution, type AttributionInput, type Prepared, preparePicture } from "./attribution.ts";
export {
  type AttributionExplainerOptions,
  type AttributionMethod,
  attributionExplainer,
  attributionMethods,
} from "./explainer.ts";
export {
  type AdversarialOptions,
  adversarialGradients,
  type IntegratedOptions,
  integratedGradients,
  saliency,
} from "./gradients.ts";
export { type MaskedFeatures, maskedLogits } from "./masked.ts";
export {
  kernelShap,
  type LimeOptions,
  lime,
  type SurrogateAttribution,
  type SurrogateOptions,
} from "./surrogates.ts";
