import { expect, test } from "vitest";
import { decodePieces } from "./decode.ts";
import type { SentencePieceModel } from "./model-file.ts";

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, "0");

const model: SentencePieceModel = {
  path: "x",
  pieces: Array.from({ length: 256 }, (_, byte) => ({ text: `<0x${hex(byte)}>`, score: 0, kind: "byte" })),
  algorithm: "bpe",
  byteFallback: true,
  whitespaceAsSuffix: false,
  unknownSurface: " \u2047 ",
  normalizer: {
    charsmap: new Uint8Array(),
    addDummyPrefix: true,
    removeExtraWhitespaces: true,
    escapeWhitespaces: true,
  },
};

/** As sentencepiece 0.2.3 decodes them. */
test.each([
  [[0xe4, 0xbd, 0xa0], "\u4f60"],
  [[0xe4, 0xbd], "\ufffd\ufffd"],
  [[0xf0, 0x9f, 0x98], "\ufffd\ufffd\ufffd"],
  [[0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
  [[0xff, 0x41], "\ufffdA"],
  [[0xc0, 0x80], "\ufffd\ufffd"],
  [[0xe4, 0x41], "\ufffdA"],
  [[0xf4, 0x90, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
])("decodePieces() writes one U+FFFD for each byte of no whole character: %j", (bytes, text) => {
  expect(decodePieces(bytes, { model, shown: () => "" })).toBe(text);
});
