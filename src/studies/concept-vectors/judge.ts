/** §3 A language model in the place of the lexicon: it is shown what a value vector writes, and says how clear that is. */
import { AssayError, canonicalJson, type Sample, type Score, type Subject } from "#base";
import type { Run } from "#runs";
import { type Candidate, placeKey } from "./candidate.ts";
import { conceptOf, type StudyConcept } from "./concept.ts";

/** What an answer is judged by: where the tokens were written. */
export type JudgedPlace = { readonly layer: number; readonly column: number };

/** Where the questions about one concept in one model stand among a run's samples. */
export const judgeGroup = (subject: string, { name }: Pick<StudyConcept, "name">): string => `judge/${subject}/${name}`;

/** Characters of an article that tell the judge what a concept is. */
const openingCharacters = 400;

/**
 * A question for each candidate: the tokens that a value vector writes most, and whether they express the concept.
 *
 * Deviation: the authors' prompt for GPT-4 is not released; its question, how clearly the tokens express one specific
 * concept on a scale from 0 to 1, is.
 */
export function judgeSamples(
  subject: string,
  concept: StudyConcept,
  candidates: readonly Candidate[],
): Sample<JudgedPlace>[] {
  const group = judgeGroup(subject, concept);
  return candidates.map(({ layer, column, tokens }) => ({
    id: `${group}/${layer}-${column}`,
    group,
    repeat: 0,
    truth: { layer, column },
    question: {
      parts: [{ type: "text", text: judgePrompt(concept, tokens) }],
      sampling: { maxTokens: 64, temperature: 0 },
    },
  }));
}

function judgePrompt({ name, article }: StudyConcept, tokens: readonly string[]): string {
  return [
    "These are the tokens that one vector inside a language model writes most, the strongest first. Some are pieces of words.",
    `Tokens: ${JSON.stringify(tokens)}`,
    `Concept: ${conceptOf(name)}`,
    `What it is: ${article.slice(0, openingCharacters)}`,
    "How clearly do the tokens express this one concept, rather than several things or nothing?",
    'Answer with one line of JSON and nothing else: {"score": S}, where S lies between 0 (not at all) and 1 (perfectly).',
  ].join("\n\n");
}

/** A number that is no part of another scale: not "85 %", "1/10" or "1e-1". */
const number = String.raw`(\d*\.?\d+)(?!\.?\d|\s*[%/]|e)`;
const scored = new RegExp(`"?score"?\\s*[:=]\\s*${number}|^\\s*${number}\\.?\\s*$`, "i");

/** Reads the judge's number; null where there is none between 0 and 1. */
export function scoreJudgement(answer: string | null): Score {
  const [, named, alone] = scored.exec(answer ?? "") ?? [];
  const score = Number(named ?? alone);
  return { clarity: score >= 0 && score <= 1 ? score : null };
}

/** What the judge said of each candidate, by `layer/column`. */
export function judgements(
  run: Run,
  { judge, subject, concept }: { readonly judge: string; readonly subject: string; readonly concept: StudyConcept },
): Map<string, number | null> {
  const answers = run.answers<JudgedPlace>({ subject: judge, group: judgeGroup(subject, concept) });
  return new Map([...answers].map(({ truth, score }) => [placeKey(truth), score.clarity ?? null]));
}

/** A judge is the same through all of a run. @throws AssayError SUBJECT_CHANGED */
export async function expectSameJudge(run: Run, { name, identity }: Subject): Promise<void> {
  const first = await run.step("judge", () => ({ name, identity }));
  if (canonicalJson(first) === canonicalJson({ name, identity })) return;
  const claim = `Expected the judge ${name} that the run began with, got one at another address or version`;
  throw new AssayError("SUBJECT_CHANGED", `concept-vectors: ${claim}; restore that, or start a new run`);
}
