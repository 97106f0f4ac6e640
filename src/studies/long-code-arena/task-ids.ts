/** The six tasks, in the order of the paper. */
export const taskIds = [
  "library-codegen",
  "ci-repair",
  "code-completion",
  "commit-messages",
  "bug-localization",
  "module-summarization",
] as const;

/** One of the six tasks. */
export type TaskId = (typeof taskIds)[number];
