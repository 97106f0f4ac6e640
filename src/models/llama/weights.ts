/** The names of Llama's tensors, which Mistral, Qwen and Gemma share. */
import type { Value } from "#engine";
import type { StoredNames } from "../family.ts";
import { type StoredWeight, stored, storedLinear } from "../stored-weight.ts";
import type { LlamaConfig } from "./config.ts";

/** A linear map x W + b. */
export interface LinearWeights<Leaf = Value> {
  /** [in, out] */
  readonly weight: Leaf;
  /** [out] */
  readonly bias?: Leaf | undefined;
}

/** One block of a Llama. */
export interface LlamaBlockWeights<Leaf = Value> {
  readonly attentionNorm: { readonly scale: Leaf };
  readonly attention: {
    readonly query: LinearWeights<Leaf>;
    readonly key: LinearWeights<Leaf>;
    readonly value: LinearWeights<Leaf>;
    readonly output: LinearWeights<Leaf>;
    /** Of each head alone, [D]. */
    readonly queryNorm?: { readonly scale: Leaf };
    readonly keyNorm?: { readonly scale: Leaf };
  };
  /** Of what attention gives. */
  readonly attentionOutputNorm?: { readonly scale: Leaf };
  readonly mlpNorm: { readonly scale: Leaf };
  readonly mlp: {
    readonly gate: LinearWeights<Leaf>;
    readonly up: LinearWeights<Leaf>;
    readonly down: LinearWeights<Leaf>;
  };
  /** Of what the MLP gives. */
  readonly mlpOutputNorm?: { readonly scale: Leaf };
}

/** The weights of a Llama. */
export interface LlamaWeights<Leaf = Value> {
  /** [V, C] */
  readonly embedding: { readonly token: Leaf };
  readonly blocks: readonly LlamaBlockWeights<Leaf>[];
  readonly finalNorm: { readonly scale: Leaf };
  /** [V, C]; undefined where it is tied to the embedding. */
  readonly unembedding: Leaf | undefined;
}

/** Where a checkpoint keeps each weight of a Llama. */
export function llamaWeights(config: LlamaConfig, names: StoredNames): LlamaWeights<StoredWeight> {
  const { vocabularySize, hiddenSize, layers, isTied } = config;
  // A base model without a head is saved without the prefix.
  const prefix = names.has("norm.weight") && !names.has("model.norm.weight") ? "" : "model.";
  const embedding = `${prefix}embed_tokens.weight`;
  // Of two tied matrices, safetensors keeps either one.
  const token = isTied && !names.has(embedding) && names.has("lm_head.weight") ? "lm_head.weight" : embedding;
  return {
    embedding: { token: stored(token, [vocabularySize, hiddenSize]) },
    blocks: Array.from({ length: layers }, (_, layer) => blockWeights(`${prefix}layers.${layer}`, config)),
    finalNorm: { scale: stored(`${prefix}norm.weight`, [hiddenSize]) },
    unembedding: isTied ? undefined : stored("lm_head.weight", [vocabularySize, hiddenSize]),
  };
}

function blockWeights(block: string, config: LlamaConfig): LlamaBlockWeights<StoredWeight> {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize, biases } = config;
  const { normalizesHeads = false, normalizesOutputs = false } = config;
  const linear = (name: string, size: readonly [number, number], bias: boolean): LinearWeights<StoredWeight> => ({
    weight: storedLinear(`${block}.${name}.weight`, size),
    ...(bias ? { bias: stored(`${block}.${name}.bias`, [size[1]]) } : {}),
  });
  const norm = (name: string, size = hiddenSize) => ({ scale: stored(`${block}.${name}.weight`, [size]) });
  const [queries, keys] = [heads * headSize, keyValueHeads * headSize];
  return {
    attentionNorm: norm("input_layernorm"),
    attention: {
      query: linear("self_attn.q_proj", [hiddenSize, queries], biases.queryKeyValue),
      key: linear("self_attn.k_proj", [hiddenSize, keys], biases.queryKeyValue),
      value: linear("self_attn.v_proj", [hiddenSize, keys], biases.queryKeyValue),
      output: linear("self_attn.o_proj", [queries, hiddenSize], biases.attentionOutput),
      ...(normalizesHeads
        ? { queryNorm: norm("self_attn.q_norm", headSize), keyNorm: norm("self_attn.k_norm", headSize) }
        : {}),
    },
    ...(normalizesOutputs
      ? {
          attentionOutputNorm: norm("post_attention_layernorm"),
          mlpNorm: norm("pre_feedforward_layernorm"),
          mlpOutputNorm: norm("post_feedforward_layernorm"),
        }
      : { mlpNorm: norm("post_attention_layernorm") }),
    mlp: {
      gate: linear("mlp.gate_proj", [hiddenSize, intermediateSize], biases.mlp),
      up: linear("mlp.up_proj", [hiddenSize, intermediateSize], biases.mlp),
      down: linear("mlp.down_proj", [intermediateSize, hiddenSize], biases.mlp),
    },
  };
}

/** Early checkpoints keep the frequencies of the rotary embedding; a tied head may be there a second time. */
export const isLlamaBuffer = (name: string): boolean => /rotary_emb\.inv_freq$|^lm_head\.weight$/.test(name);
