import type { Environment } from "#evals/redaction";

/** How to call the command line again: `npx assay` where it was called through npx, as in a checkout. */
export const assayCommand = (env: Environment): string =>
  env.npm_command === "exec" || env.npm_lifecycle_event === "npx" ? "npx assay" : "assay";
