/**
 * A compact convolutional transformer, forward and through one step of SGD, against numbers computed elsewhere.
 *
 * Axes     N images · C channels · H, W places · T = H W tokens
 * Source   Hassani et al. 2021, Escaping the Big Data Paradigm with Compact Transformers (arXiv:2104.05704), §3
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import {
  affine,
  compile,
  conv2d,
  crossEntropy,
  gelu,
  layerNorm,
  maxPool2d,
  relu,
  scaledDotProductAttention,
  softmax,
  typesOf,
  type Value,
  valueAndGrad,
} from "#engine";
import { readTensors, relativeMiss, sharedFolder } from "./shared.ts";

const { path, isMissing } = sharedFolder("cct-parity-fixtures");

interface Linear<Leaf> {
  readonly weight: Leaf;
  readonly bias?: Leaf;
}

interface Norm<Leaf> {
  readonly scale: Leaf;
  readonly bias: Leaf;
}

interface Block<Leaf> {
  readonly before: Norm<Leaf>;
  readonly query: Linear<Leaf>;
  readonly key: Linear<Leaf>;
  readonly value: Linear<Leaf>;
  readonly output: Linear<Leaf>;
  readonly between: Norm<Leaf>;
  readonly up: Linear<Leaf>;
  /** The trained file's graph adds the bias of `up` once more. */
  readonly again?: Leaf;
  readonly down: Linear<Leaf>;
}

interface Cct<Leaf> {
  readonly tokenizer: readonly Linear<Leaf>[];
  readonly positions: Leaf;
  readonly blocks: readonly Block<Leaf>[];
  readonly final: Norm<Leaf>;
  readonly pool: Linear<Leaf>;
  readonly head: Linear<Leaf>;
}

/** Class scores [N, 10]. */
function cct(image: Value, weights: Cct<Value>): Value {
  const maps = weights.tokenizer.reduce((x, kernel) => {
    const convolved = relu(conv2d(x, kernel, { padding: 1 }));
    return maxPool2d(convolved, { size: 3, stride: 2, padding: 1 });
  }, image); // [N, C, H, W]
  const tokens = maps.reshape([1, 128, -1]).swapAxes(1, 2).add(weights.positions); // [N, T, C]
  const encoded = layerNorm(weights.blocks.reduce(block, tokens), weights.final);
  const share = softmax(affine(encoded, weights.pool), { axis: 1 }).swapAxes(1, 2); // [N, 1, T]
  return affine(share.matmul(encoded).squeeze(1), weights.head);
}

function block(x: Value, weights: Block<Value>): Value {
  const normal = layerNorm(x, weights.before);
  const split = (linear: Linear<Value>) => affine(normal, linear).reshape([1, 64, 2, 64]).swapAxes(1, 2);
  const [query, key, value] = [split(weights.query), split(weights.key), split(weights.value)];
  const attended = scaledDotProductAttention({ query, key, value }).swapAxes(1, 2).reshape([1, 64, 128]);
  const middle = layerNorm(x.add(affine(attended, weights.output)), weights.between);
  const asked = affine(middle, weights.up);
  const bent = gelu(weights.again === undefined ? asked : asked.add(weights.again));
  return middle.add(affine(bent, weights.down));
}

const transposed = ({ shape: [rows, columns], data }: Tensor): Tensor =>
  tensor(
    [columns!, rows!],
    Array.from({ length: rows! * columns! }, (_, at) => Number(data[(at % rows!) * columns! + Math.floor(at / rows!)])),
  );

const normOf = (file: Record<string, Tensor>, name: string): Norm<Tensor> => ({
  scale: file[`init.${name}_weight`]!,
  bias: file[`init.${name}_bias`]!,
});

/** What both files call alike. */
const sharedParts = (file: Record<string, Tensor>) => ({
  tokenizer: [0, 1].map((layer) => ({ weight: file[`init.tokenizer_conv_layers_${layer}_0_weight`]! })),
  positions: file["init.classifier_positional_emb"]!,
  final: normOf(file, "classifier_norm"),
  head: { weight: transposed(file["init.classifier_fc_weight"]!), bias: file["init.classifier_fc_bias"]! },
});

/** The forward file numbers its matrices; one bias serves six layers. */
function forwardWeights(file: Record<string, Tensor>): Cct<Tensor> {
  const matrix = (number: number) => file[`init.onnx__MatMul_${number}`]!;
  const bias = file["init.classifier_blocks_0_self_attn_proj_bias"]!;
  const block = (layer: number, [query, key, value, output, up, down]: readonly number[]): Block<Tensor> => ({
    before: normOf(file, `classifier_blocks_${layer}_pre_norm`),
    query: { weight: matrix(query!) },
    key: { weight: matrix(key!) },
    value: { weight: matrix(value!) },
    output: { weight: matrix(output!), bias },
    between: normOf(file, `classifier_blocks_${layer}_norm1`),
    up: { weight: matrix(up!), bias },
    down: { weight: matrix(down!), bias },
  });
  const blocks = [block(0, [256, 260, 261, 262, 263, 264]), block(1, [265, 269, 270, 271, 272, 273])];
  return { ...sharedParts(file), blocks, pool: { weight: matrix(274) } };
}

