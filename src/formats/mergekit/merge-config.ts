/** mergekit's YAML: which models are merged, how, and with what numbers. */
import { Document, parse, visit } from "yaml";
import { z } from "zod";
import { AssayError } from "#base";
import type { StorageType } from "../checkpoints/storage-types.ts";
import { readTextFile } from "../files/text-file.ts";

/** A number, a switch or a word. */
export type MergeValue = number | boolean | string;

/** One value, a gradient over the layers, or values for the tensors whose names contain a filter, the first that fits. */
export type MergeSetting =
  | MergeValue
  | readonly MergeValue[]
  | readonly { readonly filter?: string; readonly value: MergeValue | readonly MergeValue[] }[];

/** Settings by their names: `weight`, `density`, `t` … */
export type MergeSettings = Readonly<Record<string, MergeSetting>>;

/** One model that takes part. */
export interface MergeInput {
  readonly model: string;
  readonly settings: MergeSettings;
  /** The blocks that it gives, the last one excluded; all when left out. */
  readonly layers?: readonly [from: number, to: number];
}

/** Some blocks of the output and what they are merged from. */
export interface MergeSlice {
  readonly sources: readonly MergeInput[];
  readonly baseModel?: string;
  readonly settings: MergeSettings;
}

/** A whole merge. */
export interface MergeConfig {
  readonly method: string;
  /** What all models of the output are merged from; absent where slices say it block by block. */
  readonly models?: readonly MergeInput[];
  readonly slices?: readonly MergeSlice[];
  readonly baseModel?: string;
  readonly settings: MergeSettings;
  /** The number type of the output; the base's own when left out. */
  readonly storage?: Extract<StorageType, "F32" | "F16" | "BF16">;
  /** `union`, `base`, or the model whose tokenizer is taken. */
  readonly tokenizer?: string;
  /** The embedding gets rows up to a multiple of this. */
  readonly padToMultipleOf?: number;
}

const value = z.union([z.number(), z.boolean(), z.string()]);
const values = z.union([value, z.array(value).min(1)]);
const conditional = z.strictObject({ filter: z.string().nullish(), value: values });
const setting = z.union([values, conditional, z.array(conditional).min(1)]);
const settings = z.record(z.string(), setting).nullish();
const model = z.union([z.string().min(1), z.object({ model: z.object({ path: z.string() }) })]);
const range = z.tuple([z.number().int().min(0), z.number().int().min(1)]);
const input = z.strictObject({ model, parameters: settings });
const source = z.strictObject({ model, layer_range: range, parameters: settings });
const slice = z.strictObject({ sources: z.array(source).min(1), base_model: model.nullish(), parameters: settings });
const dtypes = { float32: "F32", float16: "F16", bfloat16: "BF16" } as const;
const schema = z.strictObject({
  merge_method: z.string(),
  models: z.array(input).min(1).nullish(),
  slices: z.array(slice).min(1).nullish(),
  base_model: model.nullish(),
  parameters: settings,
  dtype: z.enum(["float32", "float16", "bfloat16"]).nullish(),
  out_dtype: z.enum(["float32", "float16", "bfloat16"]).nullish(),
  tokenizer_source: z.string().nullish(),
  tokenizer: z
    .strictObject({ source: z.string().default("union"), pad_to_multiple_of: z.number().int().min(1).nullish() })
    .nullish(),
});
type Written = z.infer<typeof schema>;

/** Reads a configuration of mergekit. @throws AssayError FILE_MISSING, MERGE_CONFIG_INVALID naming the key */
export function readMergeConfig(path: string): MergeConfig {
  return parseMergeConfig(readTextFile(path), path);
}

