import type { SizeTable } from "../family.ts";
import type { RotaryScaling } from "../rotary.ts";
import type { LlamaConfig } from "./config.ts";

/** A row of the table: what makes a size; the rest follows. */
type Row = Pick<
  LlamaConfig,
  "vocabularySize" | "hiddenSize" | "intermediateSize" | "layers" | "heads" | "contextLength"
> &
  Partial<Omit<LlamaConfig, "rotary">> & { readonly base?: number; readonly scaling?: RotaryScaling };

function llamaConfig({ base = 10_000, scaling, ...row }: Row): LlamaConfig {
  const headSize = row.headSize ?? row.hiddenSize / row.heads;
  return {
    keyValueHeads: row.heads,
    headSize,
    isTied: false,
    normEpsilon: 1e-5,
    normOffset: 0,
    embeddingScale: 1,
    activation: "silu",
    biases: { queryKeyValue: false, attentionOutput: false, mlp: false },
    slidingWindow: null,
    rotary: { base, size: headSize, scaling: scaling ?? null },
    ...row,
  };
}

const size = (parameters: number, row: Row) => ({ parameters, config: llamaConfig(row) });

const llama1 = { vocabularySize: 32_000, contextLength: 2048, normEpsilon: 1e-6 };
const llama2 = { vocabularySize: 32_000, contextLength: 4096 };
const llama3 = { vocabularySize: 128_256, contextLength: 8192, base: 500_000, keyValueHeads: 8 };
const stretched = (factor: number): RotaryScaling => ({
  kind: "llama3",
  factor,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalContextLength: 8192,
});
const llama32 = { ...llama3, contextLength: 131_072, isTied: true, scaling: stretched(32) };
const smol = { vocabularySize: 49_152, contextLength: 2048, isTied: true };
const qwen2 = {
  vocabularySize: 151_936,
  contextLength: 131_072,
  base: 1_000_000,
  normEpsilon: 1e-6,
  isTied: true,
  biases: { queryKeyValue: true, attentionOutput: false, mlp: false },
};
const gemma = {
  vocabularySize: 256_000,
  contextLength: 8192,
  headSize: 256,
  normEpsilon: 1e-6,
  isTied: true,
  normOffset: 1 as const,
  activation: "gelu-tanh",
} as const;

const gemma2 = {
  ...gemma,
  slidingWindow: 4096,
  alternatesWindow: true,
  scoreScale: 1 / 16,
  caps: { scores: 50, logits: 30 },
  normalizesOutputs: true,
};
const qwen3 = {
  vocabularySize: 151_936,
  contextLength: 40_960,
  base: 1_000_000,
  normEpsilon: 1e-6,
  headSize: 128,
  keyValueHeads: 8,
  normalizesHeads: true,
};

