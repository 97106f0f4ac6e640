import { join } from "node:path";
import { AssayError } from "#base";
import { firstFile } from "../files/text-file.ts";
import { readSentencePiece } from "../sentencepiece/sentencepiece-tokenizer.ts";
import { HuggingFaceTokenizer } from "./hugging-face.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { gpt2TokenizerJson, readJsonObject, readTokenizerConfig, type TokenizerJson } from "./tokenizer-files.ts";

const sentencePieceNames = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"];

/**
 * The tokenizer of a Hugging Face folder: `tokenizer.json`, else a sentencepiece model, else GPT-2's `vocab.json` and
 * `merges.txt`.
 *
 * @throws AssayError TOKENIZER_MISSING, TOKENIZER_INVALID, TOKENIZER_UNSUPPORTED, SENTENCEPIECE_INVALID
 * @example loadTokenizer("./folder").encode("Hello world")
 */
export function loadTokenizer(folder: string): Tokenizer {
  const config = readTokenizerConfig(folder);
  const json = firstFile([join(folder, "tokenizer.json")]);
  if (json !== undefined) return new HuggingFaceTokenizer(tokenizerJson(json), config, json);
  const model = firstFile(sentencePieceNames.map((name) => join(folder, name)));
  if (model !== undefined) {
    return readSentencePiece(model, { addBegin: config.add_bos_token ?? false, addEnd: config.add_eos_token ?? false });
  }
  const [vocabulary, merges] = [join(folder, "vocab.json"), join(folder, "merges.txt")];
  if (firstFile([vocabulary]) && firstFile([merges])) {
    return new HuggingFaceTokenizer(gpt2TokenizerJson(vocabulary, merges), config, vocabulary);
  }
  const expected = `Expected tokenizer.json, ${sentencePieceNames.join(", ")}, or vocab.json with merges.txt in ${folder}`;
  throw new AssayError("TOKENIZER_MISSING", `tokenizer: ${expected}, found none`);
}

function tokenizerJson(path: string): TokenizerJson {
  const json = readJsonObject(path);
  const model = json.model;
  if (typeof model === "object" && model !== null && "vocab" in model) return json as unknown as TokenizerJson;
  throw new AssayError("TOKENIZER_INVALID", `tokenizer: Expected a model with a vocabulary in ${path}, got none`);
}