/** The same from its text. `path` is for messages. @throws AssayError MERGE_CONFIG_INVALID naming the key */
export function parseMergeConfig(text: string, path = "the configuration"): MergeConfig {
  const fail = (reason: string, cause?: unknown) =>
    new AssayError("MERGE_CONFIG_INVALID", `merge: Expected a configuration of mergekit in ${path}, got ${reason}`, {
      cause,
    });
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (cause) {
    throw fail(`text that is no YAML (${(cause as Error).message.split("\n")[0]})`, cause);
  }
  const result = schema.safeParse(raw);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw fail(`${issue!.message} at ${issue!.path.join(".") || "its top"}`);
  }
  const { models, slices, tokenizer, tokenizer_source } = result.data;
  if ((models == null) === (slices == null)) throw fail("both models and slices, or neither");
  if (tokenizer != null && tokenizer_source != null) throw fail("both tokenizer and tokenizer_source");
  return configOf(result.data);
}

const pathOf = (reference: z.infer<typeof model>): string =>
  typeof reference === "string" ? reference : reference.model.path;

/** One conditional value is a list of one, and a filter of null is none. */
function settingsOf(found: z.infer<typeof settings>): MergeSettings {
  const entries = Object.entries(found ?? {}).map(([name, one]) => {
    const list = typeof one === "object" && !Array.isArray(one) ? [one] : one;
    if (!Array.isArray(list)) return [name, list];
    return [
      name,
      list.map((item) =>
        typeof item === "object"
          ? { value: item.value, ...(item.filter == null ? {} : { filter: item.filter }) }
          : item,
      ),
    ];
  });
  return Object.fromEntries(entries);
}

function configOf({
  merge_method,
  models,
  slices,
  base_model,
  parameters,
  dtype,
  out_dtype,
  tokenizer,
  tokenizer_source,
}: Written): MergeConfig {
  const [type, chosen] = [out_dtype ?? dtype, tokenizer?.source ?? tokenizer_source];
  const pad = tokenizer?.pad_to_multiple_of;
  const base = base_model == null ? {} : { baseModel: pathOf(base_model) };
  return {
    method: merge_method,
    ...(models == null
      ? {}
      : { models: models.map((one) => ({ model: pathOf(one.model), settings: settingsOf(one.parameters) })) }),
    ...(slices == null ? {} : { slices: slices.map(sliceOf) }),
    ...base,
    settings: settingsOf(parameters),
    ...(type == null ? {} : { storage: dtypes[type] }),
    ...(chosen == null ? {} : { tokenizer: chosen }),
    ...(pad == null ? {} : { padToMultipleOf: pad }),
  };
}

const sliceOf = ({ sources, base_model, parameters }: z.infer<typeof slice>): MergeSlice => ({
  sources: sources.map((one) => ({
    model: pathOf(one.model),
    settings: settingsOf(one.parameters),
    layers: one.layer_range,
  })),
  ...(base_model == null ? {} : { baseModel: pathOf(base_model) }),
  settings: settingsOf(parameters),
});

/** A configuration as mergekit's YAML; reading it gives the same configuration. Lists of numbers stand on one line. */
export function mergeConfigText(config: MergeConfig): string {
  const { method, models, slices, baseModel, settings: shared, storage, tokenizer, padToMultipleOf } = config;
  const parameters = (own: MergeSettings) => (Object.keys(own).length === 0 ? {} : { parameters: own });
  const content = {
    merge_method: method,
    ...(models && { models: models.map((one) => ({ model: one.model, ...parameters(one.settings) })) }),
    ...(slices && {
      slices: slices.map((one) => ({
        sources: one.sources.map(({ model: name, layers, settings: own }) => ({
          model: name,
          layer_range: layers,
          ...parameters(own),
        })),
        ...(one.baseModel && { base_model: one.baseModel }),
        ...parameters(one.settings),
      })),
    }),
    ...(baseModel && { base_model: baseModel }),
    ...parameters(shared),
    ...(storage && { dtype: Object.keys(dtypes).find((name) => dtypes[name as keyof typeof dtypes] === storage) }),
    ...(tokenizer && {
      tokenizer: { source: tokenizer, ...(padToMultipleOf && { pad_to_multiple_of: padToMultipleOf }) },
    }),
  };
  const document = new Document(content);
  visit(document, {
    Seq: (_, node) => {
      node.flow = node.items.every((item) => typeof (item as { value?: unknown }).value !== "undefined");
    },
  });
  return document.toString();
}
