import { type UnlearningMethodName, unlearningMethods } from "#methods/unlearning";

/** What trains with a loss; `/bfloat16` behind one of these keeps its weights in bfloat16. */
export const trainedNames: readonly UnlearningMethodName[] = (
  Object.keys(unlearningMethods) as UnlearningMethodName[]
).filter((name) => name !== "relearn");

/** Every way to forget that the study can be asked for. */
export const forgettingNames: readonly string[] = ["needle", ...trainedNames];

const bfloat16 = trainedNames.map((name) => `${name}/bfloat16`);

/** Whether a name is one of these, or one of them in bfloat16. */
export const isForgettingName = (name: string): boolean => [...forgettingNames, ...bfloat16].includes(name);
