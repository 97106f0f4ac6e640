import { join } from "node:path";
import { AssayError, type Tensor } from "#base";
import { compile, leavesOf, tensorType, type Value } from "#engine";
import { fetchModel, isHubSource, loadTokenizer, openCheckpoint, readTextFile, type Tokenizer } from "#formats";
import { padded, paddedLength } from "../lengths.ts";
import { readJson } from "../load-model.ts";
import { expectShape, type StoredWeight } from "../stored-weight.ts";
import { readTree } from "../weight-source.ts";
import { type BertConfig, readBertConfig } from "./config.ts";
import { bert } from "./model.ts";
import { type BertWeights, bertWeights } from "./weights.ts";

/** A text as an encoder sees it. */
export interface EncodedText {
  readonly ids: readonly number[];
  /** One vector a token, one after the other: [T, C]. */
  readonly vectors: Float32Array;
}

/** How an encoder is loaded. */
export interface LoadEncoderOptions {
  /** The layer whose states are handed out, from 0 for the embeddings; the last when left out. */
  readonly layer?: number;
}

/** An encoder that turns texts into vectors, one a token. */
export interface TextEncoder {
  readonly name: string;
  readonly layer: number;
  readonly width: number;
  /** Tokens with a meaning of their own that stand around a text. */
  readonly edges: ReadonlySet<number>;
  /** Token ids as they are encoded, cut to what the encoder takes. */
  ids(text: string): number[];
  encode(text: string): Promise<EncodedText>;
}

const modelTypes = ["bert", "roberta", "xlm-roberta"];

/**
 * Loads a BERT, RoBERTa or XLM-RoBERTa from a Hugging Face folder or the hub; only the layers that are needed are read.
 *
 * @throws AssayError MODEL_UNKNOWN, CONFIG_INVALID, CONFIG_UNSUPPORTED, LAYER_OUT_OF_RANGE, TENSOR_MISSING, SHAPE_MISMATCH,
 *   WEIGHT_NOT_FINITE
 * @example const encoder = await loadEncoder("./roberta-large", { layer: 17 });
 */
export async function loadEncoder(place: string, { layer }: LoadEncoderOptions = {}): Promise<TextEncoder> {
  const folder = isHubSource(place) ? (await fetchModel(place)).folder : place;
  const json = readJson(join(folder, "config.json"));
  if (!modelTypes.includes(String(json.model_type))) {
    const claim = `Expected an encoder (${modelTypes.join(", ")}), got "${String(json.model_type)}" in ${folder}`;
    throw new AssayError("MODEL_UNKNOWN", `models: ${claim}`);
  }
  const { config } = readBertConfig(json);
  const wanted = layer ?? config.layers;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > config.layers) {
    const claim = `Expected a layer from 0 to ${config.layers}, got ${wanted}`;
    throw new AssayError("LAYER_OUT_OF_RANGE", `models: ${claim} for ${place}`);
  }
  const tokenizer = loadTokenizer(folder);
  const run = await compileEncoder(folder, { ...config, layers: wanted });
  const ids = idsOf(tokenizer, { config, folder, isSpaced: json.model_type === "roberta" });
  return {
    name: place,
    layer: wanted,
    width: config.hiddenSize,
    ids,
    edges: new Set(ids("")),
    async encode(text) {
      const encoded = ids(text);
      return { ids: encoded, vectors: await run(encoded) };
    },
  };
}

/** Reads the weights of the layers in the configuration and builds them into one program. */
async function compileEncoder(
  folder: string,
  config: BertConfig,
): Promise<(ids: readonly number[]) => Promise<Float32Array>> {
  const { plan, weights } = readWeights(folder, config);
  const signature = { weights: plan, inputIds: tensorType("int64", [1, "T"]), lengths: tensorType("int64", [1]) };
  const build = (values: { weights: BertWeights; inputIds: Value; lengths: Value }) => ({
    state: bert(values.inputIds, values.weights, { config, lengths: values.lengths }).at(-1)!,
  });
  const program = await compile(build as never, signature, { freeze: { weights } as never });
  return async (ids) => {
    // Few lengths are ever computed: each new one costs ONNX Runtime a plan of its memory.
    const all = padded(ids, paddedLength(ids.length, config.contextLength));
    const inputIds: Tensor = { dtype: "int64", shape: [1, all.length], data: BigInt64Array.from(all, BigInt) };
    const lengths: Tensor = { dtype: "int64", shape: [1], data: BigInt64Array.of(BigInt(ids.length)) };
    const { state } = (await program.run({ inputIds, lengths } as never)) as unknown as { state: Tensor };
    return (state.data as Float32Array).slice(0, ids.length * config.hiddenSize);
  };
}

/** Every weight, after all names and shapes were compared. */
function readWeights(folder: string, config: BertConfig) {
  using checkpoint = openCheckpoint(folder);
  const plan = bertWeights(config, checkpoint.tensors);
  for (const weight of leavesOf<StoredWeight>(plan).values()) expectShape(checkpoint, weight);
  return { plan, weights: readTree(checkpoint, plan) };
}

interface IdsOptions {
  readonly config: BertConfig;
  readonly folder: string;
  /** RoBERTa's own tokenizer puts a space in front of a text. */
  readonly isSpaced: boolean;
}

/** A text that is too long loses its end; the token that closes it stays. */
function idsOf(tokenizer: Tokenizer, { config, folder, isSpaced }: IdsOptions): (text: string) => number[] {
  const longest = Math.min(config.contextLength, statedLength(folder) ?? config.contextLength);
  return (text) => {
    const bare = text.trim();
    const ids = tokenizer.encode(isSpaced && bare !== "" ? ` ${bare}` : bare);
    return ids.length <= longest ? ids : [...ids.slice(0, longest - 1), ids.at(-1)!];
  };
}

function statedLength(folder: string): number | undefined {
  try {
    const { model_max_length: length } = JSON.parse(readTextFile(join(folder, "tokenizer_config.json")));
    return typeof length === "number" ? length : undefined;
  } catch {
    return undefined;
  }
}
