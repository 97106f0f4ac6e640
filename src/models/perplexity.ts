import { AssayError } from "#base";
import type { LanguageModel } from "./language-model.ts";
import { score } from "./score.ts";

/** How a long text is cut. */
export interface PerplexityOptions {
  /** Tokens that are looked at together; the model's context when left out. */
  readonly window?: number;
  /** How far the window moves: what it holds besides is context that is not counted again. Half a window when left out. */
  readonly stride?: number;
}

/** How well a model predicts a text. */
export interface Perplexity {
  /** e to the mean surprise of a token. */
  readonly perplexity: number;
  /** Sum over all tokens but the first. */
  readonly logProb: number;
  readonly tokens: number;
}

/**
 * The perplexity of a text, in windows where it is longer than the context.
 *
 *     perplexity = exp(−Σ log p(token | those before it in its window) / tokens)
 *
 * @throws AssayError TEXT_EMPTY for fewer than two tokens, OPTION_RANGE, TOKENIZER_MISSING
 */
export async function perplexity(
  model: LanguageModel,
  text: string | readonly number[],
  options: PerplexityOptions = {},
): Promise<Perplexity> {
  const ids = typeof text === "string" ? model.requireTokenizer().encode(text) : text;
  if (ids.length < 2) {
    throw new AssayError("TEXT_EMPTY", `${model.name}: Expected at least two tokens to predict, got ${ids.length}`);
  }
  const scores = await score(model, windowsOf(model, ids, options));
  const logProb = scores.reduce((total, one) => total + one.logProb, 0);
  const tokens = ids.length - 1;
  return { perplexity: Math.exp(-logProb / tokens), logProb, tokens };
}

function windowsOf({ config, name }: LanguageModel, ids: readonly number[], options: PerplexityOptions) {
  const { window = config.contextLength, stride = Math.ceil(window / 2) } = options;
  const areWhole = Number.isInteger(window) && Number.isInteger(stride);
  if (!areWhole || window < 2 || window > config.contextLength || stride < 1 || stride >= window) {
    const expected = `Expected a window of 2 to ${config.contextLength} and a smaller stride, both whole`;
    throw new AssayError("OPTION_RANGE", `${name}: ${expected}, got ${window} and ${stride}`);
  }
  const windows = [];
  for (let scored = 1; scored < ids.length; ) {
    const end = Math.min(ids.length, scored === 1 ? window : scored + stride);
    const begin = Math.max(0, end - window);
    windows.push({ promptIds: ids.slice(begin, scored), continuationIds: ids.slice(scored, end) });
    scored = end;
  }
  return windows;
}
