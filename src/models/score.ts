import { tensor } from "#base";
import { crossEntropy, tensorType, type Value } from "#engine";
import { executeMany } from "./execute.ts";
import type { Execution, Finish } from "./execution.ts";
import { type ContinuationIds, type ContinuationText, type Joined, type JoinRule, joinTexts } from "./join-texts.ts";
import { expectIds, type LanguageModel, notFinite } from "./language-model.ts";
import { expectBatchSize, padded, paddedLength } from "./lengths.ts";

/** How likely one token was. */
export interface ScoredToken {
  readonly id: number;
  /** As the vocabulary writes it; its number where there is no tokenizer. */
  readonly token: string;
  /** Natural logarithm of its probability. */
  readonly logProb: number;
  /** Whether no token was likelier. */
  readonly isLikeliest: boolean;
}

/** How likely a model found a continuation. */
export interface ContinuationScore {
  /** Of the whole continuation: the sum over its tokens. */
  readonly logProb: number;
  readonly tokens: readonly ScoredToken[];
  /** Whether greedy decoding would have given it. */
  readonly isGreedy: boolean;
  readonly promptTokens: number;
  readonly join: JoinRule;
}

/** How scoring goes through many texts. */
export interface ScoreOptions {
  /** How many texts share one reading of streamed weights; it changes no number. */
  readonly batchSize?: number;
}

/**
 * The log-probabilities of continuations.
 *
 *     log p(c | x) = Σ log softmax(logits)[token]
 *
 * Each text is computed alone, filled up to one of few lengths: its numbers are the same to the last bit whatever else is
 * scored with it, in whatever order and batches.
 *
 * @throws AssayError TEXT_EMPTY, TOKEN_OUT_OF_RANGE, CONTEXT_TOO_LONG, TOKENIZER_MISSING, OPTION_RANGE, LOGITS_NOT_FINITE
 * @example const [score] = await score(model, [{ prompt: "The sky is", continuation: " blue" }]);
 */
export async function score(
  model: LanguageModel,
  texts: readonly (ContinuationText | ContinuationIds)[],
  { batchSize = 16 }: ScoreOptions = {},
): Promise<ContinuationScore[]> {
  expectBatchSize("score", batchSize);
  const joined = texts.map((text) => joinTexts(model, text));
  for (const { ids } of joined) expectIds(model, ids);
  const scores: ContinuationScore[] = [];
  for (let at = 0; at < joined.length; at += batchSize) {
    const batch = joined.slice(at, at + batchSize);
    const executed = await executeMany(
      model,
      batch.map(({ ids }) => scoring(model, ids)),
    );
    for (const [row, { finished }] of executed.entries()) scores.push(read(model, batch[row]!, finished as never));
  }
  return scores;
}

/** One text in its canonical shape. */
function scoring({ config }: LanguageModel, ids: readonly number[]): Execution {
  const length = paddedLength(ids.length, config.contextLength);
  const shape = [1, length];
  const targets = tensor(shape, padded(ids.slice(1), length), "int64");
  return {
    inputs: { inputIds: tensor(shape, padded(ids, length), "int64") },
    finish: { ...nextTokens, tensors: { targets } },
  };
}

/** For every token how likely it was, and whether it was the likeliest. */
const nextTokens: Omit<Finish, "tensors"> = {
  name: "next-tokens",
  types: { targets: tensorType("int64", ["B", "T"]) },
  build: (logits: Value, { targets }) => ({
    logProbs: crossEntropy(logits, targets!, { reduction: "none" }).neg(), // [B, T]
    likeliest: logits.argMax({ axis: -1 }), // [B, T]
  }),
};

interface Found {
  readonly logProbs: { readonly data: Float32Array };
  readonly likeliest: { readonly data: BigInt64Array };
}

function read(model: LanguageModel, { ids, start, join }: Joined, { logProbs, likeliest }: Found) {
  const { tokenizer } = model;
  const tokens = ids.slice(start).map((id, offset): ScoredToken => {
    const at = start + offset - 1;
    const token = tokenizer?.tokenOf(id) ?? String(id);
    return { id, token, logProb: logProbs.data[at]!, isLikeliest: Number(likeliest.data[at]) === id };
  });
  const logProb = tokens.reduce((total, token) => total + token.logProb, 0);
  if (Number.isNaN(logProb)) throw notFinite(model);
  return { logProb, tokens, isGreedy: tokens.every(({ isLikeliest }) => isLikeliest), promptTokens: start, join };
}
