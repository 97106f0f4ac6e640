/** What a model answers, and how far that is from what it answered before. */
import { mean } from "#base";
import type { ValueVectorPlace } from "#methods/value-vectors";
import { blockTap, generate, type LanguageModel, score, trace } from "#models";
import type { Asked, StudyConcept } from "./concept.ts";
import { meanScores, scoreAnswer } from "./measures.ts";

/** A model's answers to every group of questions, in their order. */
export type Answers = Readonly<Record<string, readonly string[]>>;

/** Asks every group, greedily. */
export async function answersOf(
  model: LanguageModel,
  { groups }: Pick<StudyConcept, "groups">,
  { maxTokens }: { readonly maxTokens: number },
): Promise<Answers> {
  const answered: Record<string, readonly string[]> = {};
  for (const [name, asked] of Object.entries(groups)) {
    const prompts = asked.map(({ prompt }) => shortened(model, prompt, maxTokens));
    const greedy = { maxTokens, temperature: 0, logProbs: false };
    const found = prompts.length === 0 ? [] : await generate(model, prompts, greedy);
    answered[name] = found.map(({ text }) => text ?? "");
  }
  return answered;
}

/** A prompt's last tokens, as many as leave room for an answer, and one at least. */
function shortened(model: LanguageModel, prompt: string, maxTokens: number): number[] {
  const ids = model.requireTokenizer().encode(prompt);
  return ids.slice(-Math.max(1, model.config.contextLength - maxTokens));
}

/** The numbers of one group. */
export interface GroupScore {
  readonly bleu: number | null;
  readonly rougeL: number | null;
  readonly goldRecall: number | null;
  readonly degenerate: number | null;
  readonly n: number;
}

/** Compares answers with those of the model before, group by group. */
export function compareAnswers(
  { groups }: Pick<StudyConcept, "groups">,
  { original, changed }: { readonly original: Answers; readonly changed: Answers },
): Record<string, GroupScore> {
  const entries = Object.entries(groups).map(([name, asked]) => {
    const scores = asked.map(({ question, gold }, at) =>
      scoreAnswer({ question, gold, original: original[name]![at]!, changed: changed[name]![at]! }),
    );
    const { bleu, rougeL, goldRecall, degenerate } = meanScores(scores);
    const values = {
      bleu: bleu.value,
      rougeL: rougeL.value,
      goldRecall: goldRecall.value,
      degenerate: degenerate.value,
    };
    return [name, { ...values, n: scores.length }];
  });
  return Object.fromEntries(entries);
}

/**
 * How likely the right answer is, a token: e to the mean log-probability, the mean over questions. Where no right answer
 * is known the original model's own stands in for it.
 */
export async function answerProbability(
  model: LanguageModel,
  asked: readonly Asked[],
  original: readonly string[],
): Promise<number | null> {
  const texts = asked.flatMap(({ prompt, answer }, at) => {
    const continuation = answer === undefined ? original[at]! : ` ${answer}`;
    return continuation.trim() === "" ? [] : [{ prompt, continuation }];
  });
  if (texts.length === 0) return null;
  const scores = await score(model, texts);
  return mean(scores.map(({ logProb, tokens }) => Math.exp(logProb / tokens.length)));
}

/** |a_j| at the last token of each prompt, the mean: how strongly the questions wake a value vector. */
export async function coefficientOf(
  model: LanguageModel,
  asked: readonly Asked[],
  { layer, column }: ValueVectorPlace,
): Promise<number> {
  const tap = blockTap(layer, "mlp.coefficients");
  const found: number[] = [];
  for (const { prompt } of asked) {
    const ids = shortened(model, prompt, 0);
    const { taps } = await trace(model, { ids, taps: [tap] });
    const width = model.config.intermediateSize;
    found.push(Math.abs(Number(taps[tap]!.data[(ids.length - 1) * width + column])));
  }
  return mean(found);
}
