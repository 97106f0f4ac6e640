import type { Value } from "#engine";
import type { ConfigJson } from "./config-reader.ts";
import type { BlockContext, Pass } from "./pass.ts";
import type { StoredWeight } from "./stored-weight.ts";

/** What every language model's configuration says. */
export interface DecoderConfig {
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** The longest text. */
  readonly contextLength: number;
  /** Whether one matrix turns tokens into vectors and vectors into logits. */
  readonly isTied: boolean;
}

/** What every language model's weights have; each leaf a tensor, a value, or where a checkpoint keeps it. */
export interface DecoderWeights<Leaf = Value> {
  readonly embedding: { readonly token: Leaf };
  readonly blocks: readonly object[];
  readonly finalNorm: object | undefined;
  /** [V, C], one row a token as in the embedding; undefined where the embedding serves. */
  readonly unembedding: Leaf | undefined;
}

/** A published size: its configuration, and how many numbers its checkpoint holds. */
export type SizeTable<Config> = Readonly<Record<string, { readonly config: Config; readonly parameters: number }>>;

/** What config.json said, and the keys in it that nobody knows. */
export interface ReadConfig<Config> {
  readonly config: Config;
  readonly unknownKeys: readonly string[];
}

/** Which tensors a checkpoint has. */
export interface StoredNames {
  has(name: string): boolean;
}

/** One family of language models: knowledge about it, and nothing about files or running. */
export interface Family<
  Config extends DecoderConfig = DecoderConfig,
  Weights extends DecoderWeights = DecoderWeights,
  Plan extends DecoderWeights<StoredWeight> = DecoderWeights<StoredWeight>,
> {
  readonly name: string;
  /** The values of `model_type` that it reads. */
  readonly modelTypes: readonly string[];
  readonly sizes: SizeTable<Config>;
  /** A configuration for tests. */
  readonly tiny: Config;
  /** @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
  readConfig(json: ConfigJson): ReadConfig<Config>;
  /** Where a checkpoint with these names keeps each weight. */
  weights(config: Config, names: StoredNames): Plan;
  /** Tensors of a checkpoint that are no weights, such as buffers that older versions saved. */
  isBuffer(name: string): boolean;
  /** Next-token logits [B, T, V] for token ids [B, T]. */
  logits(inputIds: Value, weights: Weights, context: { readonly config: Config; readonly pass?: Pass }): Value;
  // ----- The three parts of the figure, for running it block by block
  embed(
    inputIds: Value,
    weights: Weights["embedding"],
    context: { readonly config: Config; readonly pass: Pass },
  ): Value;
  /** Which figure a block is, where not all of a model are one: blocks of one kind differ in their weights alone. */
  blockKind?(config: Config, layer: number): number;
  block(residual: Value, weights: Weights["blocks"][number], context: BlockContext<Config>): Value;
  unembed(
    residual: Value,
    weights: Omit<Weights, "blocks">,
    context: { readonly config: Config; readonly pass: Pass },
  ): Value;
}

/** Checks one family's parts against each other. */
export function defineFamily<
  Config extends DecoderConfig,
  Weights extends DecoderWeights,
  Plan extends DecoderWeights<StoredWeight>,
>(family: Family<Config, Weights, Plan>): Family<Config, Weights, Plan> {
  return family;
}
