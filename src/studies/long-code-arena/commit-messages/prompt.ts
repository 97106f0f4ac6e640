/** What a model is told before it is asked for a message. */
export const system = "You are a helpful programming assistant that generates commit message subjects for given diffs.";

const detailed =
  "Write a commit message for a given diff. Start with a heading that serves as a summary of the whole diff: a single sentence in an imperative form, no more than 50 characters long. If you have details to add, do it after a blank line. Do your best to be specific, do not use 'refactor' unless you are absolutely sure that this change is ONLY a refactoring. Your goal is to communicate what the change does without having to look at the source code. Do not go into low-level details like all the changed files, do not be overly verbose. Avoid adding any external references like issue tags, URLs or emails.";

const instructions = { detailed, simple: "Write a commit message for a given diff." } as const;

/**
 * The request for a message.
 *
 * Source   Long Code Arena, commit message generation; lca-baselines at 5b1b564
 */
export const renderPrompt = (diff: string, instruction: "simple" | "detailed"): string =>
  `${instructions[instruction]}\nDiff:\n${diff}\nCommit message:\n`;

/**
 * The message that needs no model: the first line that the diff adds, or the first that it removes.
 *
 * The sanity row that any writer of messages must pass.
 */
export function firstDiffLine(diff: string): string {
  const lines = diff.split("\n");
  const changed = (sign: string) =>
    lines.find((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3)) && line.slice(1).trim() !== "");
  return (changed("+") ?? changed("-") ?? " ").slice(1).trim();
}
