/**
 * A GPT of any size on the engine's operators, with random weights: what the benchmarks train.
 *
 * Axes     B batch · T tokens · C width · H heads · V vocabulary
 */
import { type RandomStream, stream, type Tensor, tensor, zeros } from "#base";
import {
  affine,
  crossEntropy,
  embed,
  gelu,
  layerNorm,
  scaledDotProductAttention,
  scope,
  split,
  tap,
  tensorType,
  type Value,
  type ValuesOf,
} from "#engine";

/** Sizes; heads have 64 channels, the MLP is four times as wide. */
export interface GptSize {
  readonly layers: number;
  readonly width: number;
  readonly vocabulary: number;
  readonly tokens: number;
}

type Start = "normal" | "zeros" | "ones";

/** The tree of weights, each leaf made from its name, shape and how it starts. */
function gptTree<Leaf>(
  { layers, width, vocabulary, tokens }: GptSize,
  leaf: (name: string, shape: readonly number[], start: Start) => Leaf,
) {
  const linear = (name: string, inputs: number, outputs: number) => ({
    weight: leaf(name, [inputs, outputs], "normal"),
    bias: leaf(name, [outputs], "zeros"),
  });
  const norm = () => ({ scale: leaf("norm", [width], "ones"), bias: leaf("norm", [width], "zeros") });
  const block = (layer: number) => ({
    attentionNorm: norm(),
    qkv: linear(`${layer}.qkv`, width, 3 * width),
    output: linear(`${layer}.output`, width, width),
    mlpNorm: norm(),
    up: linear(`${layer}.up`, width, 4 * width),
    down: linear(`${layer}.down`, 4 * width, width),
  });
  return {
    token: leaf("token", [vocabulary, width], "normal"),
    position: leaf("position", [tokens, width], "normal"),
    blocks: Array.from({ length: layers }, (_, layer) => block(layer)),
    finalNorm: norm(),
  };
}

/** The types of the weights. */
export const gptTypes = (size: GptSize) => gptTree(size, (_, shape) => tensorType("float32", shape));

/** GPT-2's spread, from one named stream for each matrix. */
export const gptWeights = (size: GptSize) =>
  gptTree(size, (name, shape, start): Tensor<"float32"> => {
    if (start === "normal") return normal(stream(0, `gpt/${name}`), shape);
    const filled = zeros(shape);
    if (start === "ones") filled.data.fill(1);
    return filled;
  });

function normal(random: RandomStream, shape: readonly number[]): Tensor<"float32"> {
  const drawn = zeros(shape);
  for (let at = 0; at < drawn.data.length; at++) drawn.data[at] = 0.02 * random.normal();
  return drawn;
}

/** The tree of weights. */
export type GptWeights = ReturnType<typeof gptWeights>;

/** Types of a batch: tokens in, the next token of each. */
export const gptBatch = (batch: number, tokens: number) => ({
  inputIds: tensorType("int64", [batch, tokens]),
  targets: tensorType("int64", [batch, tokens]),
});

/** Random tokens and their targets. */
export function randomBatch(
  random: RandomStream,
  { batch, tokens, vocabulary }: Omit<GptSize, "layers" | "width"> & { batch: number },
) {
  const draw = () =>
    tensor(
      [batch, tokens],
      BigInt64Array.from({ length: batch * tokens }, () => BigInt(random.int(vocabulary))),
      "int64",
    );
  return { inputIds: draw(), targets: draw() };
}

/** The mean cross-entropy of the next token. */
export function gptLoss(inputIds: Value, targets: Value, weights: ValuesOf<GptWeights>): Value {
  let residual = tap("embedding", embed(inputIds, weights.token).add(weights.position)); // [B, T, C]
  for (const [layer, block] of weights.blocks.entries()) {
    residual = scope(`blocks.${layer}`, () => tap("residual", transformerBlock(residual, block)));
  }
  const final = layerNorm(residual, weights.finalNorm);
  const logits = final.matmul(weights.token.swapAxes(0, 1)); // the unembedding is tied
  return crossEntropy(logits, targets);
}

type BlockWeights = ValuesOf<GptWeights>["blocks"][number];

function transformerBlock(residual: Value, weights: BlockWeights): Value {
  const middle = residual.add(attention(layerNorm(residual, weights.attentionNorm), weights));
  const hidden = gelu(affine(layerNorm(middle, weights.mlpNorm), weights.up), { approximate: "tanh" });
  return middle.add(affine(tap("mlp.coefficients", hidden), weights.down));
}

/** [B, T, C] → [B, T, C] */
function attention(x: Value, weights: BlockWeights): Value {
  const [batch, tokens, width] = x.shape as [number, number, number];
  const heads = width / 64;
  const parts = split(affine(x, weights.qkv), { axis: -1, lengths: [width, width, width] });
  const [query, key, value] = parts.map((part) => part.reshape([batch, tokens, heads, 64]).swapAxes(1, 2)) as [
    Value,
    Value,
    Value,
  ];
  const mixed = scaledDotProductAttention({ query, key, value }, { causal: true }); // [B, H, T, 64]
  return affine(mixed.swapAxes(1, 2).reshape([batch, tokens, width]), weights.output);
}
