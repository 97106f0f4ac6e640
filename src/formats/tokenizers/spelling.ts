import type { ModelTables } from "./library-parts.ts";
import type { PieceSpelling } from "./piece-units.ts";
import type { TokenSpelling } from "./token-units.ts";
import type { TokenizerJson } from "./tokenizer-files.ts";

/** How the pre-tokenizer's pieces spell the text. */
export function pieceSpelling({ pre_tokenizer: cut }: TokenizerJson): PieceSpelling {
  const described = JSON.stringify(cut ?? null);
  if (described.includes('"ByteLevel"')) return "bytes";
  return described.includes('"Metaspace"') ? "metaspace" : "plain";
}

/** How the model's tokens spell a piece. */
export function spellingOf({ model }: TokenizerJson): TokenSpelling {
  const isWordPiece = model.type === "WordPiece";
  return {
    continuingPrefix: model.continuing_subword_prefix ?? (isWordPiece ? "##" : ""),
    endOfWord: model.end_of_word_suffix ?? "",
    unknown: isWordPiece ? "piece" : model.type === "Unigram" || model.fuse_unk === true ? "run" : "character",
  };
}

/** BPE over a whole text, where no token has a U+2581 behind another character. */
export function areWordsApart(
  { model, pre_tokenizer: cut }: TokenizerJson,
  { vocab, tokens_to_ids }: ModelTables,
): boolean {
  if (model.type !== "BPE" || (cut ?? null) !== null || model.end_of_word_suffix || model.continuing_subword_prefix)
    return false;
  const joins = vocab.some((token) => token !== undefined && /[^\u2581]\u2581/u.test(token));
  return !joins && tokens_to_ids.has("\u2581");
}
