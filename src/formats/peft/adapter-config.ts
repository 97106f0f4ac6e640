import { AssayError, type Json } from "#base";

/** A low-rank adapter's settings, as PEFT's `adapter_config.json` has them. */
export interface AdapterConfig {
  readonly rank: number;
  readonly alpha: number;
  /** Scales by α / √r instead of α / r. */
  readonly rankStabilized: boolean;
  readonly dropout: number;
  /** Names of modules, or one regular expression. */
  readonly targetModules: string | readonly string[] | null;
  readonly excludeModules: string | readonly string[] | null;
  /** Modules that were trained whole and stand in the file beside the adapter. */
  readonly modulesToSave: readonly string[];
  /** Ranks and alphas of modules that differ: a regular expression for the end of the module's path → its number. */
  readonly rankPattern: Readonly<Record<string, number>>;
  readonly alphaPattern: Readonly<Record<string, number>>;
  readonly layersToTransform: number | readonly number[] | null;
  readonly layersPattern: string | readonly string[] | null;
  /** Weights are stored [in, out], as in GPT-2. */
  readonly fanInFanOut: boolean;
  readonly bias: "none" | "all" | "lora_only";
  readonly baseModel: string | null;
  readonly revision: string | null;
  readonly taskType: string | null;
}

type Raw = Readonly<Record<string, Json>>;

/** Keys that change nothing about what a stored adapter computes. */
const inert = new Set([
  "auto_mapping",
  "inference_mode",
  "megatron_core",
  "peft_version",
  "qalora_group_size",
  "runtime_config",
  "loftq_config",
  "eva_config",
]);

/** Ways to initialise that leave the base model as it is; the others store an adapter for a changed base. */
const plainStarts: readonly Json[] = [true, false, "gaussian", "orthogonal", "eva"];

const understood = new Set([
  ...["peft_type", "r", "lora_alpha", "use_rslora", "lora_dropout", "target_modules", "exclude_modules", "bias"],
  ...["modules_to_save", "rank_pattern", "alpha_pattern", "layers_to_transform", "layers_pattern", "fan_in_fan_out"],
  ...["base_model_name_or_path", "revision", "task_type", "init_lora_weights"],
]);

/**
 * Reads the settings. A key that the lab does not know is ignored where it says nothing (null, false, empty) and refused
 * where it says something: results would be wrong.
 *
 * @throws AssayError ADAPTER_UNSUPPORTED, naming the key
 */
export function parseAdapterConfig(raw: Raw, path: string): AdapterConfig {
  const refuse = (key: string) => unsupported(path, key, raw[key]);
  if (raw.peft_type !== "LORA") throw refuse("peft_type");
  const start = raw.init_lora_weights ?? true;
  if (!plainStarts.includes(start)) throw refuse("init_lora_weights");
  const foreign = Object.keys(raw).find((key) => !understood.has(key) && !inert.has(key) && !saysNothing(raw[key]!));
  if (foreign !== undefined) throw refuse(foreign);
  const read = <T>(key: string, is: (value: Json) => boolean, absent: T): T => {
    const value = raw[key] ?? null;
    if (value === null) return absent;
    if (!is(value)) throw refuse(key);
    return value as T;
  };
  return {
    rank: read("r", isPositive, 8),
    alpha: read("lora_alpha", isNumber, 8),
    rankStabilized: read("use_rslora", isFlag, false),
    dropout: read("lora_dropout", isNumber, 0),
    targetModules: read<AdapterConfig["targetModules"]>("target_modules", isNames, null),
    excludeModules: read<AdapterConfig["excludeModules"]>("exclude_modules", isNames, null),
    modulesToSave: read<readonly string[]>("modules_to_save", Array.isArray, []),
    rankPattern: read<Readonly<Record<string, number>>>("rank_pattern", isPatterns, {}),
    alphaPattern: read<Readonly<Record<string, number>>>("alpha_pattern", isPatterns, {}),
    layersToTransform: read<AdapterConfig["layersToTransform"]>("layers_to_transform", isLayers, null),
    layersPattern: read<AdapterConfig["layersPattern"]>("layers_pattern", isNames, null),
    fanInFanOut: read("fan_in_fan_out", isFlag, false),
    bias: read<AdapterConfig["bias"]>(
      "bias",
      (value) => ["none", "all", "lora_only"].includes(value as string),
      "none",
    ),
    baseModel: read<string | null>("base_model_name_or_path", isText, null),
    revision: read<string | null>("revision", isText, null),
    taskType: read<string | null>("task_type", isText, null),
  };
}

