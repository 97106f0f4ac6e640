import type { Piece, SentencePieceModel } from "./model-file.ts";

/** What decoding needs. */
export interface Decoding {
  readonly model: SentencePieceModel;
  /** How a control piece is written. */
  shown(piece: Piece): string;
}

/**
 * Pieces back to text.
 *
 * Source   sentencepiece, src/sentencepiece_processor.cc, SentencePieceProcessor::Decode
 */
export function decodePieces(ids: Iterable<number>, { model, shown }: Decoding): string {
  const { addDummyPrefix, removeExtraWhitespaces } = model.normalizer;
  let text = "";
  let bytes: number[] = [];
  let strips = addDummyPrefix || removeExtraWhitespaces;
  const flush = () => {
    text += textOfBytes(Uint8Array.from(bytes));
    bytes = [];
  };
  for (const id of ids) {
    const piece = model.pieces[id];
    if (piece === undefined) continue;
    if (piece.kind === "byte") {
      bytes.push(Number.parseInt(piece.text.slice(3, 5), 16));
      continue;
    }
    flush();
    const isMeant = piece.kind === "control" || piece.kind === "unknown";
    const surface =
      piece.kind === "unknown" ? model.unknownSurface : isMeant ? shown(piece) : piece.text.replaceAll("\u2581", " ");
    const stripped = strips && text === "" && !isMeant && surface.startsWith(" ");
    text += stripped ? surface.slice(1) : surface;
    if (stripped && !removeExtraWhitespaces) strips = false;
  }
  flush();
  return text;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Each byte that belongs to no whole character becomes a U+FFFD of its own; Node makes one of several. */
function textOfBytes(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = characterBytes(bytes[at]!);
    try {
      text += strict.decode(bytes.subarray(at, at + length));
      at += length;
    } catch {
      text += "\uFFFD";
      at += 1;
    }
  }
  return text;
}

/** How many bytes a character has that begins with this one. */
const characterBytes = (first: number): number => (first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
