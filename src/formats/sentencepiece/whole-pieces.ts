import type { SentencePieceModel } from "./model-file.ts";
import type { Segmenter } from "./segment.ts";

/** A model of single characters. */
export function charSegmenter(model: SentencePieceModel): Segmenter {
  return byPattern(model, /./gsu);
}

/** A model of words between spaces. */
export function wordSegmenter(model: SentencePieceModel): Segmenter {
  return byPattern(model, model.whitespaceAsSuffix ? /[^\u2581]*\u2581?/gu : /\u2581?[^\u2581]*/gu);
}

function byPattern({ pieces }: SentencePieceModel, pattern: RegExp): Segmenter {
  const ids = new Map(
    pieces.flatMap(({ kind, text }, id) => (kind === "normal" || kind === "user-defined" ? [[text, id]] : [])),
  );
  const unknown = pieces.findIndex(({ kind }) => kind === "unknown");
  return (text) =>
    [...text.matchAll(pattern)]
      .filter(([part]) => part !== "")
      .map(({ index, 0: part }) => ({ start: index, end: index + part.length, id: ids.get(part) ?? unknown }));
}