const isNumber = (value: Json): boolean => typeof value === "number" && Number.isFinite(value);
const isPositive = (value: Json): boolean => Number.isInteger(value) && (value as number) > 0;
const isFlag = (value: Json): boolean => typeof value === "boolean";
const isText = (value: Json): boolean => typeof value === "string";
const isNames = (value: Json): boolean => isText(value) || (Array.isArray(value) && value.every(isText));
const isLayers = (value: Json): boolean => isNumber(value) || (Array.isArray(value) && value.every(isNumber));
const isPatterns = (value: Json): boolean =>
  typeof value === "object" &&
  !Array.isArray(value) &&
  Object.entries(value!).every(([pattern, number]) => isExpression(pattern) && isNumber(number));

/** Python's expressions are not all JavaScript's. */
function isExpression(pattern: string): boolean {
  try {
    return expressionOf(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}

const expressionOf = (pattern: string): RegExp => new RegExp(`^(.*\\.)?(${pattern})$`);

const saysNothing = (value: Json): boolean =>
  value === null || value === false || (typeof value === "object" && Object.keys(value).length === 0);

function unsupported(path: string, key: string, value: Json | undefined): AssayError {
  const got = JSON.stringify(value) ?? "nothing";
  const claim = `Expected a LoRA adapter that the lab understands at ${path}, got ${key} = ${got.slice(0, 80)}`;
  return new AssayError("ADAPTER_UNSUPPORTED", `peft: ${claim}; without it results would be wrong`, {
    details: { key },
  });
}

/** The settings under PEFT's own names. */
export function adapterJson(config: AdapterConfig): Raw {
  return {
    alpha_pattern: config.alphaPattern,
    base_model_name_or_path: config.baseModel,
    bias: config.bias,
    exclude_modules: config.excludeModules,
    fan_in_fan_out: config.fanInFanOut,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: config.layersPattern,
    layers_to_transform: config.layersToTransform,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    modules_to_save: config.modulesToSave.length === 0 ? null : config.modulesToSave,
    peft_type: "LORA",
    r: config.rank,
    rank_pattern: config.rankPattern,
    revision: config.revision,
    target_modules: config.targetModules,
    task_type: config.taskType,
    use_dora: false,
    use_rslora: config.rankStabilized,
  };
}

/** The rank and the alpha of one module. */
export function ranksOf(config: AdapterConfig, module: string): { readonly rank: number; readonly alpha: number } {
  return {
    rank: patterned(config.rankPattern, module) ?? config.rank,
    alpha: patterned(config.alphaPattern, module) ?? config.alpha,
  };
}

/** The first pattern that fits the end of a module's path, as PEFT looks it up. */
function patterned(patterns: Readonly<Record<string, number>>, module: string): number | undefined {
  return Object.entries(patterns).find(([pattern]) => expressionOf(pattern).test(module))?.[1];
}

/**
 * What a module's update is multiplied by.
 *
 *     s = α / r, or α / √r when rank-stabilised
 *
 * Source   Hu et al. 2021, LoRA, §4.1; Kalajdzievski 2023, rank-stabilised LoRA
 */
export function scalingOf(config: AdapterConfig, module: string): number {
  const { rank, alpha } = ranksOf(config, module);
  return alpha / (config.rankStabilized ? Math.sqrt(rank) : rank);
}
