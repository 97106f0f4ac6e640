import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "#base";
import { writeAtomically } from "../files/draft-file.ts";
import type { TokenizerJson } from "./tokenizer-files.ts";

/** What a tokenizer's folder says besides the tokenizer: which token is which, how chats are written. */
export interface WriteTokenizerOptions {
  readonly bos?: string;
  readonly eos?: string;
  readonly unk?: string;
  readonly pad?: string;
  readonly chatTemplate?: string;
  /** The longest input of the model that it belongs to. */
  readonly contextLength?: number;
}

/**
 * Writes `tokenizer.json` and `tokenizer_config.json`, which every Hugging Face library reads.
 *
 * @throws UsageError TOKEN_UNKNOWN when a named token is not in the vocabulary
 */
export function writeTokenizer(folder: string, json: TokenizerJson, options: WriteTokenizerOptions = {}): void {
  const { bos, eos, unk, pad, chatTemplate, contextLength } = options;
  const known = new Set([
    ...Object.keys(json.model.vocab as object),
    ...(json.added_tokens ?? []).map(({ content }) => content),
  ]);
  const unknown = [bos, eos, unk, pad].find((token) => token !== undefined && !known.has(token));
  if (unknown !== undefined) {
    throw new UsageError(
      "TOKEN_UNKNOWN",
      `writeTokenizer: Expected special tokens of the vocabulary, got ${JSON.stringify(unknown)}`,
    );
  }
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    clean_up_tokenization_spaces: false,
    bos_token: bos,
    eos_token: eos,
    unk_token: unk,
    pad_token: pad,
    model_max_length: contextLength,
    chat_template: chatTemplate,
  };
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, "tokenizer.json"), json);
  writeJson(join(folder, "tokenizer_config.json"), config);
}

function writeJson(path: string, value: unknown): void {
  writeAtomically(path, (append) => append(Buffer.from(`${JSON.stringify(value, null, 2)}\n`)));
}
