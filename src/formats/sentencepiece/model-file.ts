import { AssayError } from "#base";
import { bytesAt } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { type WireField, wireFields } from "./wire.ts";

/** What a piece is for. */
export type PieceKind = "normal" | "unknown" | "control" | "user-defined" | "unused" | "byte";

export interface Piece {
  readonly text: string;
  readonly score: number;
  readonly kind: PieceKind;
}

/** How text is made ready. */
export interface NormalizerSpec {
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
}

/** A sentencepiece model: all that segmentation needs of its file. */
export interface SentencePieceModel {
  readonly path: string;
  readonly pieces: readonly Piece[];
  readonly algorithm: "unigram" | "bpe" | "word" | "char";
  readonly byteFallback: boolean;
  readonly whitespaceAsSuffix: boolean;
  readonly unknownSurface: string;
  readonly normalizer: NormalizerSpec;
}

/** The largest published vocabularies take 5 MB. */
const largestModel = 2 ** 28;

/** @throws AssayError PROTOBUF_INVALID, SENTENCEPIECE_INVALID, FILE_MISSING */
export function readSentencePieceModel(path: string): SentencePieceModel {
  const file = new RangedFile(path);
  try {
    if (file.size > largestModel) throw fault(path, `a file of ${file.size} bytes`);
    return parseSentencePieceModel(bytesAt(file, 0, file.size), path);
  } finally {
    file.close();
  }
}

/**
 * Parses the bytes of a model.
 *
 * Source   sentencepiece, src/sentencepiece_model.proto
 */
export function parseSentencePieceModel(bytes: Uint8Array, path: string): SentencePieceModel {
  const pieces: Piece[] = [];
  let trainer: ReadonlyMap<number, WireField> = new Map();
  let normalizer: ReadonlyMap<number, WireField> = new Map();
  for (const entry of wireFields(bytes, path)) {
    if (entry.field === 1) pieces.push(pieceOf(fieldsOf(entry, path), path));
    if (entry.field === 2) trainer = fieldsOf(entry, path);
    if (entry.field === 3) normalizer = fieldsOf(entry, path);
  }
  const model = {
    path,
    pieces,
    algorithm: algorithms[integerOf(trainer.get(3)) ?? 1] ?? fail(path, "an unknown kind of model"),
    byteFallback: flagOf(trainer.get(35), false),
    whitespaceAsSuffix: flagOf(trainer.get(24), false),
    unknownSurface: textOf(trainer.get(44), path) ?? " \u2047 ",
    normalizer: {
      charsmap: bytesOf(normalizer.get(2)) ?? new Uint8Array(),
      addDummyPrefix: flagOf(normalizer.get(3), true),
      removeExtraWhitespaces: flagOf(normalizer.get(4), true),
      escapeWhitespaces: flagOf(normalizer.get(5), true),
    },
  };
  checkPieces(model);
  return model;
}

const algorithms: Readonly<Record<number, SentencePieceModel["algorithm"]>> = {
  1: "unigram",
  2: "bpe",
  3: "word",
  4: "char",
};
const kinds: Readonly<Record<number, PieceKind>> = {
  1: "normal",
  2: "unknown",
  3: "control",
  4: "user-defined",
  5: "unused",
  6: "byte",
};

/** A message inside a message; of a field given twice the last counts, as in every reader. */
function fieldsOf(entry: WireField, path: string): ReadonlyMap<number, WireField> {
  if (entry.kind !== "bytes") throw fault(path, `a number in field ${entry.field}`);
  return new Map(wireFields(entry.value, path).map((inner) => [inner.field, inner]));
}

function pieceOf(fields: ReadonlyMap<number, WireField>, path: string): Piece {
  const score = fields.get(2);
  const view = score?.kind === "fixed32" ? new DataView(score.value.buffer, score.value.byteOffset, 4) : undefined;
  return {
    text: textOf(fields.get(1), path) ?? "",
    score: view?.getFloat32(0, true) ?? 0,
    kind: kinds[integerOf(fields.get(3)) ?? 1] ?? fail(path, "an unknown kind of piece"),
  };
}

const integerOf = (field: WireField | undefined): number | undefined =>
  field?.kind === "integer" ? Number(field.value) : undefined;

const flagOf = (field: WireField | undefined, absent: boolean): boolean =>
  field?.kind === "integer" ? field.value !== 0n : absent;

const bytesOf = (field: WireField | undefined): Uint8Array | undefined =>
  field?.kind === "bytes" ? field.value : undefined;

function textOf(field: WireField | undefined, path: string): string | undefined {
  const bytes = bytesOf(field);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fault(path, "text that is no UTF-8");
  }
}

function checkPieces({ path, pieces, byteFallback }: SentencePieceModel): void {
  if (pieces.length === 0) throw fault(path, "no pieces");
  const unknown = pieces.filter(({ kind }) => kind === "unknown").length;
  if (unknown !== 1) throw fault(path, `${unknown} unknown pieces`);
  const bytes = pieces.filter(({ kind }) => kind === "byte").length;
  if (byteFallback && bytes !== 256) throw fault(path, `${bytes} pieces for the 256 bytes`);
  const empty = pieces.findIndex(({ text, score }) => text === "" || Number.isNaN(score));
  if (empty >= 0) throw fault(path, `an empty piece, or one without a score, as number ${empty}`);
}

function fail(path: string, got: string): never {
  throw fault(path, got);
}

const fault = (path: string, got: string): AssayError =>
  new AssayError("SENTENCEPIECE_INVALID", `sentencepiece: Expected a model at ${path}, got ${got}`);
