import { AssayError } from "#base";

/** A configuration as a file holds it. */
export type ConfigJson = Readonly<Record<string, unknown>>;

/** Keys that describe a checkpoint or its training and change nothing that is computed. */
const inertKeys = [
  ...["_name_or_path", "architectures", "auto_map", "dtype", "torch_dtype", "transformers_version", "model_type"],
  ...["bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "decoder_start_token_id", "tokenizer_class"],
  ...[
    "use_cache",
    "initializer_range",
    "gradient_checkpointing",
    "is_encoder_decoder",
    "return_dict",
    "unsloth_version",
  ],
  ...["output_attentions", "output_hidden_states", "problem_type", "id2label", "label2id", "task_specific_params"],
  ...["attention_dropout", "hidden_dropout", "classifier_dropout", "embedding_dropout", "residual_dropout"],
  ...["attn_pdrop", "embd_pdrop", "resid_pdrop", "_attn_implementation", "_flash_attn_2_enabled", "torchscript"],
  ...["chunk_size_feed_forward", "use_bfloat16", "tie_encoder_decoder", "pretraining_tp"],
];

type Keys = string | readonly string[];

/**
 * Reads one configuration key by key and keeps count of what it read, so that what nobody asked for can be named.
 * A key that is null counts as absent.
 */
export class ConfigReader {
  readonly #family: string;
  readonly #json: ConfigJson;
  readonly #path: string;
  readonly #file: string;
  readonly #known = new Set<string>();
  readonly #branches: ConfigReader[] = [];

  /** `path` is where the object lies in its file, with a full stop at its end. */
  constructor(family: string, json: ConfigJson, { path = "", file = "config.json" } = {}) {
    this.#family = family;
    this.#json = json;
    this.#path = path;
    this.#file = file;
    if (path === "") this.ignore(...inertKeys);
  }

  /** A whole number above zero. @throws AssayError CONFIG_INVALID */
  count(keys: Keys, fallback?: number): number {
    const value = this.number(keys, fallback);
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw this.#invalid(keys, "a whole number above zero", value);
  }

  /** @throws AssayError CONFIG_INVALID when it is absent without a fallback, or no number */
  number(keys: Keys, fallback?: number): number {
    const value = this.#value(keys) ?? fallback;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.#invalid(keys, "a number", value);
  }

  /** @throws AssayError CONFIG_INVALID */
  flag(keys: Keys, fallback: boolean): boolean {
    const value = this.#value(keys) ?? fallback;
    if (typeof value === "boolean") return value;
    throw this.#invalid(keys, "true or false", value);
  }

  /** What stands for a name in the table. @throws AssayError CONFIG_UNSUPPORTED for a name that is not in it */
  oneOf<T>(keys: Keys, table: Readonly<Record<string, T>>, fallback?: string | number): T {
    const value = this.#value(keys) ?? fallback;
    const isName = typeof value === "string" || typeof value === "number";
    if (isName && Object.hasOwn(table, value)) return table[value]!;
    throw this.#unsupported(keys, value, Object.keys(table));
  }

  /** Height and width, or one number for both. @throws AssayError CONFIG_INVALID */
  extent(keys: Keys, fallback?: number): readonly [height: number, width: number] {
    const value = this.#value(keys) ?? fallback;
    const pair = Array.isArray(value) ? value : [value, value];
    if (pair.length === 2 && pair.every((one) => Number.isSafeInteger(one) && one > 0)) return [pair[0], pair[1]];
    throw this.#invalid(keys, "a whole number above zero, or two of them", value);
  }

  /** A list of finite numbers. @throws AssayError CONFIG_INVALID */
  numbers(keys: Keys, fallback?: readonly number[]): readonly number[] {
    const value = this.#value(keys) ?? fallback;
    const list: unknown[] = [value].flat();
    if (list.length > 0 && list.every((one) => typeof one === "number" && Number.isFinite(one))) {
      return list as number[];
    }
    throw this.#invalid(keys, "a list of numbers", value);
  }

  /** The names of a classifier's classes in order; two where nothing is said, as transformers has it. @throws AssayError CONFIG_INVALID */
  labels(): readonly string[] {
    const named = this.#value("id2label");
    const count = this.count("num_labels", 2);
    this.ignore("label2id");
    if (named === undefined) return Array.from({ length: count }, (_, at) => `LABEL_${at}`);
    const byPlace = this.isObject("id2label") ? (named as ConfigJson) : {};
    const inOrder = Object.keys(byPlace).map((_, at) => byPlace[String(at)]);
    if (inOrder.length > 0 && inOrder.every((label) => typeof label === "string")) return inOrder;
    throw this.#invalid("id2label", "a name for each of 0, 1, 2 …", named);
  }

  /** @throws AssayError CONFIG_INVALID unless one number divides another */
  divides(key: Keys, wholeKey: Keys, { by, whole }: { readonly by: number; readonly whole: number }): void {
    if (whole % by === 0) return;
    throw this.#invalid(key, `a divisor of ${this.#name(wholeKey)}, ${whole},`, by);
  }

  /** Refuses every value that changes the computation in a way that is not implemented. @throws AssayError CONFIG_UNSUPPORTED */
  only(keys: Keys, ...allowed: readonly unknown[]): void {
    const value = this.#value(keys);
    const text = JSON.stringify(value);
    if (value === undefined || allowed.some((one) => JSON.stringify(one) === text)) return;
    throw this.#unsupported(keys, value, allowed);
  }

  /** A reader for an object below a key; undefined when it is absent. @throws AssayError CONFIG_INVALID */
  branch(key: string): ConfigReader | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (typeof value !== "object" || Array.isArray(value)) throw this.#invalid(key, "an object", value);
    const reader = new ConfigReader(this.#family, value as ConfigJson, {
      path: `${this.#path}${key}.`,
      file: this.#file,
    });
    this.#branches.push(reader);
    return reader;
  }

  isObject(key: string): boolean {
    return typeof this.#json[key] === "object" && this.#json[key] !== null && !Array.isArray(this.#json[key]);
  }

  has(key: string): boolean {
    return this.#json[key] !== undefined && this.#json[key] !== null;
  }

  /** Keys that are known to change nothing. */
  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.#known.add(key);
  }

  /** The keys that nobody asked for, by their paths. */
  unknown(): string[] {
    const own = Object.keys(this.#json).filter((key) => !this.#known.has(key));
    return [...own.map((key) => `${this.#path}${key}`), ...this.#branches.flatMap((branch) => branch.unknown())];
  }

  #value(keys: Keys): unknown {
    const names = [keys].flat();
    this.ignore(...names);
    return names.map((name) => this.#json[name]).find((value) => value !== undefined && value !== null);
  }

  #invalid(keys: Keys, expected: string, got: unknown): AssayError {
    const claim = `Expected ${expected} for ${this.#name(keys)}, got ${JSON.stringify(got) ?? "nothing"}`;
    return new AssayError("CONFIG_INVALID", `${this.#family}: ${claim} in ${this.#file}`);
  }

  #unsupported(keys: Keys, got: unknown, known: readonly unknown[]): AssayError {
    const [name, shown] = [this.#name(keys), JSON.stringify(got) ?? "nothing"];
    const claim = `Expected ${known.map((value) => JSON.stringify(value)).join(" or ")} for ${name}, got ${shown}`;
    const reason = "which would change the numbers and is not implemented";
    return new AssayError("CONFIG_UNSUPPORTED", `${this.#family}: ${claim}, ${reason}`, { details: { key: name } });
  }

  #name(keys: Keys): string {
    return [keys]
      .flat()
      .map((key) => `"${this.#path}${key}"`)
      .join(" or ");
  }
}
