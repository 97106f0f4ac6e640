import type { Value } from "#engine";
import type { ConfigJson } from "./config-reader.ts";
import type { EncoderBlockWeights } from "./encoder.ts";
import type { ReadConfig, SizeTable, StoredNames } from "./family.ts";
import type { Extent } from "./patches.ts";
import type { StoredWeight } from "./stored-weight.ts";

/** What every image classifier's configuration says. */
export interface VisionConfig {
  readonly imageSize: Extent;
  readonly patchSize: Extent;
  readonly channels: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly hasDistillationToken: boolean;
  readonly labels: readonly string[];
}

/** What every image classifier's weights have. */
export interface VisionWeights<Leaf = Value> {
  readonly embedding: object;
  readonly blocks: readonly EncoderBlockWeights<Leaf>[];
  readonly head: object | undefined;
}

/** One family of vision transformers: knowledge about it, and nothing about files or running. */
export interface VisionFamily<
  Config extends VisionConfig = VisionConfig,
  Weights extends VisionWeights = VisionWeights,
  Plan extends VisionWeights<StoredWeight> = VisionWeights<StoredWeight>,
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
  /** Tensors of a checkpoint that no logit depends on. */
  isBuffer(name: string): boolean;
  /** Class logits [N, K] for pixels [N, channels, height, width]. */
  logits(pixels: Value, weights: Weights, context: { readonly config: Config }): Value;
}

/** Checks one family's parts against each other. */
export function defineVisionFamily<
  Config extends VisionConfig,
  Weights extends VisionWeights,
  Plan extends VisionWeights<StoredWeight>,
>(family: VisionFamily<Config, Weights, Plan>): VisionFamily<Config, Weights, Plan> {
  return family;
}
