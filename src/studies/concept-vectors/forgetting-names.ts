import { memitTargets, type UnlearningMethodName, unlearningMethods } from "#methods/unlearning";

/** What trains with a loss; `/bfloat16` behind one of these keeps its weights in bfloat16. */
export const trainedNames: readonly UnlearningMethodName[] = (
  Object.keys(unlearningMethods) as UnlearningMethodName[]
).filter((name) => name !== "relearn");

/** MEMIT towards an empty answer, and towards uncertainty. */
export const editingNames: readonly string[] = Object.keys(memitTargets).map((target) => `memit-${target}`);

/** Every way to forget that the study can be asked for. */
export const forgettingNames: readonly string[] = ["needle", ...editingNames, ...trainedNames];

/** Whether a method fine-tunes weights, as against Needle's noise and MEMIT's solution. */
export const isTraining = (name: string): boolean => name !== "needle" && !editingNames.includes(name);

const bfloat16 = trainedNames.map((name) => `${name}/bfloat16`);

/** Whether a name is one of these, or one of them in bfloat16. */
export const isForgettingName = (name: string): boolean => [...forgettingNames, ...bfloat16].includes(name);
