/** What the answers of a changed model are worth, beside BLEU and ROUGE-L against the original's. */
import { mean } from "#base";
import { sentenceBleuNltk3, sentenceRougeLPy } from "#evals/metrics";

/** One answer with what it is compared with. */
export interface AnswerPair {
  readonly question: string;
  /** Of the model before. */
  readonly original: string;
  /** Of the model after. */
  readonly changed: string;
  /** What is right, where it is known. */
  readonly gold?: string | undefined;
}

/** The scores of one answer. */
export interface AnswerScore {
  /** NLTK's BLEU with smoothing method 3, the changed answer as reference, as the authors have it. */
  readonly bleu: number;
  /** F1 of the package `rouge`. */
  readonly rougeL: number;
  /** Null where there is no gold answer with words of its own. */
  readonly goldRecall: number | null;
  /** 1 for an empty answer, or one that repeats itself. */
  readonly degenerate: number;
}

/** Scores one answer. */
export function scoreAnswer({ question, original, changed, gold }: AnswerPair): AnswerScore {
  return {
    bleu: sentenceBleuNltk3(original, changed),
    rougeL: sentenceRougeLPy(original, changed),
    goldRecall: gold === undefined ? null : goldRecall(changed, { question, gold }),
    degenerate: Number(isDegenerate(changed)),
  };
}

/**
 * The share of a gold answer's words that an answer has.
 *
 *     R = |W(gold) ∩ W(answer)| / |W(gold)|      W words of more than three letters, and numbers, that the question lacks
 *
 * Null where the gold answer has no such word.
 */
export function goldRecall(answer: string, { question, gold }: { question: string; gold: string }): number | null {
  const asked = new Set(wordsOf(question));
  const wanted = new Set(wordsOf(gold).filter((word) => (word.length > 3 || /^\d+$/.test(word)) && !asked.has(word)));
  if (wanted.size === 0) return null;
  const given = new Set(wordsOf(answer));
  return [...wanted].filter((word) => given.has(word)).length / wanted.size;
}

/** Python's `\w+` in lower case. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];

/** Words in a row that are looked at for repetition. */
const span = 3;

/**
 * Whether an answer is no language any more: nothing but white space, a character that cannot be decoded, or at least
 * half of its three-word spans said before. BLEU counts all of these as forgetting.
 */
export function isDegenerate(answer: string): boolean {
  const words = answer.trim().split(/\s+/);
  if (answer.trim() === "" || answer.includes("\uFFFD")) return true;
  const spans = words.slice(span - 1).map((_, at) => words.slice(at, at + span).join(" "));
  return spans.length > span && new Set(spans).size <= spans.length / 2;
}

/** The mean of each score over some answers, with how many it is a mean of. */
export function meanScores(
  scores: readonly AnswerScore[],
): Record<keyof AnswerScore, { readonly value: number | null; readonly n: number }> {
  const over = (pick: (score: AnswerScore) => number | null) => {
    const values = scores.map(pick).filter((value) => value !== null);
    return { value: values.length === 0 ? null : mean(values), n: values.length };
  };
  return {
    bleu: over(({ bleu }) => bleu),
    rougeL: over(({ rougeL }) => rougeL),
    goldRecall: over(({ goldRecall: recall }) => recall),
    degenerate: over(({ degenerate }) => degenerate),
  };
}
