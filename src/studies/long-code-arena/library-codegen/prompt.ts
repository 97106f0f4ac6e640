import { bm25, instructionWords, nameWords, ranked } from "#evals";

const task =
  "Generate Python code based on the following instruction. Output ONLY code. DO NOT include explanations or other textual content.";

/** How many names are offered. */
const offered = 20;

/**
 * The request, with names of the library's where some are offered.
 *
 * Source   Long Code Arena, library-based code generation; lca-baselines at 5b1b564
 */
export function renderPrompt(instruction: string, names: readonly string[] = []): string {
  const hint =
    names.length === 0 ? "" : `\n\nYou can find the following APIs from the library helpful:\n${names.join(", ")}`;
  return `${task}\nInstruction: ${instruction}${hint}`;
}

/**
 * The twenty names of a library that BM25 finds nearest to an instruction, the best first.
 *
 * Deviation: of equal scores the higher index comes first; the authors' sort leaves that to chance.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.1
 */
export function helpfulNames(instruction: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const scores = bm25(names.map(nameWords)).scores(instructionWords(instruction));
  return ranked(scores, offered).map((at) => names[at]!);
}
