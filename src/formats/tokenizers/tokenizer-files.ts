import { join } from "node:path";
import { AssayError } from "#base";
import { firstFile, readTextFile } from "../files/text-file.ts";
import type { AddedToken } from "./added-tokens.ts";
import type { NormalizerConfig } from "./normalizers.ts";

/** `tokenizer.json`, as far as the lab looks into it. */
export interface TokenizerJson {
  readonly version?: string;
  readonly truncation?: unknown;
  readonly padding?: unknown;
  readonly added_tokens?: readonly AddedToken[];
  readonly normalizer?: NormalizerConfig | null;
  readonly pre_tokenizer?: unknown;
  readonly post_processor?: unknown;
  readonly decoder?: unknown;
  readonly model: {
    readonly type?: string;
    readonly vocab: unknown;
    readonly unk_token?: string | null;
    readonly fuse_unk?: boolean;
    readonly byte_fallback?: boolean;
    readonly continuing_subword_prefix?: string | null;
    readonly end_of_word_suffix?: string | null;
    readonly [key: string]: unknown;
  };
}

/** A special token in `tokenizer_config.json`: its text, or an object that holds it. */
export type NamedToken = string | null | { readonly content: string };

/** `tokenizer_config.json`, as far as the lab looks into it. */
export interface TokenizerConfig {
  readonly bos_token?: NamedToken;
  readonly eos_token?: NamedToken;
  readonly unk_token?: NamedToken;
  readonly pad_token?: NamedToken;
  readonly sep_token?: NamedToken;
  readonly cls_token?: NamedToken;
  readonly mask_token?: NamedToken;
  readonly add_bos_token?: boolean;
  readonly add_eos_token?: boolean;
  readonly clean_up_tokenization_spaces?: boolean;
  readonly chat_template?: unknown;
  readonly [key: string]: unknown;
}

/** The text of a token, however the configuration writes it. */
export function textOf(token: NamedToken | undefined): string | undefined {
  return typeof token === "string" ? token : (token?.content ?? undefined);
}

/** Reads a JSON object. @throws AssayError FILE_MISSING, TOKENIZER_INVALID */
export function readJsonObject(path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(readTextFile(path));
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw new AssayError(
      "TOKENIZER_INVALID",
      `tokenizer: Expected JSON at ${path}, got "${(cause as Error).message}"`,
      { cause },
    );
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new AssayError("TOKENIZER_INVALID", `tokenizer: Expected an object at ${path}, got another value`);
}

/** The configuration beside a tokenizer; special tokens may stand in a file of their own. */
export function readTokenizerConfig(folder: string): TokenizerConfig {
  const parts = ["special_tokens_map.json", "tokenizer_config.json"]
    .map((name) => firstFile([join(folder, name)]))
    .filter((path) => path !== undefined);
  return Object.assign({}, ...parts.map(readJsonObject)) as TokenizerConfig;
}

/** GPT-2's own two files, before there was one. Deviation: none, this is what transformers makes of them. */
export function gpt2TokenizerJson(vocabularyPath: string, mergesPath: string): TokenizerJson {
  const vocab = readJsonObject(vocabularyPath) as Readonly<Record<string, number>>;
  const lines = readTextFile(mergesPath).split(/\r?\n/u);
  const merges = lines.filter((line, at) => line !== "" && !(at === 0 && line.startsWith("#version")));
  const end = "<|endoftext|>";
  const id = vocab[end];
  return {
    added_tokens: id === undefined ? [] : [{ id, content: end, special: true, normalized: true }],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: "BPE", vocab, merges, unk_token: null, fuse_unk: false, byte_fallback: false },
  };
}