const matrixName = (layer: number, name: string) => `node_0_classifier_blocks_${layer}_${name}_Transpose__0`;
const biasName = (number: number) => `init.classifier_blocks_0_gelu_bias_Identity_${number}`;

function trainedWeights(file: Record<string, Tensor>): Cct<Tensor> {
  const again = ["_classifier_blocks_0_Add_1_BiasGelu", "Identity_34_BiasGelu_token_8"];
  const block = (layer: number, [output, up, down]: readonly number[]): Block<Tensor> => {
    const matrix = (name: string) => ({ weight: file[`init.${matrixName(layer, name)}`]! });
    return {
      before: normOf(file, `classifier_blocks_${layer}_pre_norm`),
      query: matrix("self_attn_q_proj"),
      key: matrix("self_attn_k_proj"),
      value: matrix("self_attn_v_proj"),
      output: { ...matrix("self_attn_proj"), bias: file[biasName(output!)]! },
      between: normOf(file, `classifier_blocks_${layer}_norm1`),
      again: file[`init.classifier_blocks_0_gelu_bias_${again[layer]}`]!,
      up: { ...matrix("linear1"), bias: file[biasName(up!)]! },
      down: { ...matrix("linear2"), bias: file[biasName(down!)]! },
    };
  };
  const pool = {
    weight: file["init.node_0_classifier_attention_pool_Transpose__0"]!,
    bias: file["init.classifier_attention_pool_bias"]!,
  };
  return { ...sharedParts(file), blocks: [block(0, [37, 36, 35]), block(1, [33, 32, 31])], pool };
}

/** What the file says that was trained: path in our structure → name in the file. */
const trainedNames: Record<string, string> = {
  "pool.weight": "node_0_classifier_attention_pool_Transpose__0",
  "pool.bias": "classifier_attention_pool_bias",
  "head.weight": "classifier_fc_weight",
  "head.bias": "classifier_fc_bias",
  ...Object.fromEntries(
    [0, 1].flatMap((layer) =>
      Object.entries({
        query: "self_attn_q_proj",
        key: "self_attn_k_proj",
        value: "self_attn_v_proj",
        output: "self_attn_proj",
        up: "linear1",
        down: "linear2",
      }).map(([ours, theirs]) => [`blocks.${layer}.${ours}.weight`, matrixName(layer, theirs)]),
    ),
  ),
};

interface Step {
  readonly before: Float32Array;
  readonly expected: Float32Array;
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Changes within 1e-3 of the largest change, and a weight's last bit: some changes are only a few hundred of those. */
function stepsAlike(actual: Float32Array, { before, expected }: Step): boolean {
  const miss = largest(actual.map((value, at) => value - expected[at]!));
  const change = largest(expected.map((value, at) => value - before[at]!));
  return miss <= 1e-3 * change + 2 ** -23 * largest(before);
}

describe.skipIf(isMissing)("the compact convolutional transformer in ASSAY_SHARED", () => {
  test("has the reference's class scores", async () => {
    const file = readTensors(join(path, "CCT_2_32_32_128.safetensors"));
    const given = { image: file["input.input"]!, weights: forwardWeights(file) };
    const program = await compile(({ image, weights }) => ({ scores: cct(image, weights as never) }), typesOf(given));

    const { scores } = await program.run(given as never);

    expect(relativeMiss(scores.data as Float32Array, file["expected.output"]!.data as Float32Array)).toBeLessThan(1e-5);
  });

  test("has every weight of the reference after one step of SGD", async () => {
    const file = readTensors(join(path, "CCT2_FT2.safetensors"));
    const given = { image: file["input.input"]!, labels: file["input.labels"]!, weights: trainedWeights(file) };
    const loss = ({ image, labels, weights }: { image: Value; labels: Value; weights: Cct<Value> }) =>
      crossEntropy(cct(image, weights), labels);
    const wrt = Object.keys(trainedNames).map((name) => `weights.${name}` as const);
    const program = await compile(valueAndGrad(loss, { wrt }) as never, typesOf(given));

    const { gradient } = (await program.run(given as never)) as unknown as { gradient: Record<string, Tensor> };

    const misses = Object.entries(trainedNames).filter(([ours, theirs]) => {
      const dx = gradient[`weights.${ours}`]!;
      const slopes = ours === "head.weight" ? transposed(dx).data : dx.data;
      const before = file[`init.${theirs}`]!.data as Float32Array;
      const expected = file[`expected.${theirs}_updated`]!.data as Float32Array;
      return !stepsAlike(
        before.map((value, at) => value - 0.01 * Number(slopes[at])),
        { before, expected },
      );
    });
    expect(misses).toEqual([]);
    const still = Object.keys(trainedNames).filter((ours) => {
      const theirs = trainedNames[ours];
      return String(file[`init.${theirs}`]!.data) === String(file[`expected.${theirs}_updated`]!.data);
    });
    // A softmax does not feel a number that is added to all of its inputs; everything else has moved.
    expect(still).toEqual(["pool.bias"]);
  });
});
