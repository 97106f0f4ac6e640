/** Making a language model forget: losses, scopes, and the run that applies them. */
export { bfloat16Copy, inBfloat16, roundToBfloat16 } from "./bfloat16.ts";
export { type DisplacementBound, displacementBound, displacementWarning } from "./displacement.ts";
export { gradientAscentLoss } from "./gradient-ascent.ts";
export {
  type ForgottenFact,
  type MemitForgetOptions,
  type MemitTarget,
  memitForget,
  memitTargets,
} from "./memit-forget.ts";
export {
  type LossNumbers,
  type LossParts,
  lossNumbers,
  type UnlearningMethod,
  type UnlearningMethodName,
  unlearningMethods,
} from "./methods.ts";
export { type Needled, type NeedleOptions, needle } from "./needle.ts";
export { encodeTexts, type ParagraphOptions, paragraphsOf } from "./paragraphs.ts";
export { dpoLoss, npoLoss, type PolicyAndReference, type PreferenceOptions } from "./preference.ts";
export { countSteps, type UnlearningRate, unlearningRate } from "./rate.ts";
export { klLoss, retainLoss } from "./retain.ts";
export { misdirectionLoss, steadinessLoss } from "./rmu.ts";
export { readScope, type ScopeSelection, selectScope, type UnlearningScope, unlearningScopes } from "./scope.ts";
export { type SimNpoOptions, simNpoLoss } from "./sim-npo.ts";
export type { ReferenceKind, TextView } from "./text-view.ts";
export { type Unlearned, type UnlearnOptions, unlearn } from "./unlearn.ts";
