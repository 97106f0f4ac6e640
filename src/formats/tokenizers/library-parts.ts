import { Tokenizer as Library } from "@huggingface/tokenizers";
import { AssayError } from "#base";
import { mendDecoder, mendPreTokenizer } from "./mended.ts";
import type { TokenizerConfig, TokenizerJson } from "./tokenizer-files.ts";

/** What the library makes of a file; its types promise more than its constructor keeps. */
export interface LibraryParts {
  readonly pre_tokenizer: ((text: string, options: { section_index: number }) => string[]) | null;
  readonly model: ((pieces: string[]) => string[]) & ModelTables;
  readonly post_processor: ((tokens: string[], pair: null, special: boolean) => { tokens: string[] }) | null;
  readonly decoder: unknown;
  decode(ids: number[], options: object): string;
}

/** A model's vocabulary, both ways. */
export interface ModelTables {
  readonly vocab: readonly (string | undefined)[];
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly unk_token_id: number | undefined;
}

/** Has the library read a file, its normaliser apart, which is ours. @throws AssayError TOKENIZER_UNSUPPORTED */
export function libraryParts(json: TokenizerJson, config: TokenizerConfig, path: string): LibraryParts {
  const absent = { added_tokens: [], pre_tokenizer: null, post_processor: null, decoder: null };
  try {
    const parts = new Library({ ...absent, ...json, normalizer: null }, config) as unknown as LibraryParts;
    mendPreTokenizer(parts.pre_tokenizer);
    mendDecoder(parts.decoder);
    return parts;
  } catch (cause) {
    const claim = `Expected a tokenizer.json that @huggingface/tokenizers reads at ${path}, got "${(cause as Error).message}"`;
    throw new AssayError("TOKENIZER_UNSUPPORTED", `tokenizer: ${claim}`, { cause });
  }
}

/** What the post-processor puts around a text, learnt by showing it one token that no vocabulary has. */
export function surroundings({ post_processor: surround }: LibraryParts): { before: string[]; after: string[] } {
  const mark = "\0text\0";
  const tokens = surround === null ? [mark] : surround([mark], null, true).tokens;
  const at = tokens.indexOf(mark);
  return { before: tokens.slice(0, at), after: tokens.slice(at + 1) };
}
