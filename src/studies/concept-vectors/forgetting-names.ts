import { type UnlearningMethodName, unlearningMethods } from "#methods/unlearning";

/** Every way to forget that the study can be asked for: Needle, and what trains with a loss. */
export const forgettingNames: readonly ("needle" | UnlearningMethodName)[] = [
  "needle",
  ...(Object.keys(unlearningMethods) as UnlearningMethodName[]).filter((name) => name !== "relearn"),
];
