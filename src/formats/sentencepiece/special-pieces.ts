import type { SpecialTokens } from "../tokenizers/tokenizer.ts";
import type { Piece } from "./model-file.ts";

/** The pieces with a meaning of their own, by the names that trainers give them. */
export function specialsOf(pieces: readonly Piece[]): SpecialTokens {
  const named = (name: string, kind: Piece["kind"]) => {
    const id = pieces.findIndex((piece) => piece.kind === kind && piece.text === name);
    return id < 0 ? undefined : id;
  };
  const all = pieces.flatMap(({ kind }, id) => (kind === "control" || kind === "unknown" ? [id] : []));
  const found = {
    begin: named("<s>", "control"),
    end: named("</s>", "control"),
    padding: named("<pad>", "control"),
    unknown: pieces.findIndex(({ kind }) => kind === "unknown"),
  };
  return { ...Object.fromEntries(Object.entries(found).filter(([, id]) => id !== undefined)), all: new Set(all) };
}
