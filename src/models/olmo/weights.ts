/** The names of OLMo 1's tensors: those of its authors, and those of its port to transformers. */
import type { Value } from "#engine";
import type { StoredNames } from "../family.ts";
import { type StoredWeight, stored, storedLinear } from "../stored-weight.ts";
import type { OlmoConfig } from "./config.ts";

/** One block of an OLMo 1; every leaf a matrix [in, out]. */
export interface OlmoBlockWeights<Leaf = Value> {
  readonly attention: {
    readonly query: { readonly weight: Leaf };
    readonly key: { readonly weight: Leaf };
    readonly value: { readonly weight: Leaf };
    readonly output: { readonly weight: Leaf };
  };
  readonly mlp: {
    readonly gate: { readonly weight: Leaf };
    readonly up: { readonly weight: Leaf };
    readonly down: { readonly weight: Leaf };
  };
}

/** The weights of an OLMo 1. */
export interface OlmoWeights<Leaf = Value> {
  /** [V, C] */
  readonly embedding: { readonly token: Leaf };
  readonly blocks: readonly OlmoBlockWeights<Leaf>[];
  /** Its normalisations have no weights. */
  readonly finalNorm: undefined;
  /** [V, C]; undefined where it is tied to the embedding. */
  readonly unembedding: Leaf | undefined;
}

/** Where a checkpoint keeps each weight of an OLMo 1. */
export function olmoWeights(config: OlmoConfig, names: StoredNames): OlmoWeights<StoredWeight> {
  const layout = [...originals(names), port][0]!;
  const { vocabularySize, hiddenSize, layers, isTied } = config;
  return {
    embedding: { token: stored(layout.embedding, [vocabularySize, hiddenSize]) },
    blocks: Array.from({ length: layers }, (_, layer) => layout.block(layer, config)),
    finalNorm: undefined,
    unembedding: isTied ? undefined : stored(layout.head, [vocabularySize, hiddenSize]),
  };
}

interface Layout {
  readonly embedding: string;
  readonly head: string;
  block(layer: number, config: OlmoConfig): OlmoBlockWeights<StoredWeight>;
}

const port: Layout = {
  embedding: "model.embed_tokens.weight",
  head: "lm_head.weight",
  block(layer, { hiddenSize, intermediateSize, keyValueHeads, headSize }) {
    const linear = (name: string, size: readonly [number, number]) => ({
      weight: storedLinear(`model.layers.${layer}.${name}.weight`, size),
    });
    const keys = keyValueHeads * headSize;
    return {
      attention: {
        query: linear("self_attn.q_proj", [hiddenSize, hiddenSize]),
        key: linear("self_attn.k_proj", [hiddenSize, keys]),
        value: linear("self_attn.v_proj", [hiddenSize, keys]),
        output: linear("self_attn.o_proj", [hiddenSize, hiddenSize]),
      },
      mlp: {
        gate: linear("mlp.gate_proj", [hiddenSize, intermediateSize]),
        up: linear("mlp.up_proj", [hiddenSize, intermediateSize]),
        down: linear("mlp.down_proj", [intermediateSize, hiddenSize]),
      },
    };
  },
};

/** The authors' layout, saved with the wrapper's prefix or without: maps that read the same vector are one tensor. */
function originals(names: StoredNames): Layout[] {
  const prefixes = ["model.transformer.", "transformer."].filter((prefix) => names.has(`${prefix}wte.weight`));
  return prefixes.map((prefix) => ({
    embedding: `${prefix}wte.weight`,
    head: `${prefix}ff_out.weight`,
    block: (layer, config) => originalBlock(`${prefix}blocks.${layer}`, config),
  }));
}

function originalBlock(block: string, config: OlmoConfig): OlmoBlockWeights<StoredWeight> {
  const { hiddenSize, intermediateSize, keyValueHeads, headSize } = config;
  const keys = keyValueHeads * headSize;
  const part = (name: string, from: number, outputs: number) => ({
    weight: storedLinear(`${block}.${name}.weight`, [hiddenSize, outputs], [[from, from + outputs]]),
  });
  return {
    attention: {
      query: part("att_proj", 0, hiddenSize),
      key: part("att_proj", hiddenSize, keys),
      value: part("att_proj", hiddenSize + keys, keys),
      output: { weight: storedLinear(`${block}.attn_out.weight`, [hiddenSize, hiddenSize]) },
    },
    mlp: {
      up: part("ff_proj", 0, intermediateSize),
      gate: part("ff_proj", intermediateSize, intermediateSize),
      down: { weight: storedLinear(`${block}.ff_out.weight`, [intermediateSize, hiddenSize]) },
    },
  };
}

/** Rotary frequencies, and a tied head that may be there a second time. */
export const isOlmoBuffer = (name: string): boolean => /rotary_emb\.inv_freq$|^lm_head\.weight$/.test(name);
