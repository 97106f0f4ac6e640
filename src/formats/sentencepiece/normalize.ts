import { type AlignedText, type Edit, rewritten } from "../tokenizers/aligned-text.ts";
import { Charsmap } from "./charsmap.ts";
import type { SentencePieceModel } from "./model-file.ts";
import { PieceTrie } from "./piece-trie.ts";

const space = "\u2581";

/** Makes a text ready for segmentation; what a user defined as a symbol is left alone. */
export type SentencePieceNormalizer = (text: AlignedText) => AlignedText;

/**
 * Rewrites characters, folds white space, adds the dummy prefix and writes spaces as U+2581.
 *
 * Source   sentencepiece, src/normalizer.cc, Normalizer::Normalize
 */
export function sentencePieceNormalizer(model: SentencePieceModel): SentencePieceNormalizer {
  const { charsmap, addDummyPrefix, removeExtraWhitespaces: folds, escapeWhitespaces } = model.normalizer;
  const sign = escapeWhitespaces ? space : " ";
  const rewrites = normalizingEdits(model, charsmap.length > 0 ? new Charsmap(charsmap, model.path) : undefined);
  return (text) => {
    const clean = rewritten(text, rewrites(text.text));
    const folded = folds ? rewritten(clean, extraSpaces(clean.text, sign)) : clean;
    if (folded.text === "") return folded;
    const escaped = rewritten(folded, spacesAs(folded.text, sign));
    if (!addDummyPrefix) return escaped;
    return rewritten(escaped, [{ at: model.whitespaceAsSuffix ? escaped.text.length : 0, length: 0, text: sign }]);
  };
}

function normalizingEdits(model: SentencePieceModel, charsmap: Charsmap | undefined): (text: string) => Edit[] {
  const symbols = new PieceTrie();
  for (const [id, { kind, text }] of model.pieces.entries()) if (kind === "user-defined") symbols.add(text, id);
  return (text) => {
    const edits: Edit[] = [];
    for (let at = 0; at < text.length; ) {
      const symbol = symbols.longest(text, at);
      const match = symbol > 0 ? undefined : charsmap?.match(text, at);
      if (match !== undefined) edits.push({ at, length: match.length, text: match.text });
      at += symbol || (match?.length ?? (text.codePointAt(at)! > 0xffff ? 2 : 1));
    }
    return edits;
  };
}

/** Leading and trailing spaces, and of several in a row all but the first. */
function* extraSpaces(text: string, sign: string): Generator<Edit> {
  let end = text.length;
  while (end > 0 && (text[end - 1] === " " || text[end - 1] === sign)) end--;
  for (const { index, 0: run } of text.matchAll(/ +/gu)) {
    if (index >= end) break;
    const kept = index === 0 ? 0 : 1;
    if (run.length > kept) yield { at: index + kept, length: run.length - kept, text: "" };
  }
  if (end < text.length) yield { at: end, length: text.length - end, text: "" };
}

function* spacesAs(text: string, sign: string): Generator<Edit> {
  for (const { index } of sign === " " ? [] : text.matchAll(/ /gu)) yield { at: index, length: 1, text: sign };
}
