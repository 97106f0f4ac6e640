import type { LlamaConfig } from "#models/llama";

/** What a miniature's Llama is given; the rest follows. */
export interface LlamaShape {
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly contextLength: number;
  /** Whether embedding and unembedding are one matrix; true when left out. */
  readonly isTied?: boolean;
}

const base = 10_000;
const normEpsilon = 1e-5;

/** A small Llama: every head has keys of its own. */
export function llamaOf(shape: LlamaShape): LlamaConfig {
  const headSize = shape.hiddenSize / shape.heads;
  return {
    ...shape,
    keyValueHeads: shape.heads,
    headSize,
    isTied: shape.isTied ?? true,
    normEpsilon,
    normOffset: 0,
    embeddingScale: 1,
    activation: "silu",
    biases: { queryKeyValue: false, attentionOutput: false, mlp: false },
    slidingWindow: null,
    rotary: { base, size: headSize, scaling: null },
  };
}

/** The same as config.json. */
export function llamaJson(shape: LlamaShape, { endId }: { readonly endId: number }) {
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    vocab_size: shape.vocabularySize,
    hidden_size: shape.hiddenSize,
    intermediate_size: shape.intermediateSize,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.heads,
    max_position_embeddings: shape.contextLength,
    hidden_act: "silu",
    rms_norm_eps: normEpsilon,
    rope_theta: base,
    tie_word_embeddings: shape.isTied ?? true,
    attention_bias: false,
    mlp_bias: false,
    eos_token_id: endId,
    torch_dtype: "float16",
  };
}
