/**
 * BERT: an encoder whose tokens see each other both ways, normalised behind each sublayer.
 *
 * Axes     B batch · T tokens · C hidden size · H heads · D = C / H · I intermediate size
 * Source   Devlin et al. 2019, BERT, §3 (arXiv:1810.04805); Liu et al. 2019, RoBERTa (arXiv:1907.11692)
 * Follows  transformers, compared layer by layer in test/parity/bert.test.ts
 */
import { layerNorm, range, embed as rowsOf, scope, softmax, tap, type Value, where } from "#engine";
import { activations } from "../activations.ts";
import { affine } from "../affine.ts";
import { mergeHeads, splitHeads } from "../attention.ts";
import type { BertConfig } from "./config.ts";
import type { BertBlockWeights, BertNormWeights, BertWeights } from "./weights.ts";

/** What the figure is told besides its tokens. */
export interface BertContext {
  readonly config: BertConfig;
  /** How many tokens of each text are its own, int64 [B]; what stands behind them fills up. */
  readonly lengths: Value;
}

/** Hidden states of every layer, the embeddings first, each [B, T, C], for token ids [B, T]. */
export function bert(inputIds: Value, weights: BertWeights, context: BertContext): Value[] {
  const states = [embed(inputIds, weights, context)];
  const bias = hiddenBias(inputIds, context.lengths);
  for (const [layer, block] of weights.blocks.entries()) {
    states.push(scope(`blocks.${layer}`, () => transformerBlock(states.at(-1)!, block, { ...context, bias })));
  }
  return states;
}

/** A vector for each token, one for its place, one for its part of the text. [B, T] → [B, T, C] */
function embed(inputIds: Value, { embedding, embeddingNorm }: BertWeights, { config }: BertContext): Value {
  const places = range(inputIds.shape[1]!).add(config.firstPosition);
  const kinds = range(inputIds.shape[1]!).mul(0);
  const sum = rowsOf(inputIds, embedding.token)
    .add(rowsOf(kinds, embedding.kind))
    .add(rowsOf(places, embedding.position));
  return tap("embedding", normalize(sum, embeddingNorm, config));
}

/** Far below every score and finite. */
const hidden = -1e30;

/** What fills a text up is seen by nobody. [B, 1, 1, T] */
function hiddenBias(inputIds: Value, lengths: Value): Value {
  const [batch, tokens] = inputIds.shape;
  const places = range(tokens!).reshape([1, 1, 1, tokens!]);
  return where(places.less(lengths.reshape([batch!, 1, 1, 1])), 0, hidden);
}

interface BlockContext extends BertContext {
  readonly bias: Value;
}

/** Two sublayers, each added to what it read and normalised. [B, T, C] → [B, T, C] */
function transformerBlock(x: Value, weights: BertBlockWeights, context: BlockContext): Value {
  const { config } = context;
  const gathered = scope("attention", () => tap("output", attention(x, weights.attention, context)));
  const middle = tap("middle", normalize(gathered.add(x), weights.attentionNorm, config));
  const recalled = scope("mlp", () => tap("output", mlp(middle, weights.mlp, config)));
  return tap("residual", normalize(recalled.add(middle), weights.mlpNorm, config));
}

/** Each token gathers from all of its text. [B, T, C] → [B, T, C] */
function attention(x: Value, weights: BertBlockWeights["attention"], { config, bias }: BlockContext): Value {
  const { heads, headSize } = config;
  const [query, key, value] = [weights.query, weights.key, weights.value].map((map) =>
    splitHeads(affine(x, map), heads),
  ) as [Value, Value, Value]; // [B, H, T, D]
  const scores = query.matmul(key.swapAxes(-1, -2), { scale: 1 / Math.sqrt(headSize) }).add(bias); // [B, H, T, T]
  return affine(mergeHeads(tap("pattern", softmax(scores)).matmul(value)), weights.output);
}

const mlp = (x: Value, weights: BertBlockWeights["mlp"], { activation }: BertConfig): Value =>
  affine(tap("coefficients", activations[activation](affine(x, weights.up))), weights.down);

const normalize = (x: Value, weights: BertNormWeights, { layerNormEpsilon }: BertConfig): Value =>
  layerNorm(x, weights, { epsilon: layerNormEpsilon });