/** Published sizes with the exact number of parameters of their checkpoints, a tied matrix counted once. */
export const llamaSizes = {
  "llama-7b": size(6_738_415_616, { ...llama1, hiddenSize: 4096, intermediateSize: 11_008, layers: 32, heads: 32 }),
  "llama-13b": size(13_015_864_320, { ...llama1, hiddenSize: 5120, intermediateSize: 13_824, layers: 40, heads: 40 }),
  "llama-30b": size(32_528_943_616, { ...llama1, hiddenSize: 6656, intermediateSize: 17_920, layers: 60, heads: 52 }),
  "llama-65b": size(65_285_660_672, { ...llama1, hiddenSize: 8192, intermediateSize: 22_016, layers: 80, heads: 64 }),
  "llama-2-7b": size(6_738_415_616, { ...llama2, hiddenSize: 4096, intermediateSize: 11_008, layers: 32, heads: 32 }),
  "llama-2-13b": size(13_015_864_320, { ...llama2, hiddenSize: 5120, intermediateSize: 13_824, layers: 40, heads: 40 }),
  "llama-2-70b": size(68_976_648_192, {
    ...llama2,
    hiddenSize: 8192,
    intermediateSize: 28_672,
    layers: 80,
    heads: 64,
    keyValueHeads: 8,
  }),
  "llama-3-8b": size(8_030_261_248, { ...llama3, hiddenSize: 4096, intermediateSize: 14_336, layers: 32, heads: 32 }),
  "llama-3-70b": size(70_553_706_496, { ...llama3, hiddenSize: 8192, intermediateSize: 28_672, layers: 80, heads: 64 }),
  "llama-3.1-8b": size(8_030_261_248, {
    ...llama3,
    hiddenSize: 4096,
    intermediateSize: 14_336,
    layers: 32,
    heads: 32,
    contextLength: 131_072,
    scaling: stretched(8),
  }),
  "llama-3.2-1b": size(1_235_814_400, { ...llama32, hiddenSize: 2048, intermediateSize: 8192, layers: 16, heads: 32 }),
  "llama-3.2-3b": size(3_212_749_824, { ...llama32, hiddenSize: 3072, intermediateSize: 8192, layers: 28, heads: 24 }),
  "tinyllama-1.1b": size(1_100_048_384, {
    vocabularySize: 32_000,
    contextLength: 2048,
    hiddenSize: 2048,
    intermediateSize: 5632,
    layers: 22,
    heads: 32,
    keyValueHeads: 4,
  }),
  "smollm-135m": size(134_515_008, {
    ...smol,
    hiddenSize: 576,
    intermediateSize: 1536,
    layers: 30,
    heads: 9,
    keyValueHeads: 3,
  }),
  "smollm-360m": size(361_821_120, {
    ...smol,
    hiddenSize: 960,
    intermediateSize: 2560,
    layers: 32,
    heads: 15,
    keyValueHeads: 5,
  }),
  "smollm-1.7b": size(1_711_376_384, { ...smol, hiddenSize: 2048, intermediateSize: 8192, layers: 24, heads: 32 }),
  "mistral-7b-v0.1": size(7_241_732_096, {
    vocabularySize: 32_000,
    contextLength: 32_768,
    hiddenSize: 4096,
    intermediateSize: 14_336,
    layers: 32,
    heads: 32,
    keyValueHeads: 8,
    slidingWindow: 4096,
  }),
  "mistral-7b-v0.3": size(7_248_023_552, {
    vocabularySize: 32_768,
    contextLength: 32_768,
    hiddenSize: 4096,
    intermediateSize: 14_336,
    layers: 32,
    heads: 32,
    keyValueHeads: 8,
    base: 1_000_000,
  }),
  "qwen2-0.5b": size(494_032_768, {
    ...qwen2,
    hiddenSize: 896,
    intermediateSize: 4864,
    layers: 24,
    heads: 14,
    keyValueHeads: 2,
  }),
  "qwen2-1.5b": size(1_543_714_304, {
    ...qwen2,
    hiddenSize: 1536,
    intermediateSize: 8960,
    layers: 28,
    heads: 12,
    keyValueHeads: 2,
  }),
  "qwen2.5-3b": size(3_085_938_688, {
    ...qwen2,
    hiddenSize: 2048,
    intermediateSize: 11_008,
    layers: 36,
    heads: 16,
    keyValueHeads: 2,
  }),
  "qwen2-7b": size(7_615_616_512, {
    ...qwen2,
    hiddenSize: 3584,
    intermediateSize: 18_944,
    layers: 28,
    heads: 28,
    keyValueHeads: 4,
    vocabularySize: 152_064,
    isTied: false,
  }),
  "gemma-2b": size(2_506_172_416, {
    ...gemma,
    hiddenSize: 2048,
    intermediateSize: 16_384,
    layers: 18,
    heads: 8,
    keyValueHeads: 1,
    embeddingScale: Math.fround(Math.sqrt(2048)),
  }),
  "gemma-7b": size(8_537_680_896, {
    ...gemma,
    hiddenSize: 3072,
    intermediateSize: 24_576,
    layers: 28,
    heads: 16,
    embeddingScale: Math.fround(Math.sqrt(3072)),
  }),
  "gemma-2-2b": size(2_614_341_888, {
    ...gemma2,
    hiddenSize: 2304,
    intermediateSize: 9216,
    layers: 26,
    heads: 8,
    keyValueHeads: 4,
    embeddingScale: Math.fround(Math.sqrt(2304)),
  }),
  "gemma-2-9b": size(9_241_705_984, {
    ...gemma2,
    hiddenSize: 3584,
    intermediateSize: 14_336,
    layers: 42,
    heads: 16,
    keyValueHeads: 8,
    embeddingScale: Math.fround(Math.sqrt(3584)),
  }),
  "qwen3-0.6b": size(596_049_920, {
    ...qwen3,
    hiddenSize: 1024,
    intermediateSize: 3072,
    layers: 28,
    heads: 16,
    isTied: true,
  }),
  "qwen3-8b": size(8_190_735_360, { ...qwen3, hiddenSize: 4096, intermediateSize: 12_288, layers: 36, heads: 32 }),
} as const satisfies SizeTable<LlamaConfig>;

/** A configuration for tests: two blocks, two query heads for each head of keys. */
export const llamaTiny: LlamaConfig = llamaConfig({
  vocabularySize: 64,
  hiddenSize: 16,
  intermediateSize: 24,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  contextLength: 32,
});
