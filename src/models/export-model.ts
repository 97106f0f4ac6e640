/** Language models as ONNX files, with the names that the ecosystem's runtimes look for. */
import { basename, dirname, join } from "node:path";
import { concat, exportProgram, tensorType, type Value, withTaps } from "#engine";
import { writeAtomically } from "#formats";
import type { DecoderWeights } from "./family.ts";
import type { LanguageModel } from "./language-model.ts";
import { countParameters } from "./load-model.ts";
import type { KeysAndValues } from "./pass.ts";
import { blockTap } from "./taps.ts";

/** How a model is exported. */
export interface ExportModelOptions {
  /** Whether large tensors stand in a file beside the model; they must where the weights pass 2 GiB. */
  readonly external?: boolean;
}

/** What was written. */
export interface ExportedModel {
  /** The model, and the file beside it. */
  readonly files: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** One message of Protocol Buffers holds 2 GiB; the graph itself takes less than this. */
const largestInside = 2 ** 31 - 2 ** 26;

/**
 * Writes a model as ONNX: logits of every token, and keys and values that the next call is given as its past.
 *
 * Inputs   `input_ids`, `position_ids` int64 [B, T] · `attention_mask` int64 [B, P + T], 0 where a text is filled up ·
 *          `past_key_values.N.key` and `.value` [B, Hk, P, D], P = 0 at first
 * Outputs  `logits` [B, T, V] · `present.N.key` and `.value` [B, Hk, P + T, D]
 *
 * Texts of unequal length are filled up in front, as generation asks for, or behind. Adapters on the model are written
 * with it.
 *
 * @throws AssayError WEIGHTS_STREAMED
 * @example exportModel(model, "onnx/model.onnx");
 */
export function exportModel(model: LanguageModel, file: string, options: ExportModelOptions = {}): ExportedModel {
  const { external = countParameters(model.plan) * 4 > largestInside } = options;
  const beside = `${basename(file)}.data`;
  if (!external) return written(model, file, undefined);
  let result: ExportedModel | undefined;
  writeAtomically(join(dirname(file), beside), (write) => {
    let position = 0;
    const append = (bytes: Uint8Array): number => {
      write(bytes);
      position += bytes.length;
      return position - bytes.length;
    };
    result = written(model, file, { file: beside, append });
  });
  return { ...result!, files: [file, join(dirname(file), beside)] };
}

type External = NonNullable<Parameters<typeof exportProgram>[2]>["external"];

function written(model: LanguageModel, file: string, external: External): ExportedModel {
  const { bytes, inputs, outputs } = programOf(model, external);
  writeAtomically(file, (write) => write(bytes));
  return { files: [file], inputs, outputs };
}

function programOf({ plan, weights, config, family }: LanguageModel, external: External) {
  const { layers, keyValueHeads, headSize } = config;
  const cache = tensorType("float32", ["B", keyValueHeads, "P", headSize]);
  const signature = {
    input_ids: tensorType("int64", ["B", "T"]),
    attention_mask: tensorType("int64", ["B", "P+T"]),
    position_ids: tensorType("int64", ["B", "T"]),
    past_key_values: Array.from({ length: layers }, () => ({ key: cache, value: cache })),
    weights: plan,
  };
  const build = (values: ExportValues) => {
    const past = { blocks: values.past_key_values };
    const pass = { positions: values.position_ids, mask: values.attention_mask, past };
    const read = values.past_key_values.flatMap((_, layer) => [keyTap(layer), valueTap(layer)]);
    const figure = () => family.logits(values.input_ids, values.weights, { config, pass });
    const { result: logits, taps } = withTaps({ read }, figure);
    const present = values.past_key_values.map(({ key, value }, layer) => ({
      key: concat([key, taps[keyTap(layer)]!], 2),
      value: concat([value, taps[valueTap(layer)]!], 2),
    }));
    return { logits, present };
  };
  const freeze = { weights } as never;
  return exportProgram(build as never, signature, external === undefined ? { freeze } : { freeze, external });
}

const keyTap = (layer: number): string => blockTap(layer, "attention.key");
const valueTap = (layer: number): string => blockTap(layer, "attention.value");

interface ExportValues {
  readonly input_ids: Value;
  readonly attention_mask: Value;
  readonly position_ids: Value;
  readonly past_key_values: readonly KeysAndValues[];
  readonly weights: DecoderWeights;
}
