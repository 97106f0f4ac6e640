import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AssayError } from "#base";
import { readSentencePiece, type Tokenizer } from "#formats";
import golden from "../golden/formats/sentencepiece.golden.json" with { type: "json" };
import { expectSpans } from "./golden-spans.ts";
import { scratchFolder } from "./scratch-folder.ts";

const bytesOf = (name: string): Buffer =>
  gunzipSync(Buffer.from(golden.cases.find((made) => made.name === name)!.model, "base64"));

function read(bytes: Uint8Array, options = {}): Tokenizer {
  const path = join(scratchFolder(), "tokenizer.model");
  writeFileSync(path, bytes);
  return readSentencePiece(path, options);
}

test.each(golden.cases)(
  "readSentencePiece() gives the numbers of Python's sentencepiece: $name",
  ({ name, pieces, samples }) => {
    const tokenizer = read(bytesOf(name));

    expect(tokenizer.vocabularySize).toBe(pieces);
    for (const { text, ids, decoded } of samples) {
      expect(tokenizer.encode(text), text).toEqual(ids);
      expect(tokenizer.decode(ids), text).toBe(decoded);
    }
  },
);

test.each(golden.cases)("readSentencePiece() places pieces as Python's sentencepiece: $name", ({ name, samples }) => {
  const tokenizer = read(bytesOf(name));

  for (const { text, offsets } of samples) expectSpans(text, tokenizer.spans(text), offsets);
});

test("readSentencePiece() gives the same numbers with and without places, for any text", () => {
  const tokenizers = golden.cases.map(({ name }) => read(bytesOf(name)));
  const units = fc.array(fc.nat(0xffff), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes));

  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme" }), units), fc.constantFrom(...tokenizers), (text, tokenizer) => {
      const spans = tokenizer.spans(text);
      expect(spans.map(({ id }) => id)).toEqual(tokenizer.encode(text));
      expect(spans.every(({ start, end }) => start >= 0 && start <= end && end <= text.length)).toBe(true);
    }),
  );
});

test("readSentencePiece() adds the tokens around a text when it is told to", () => {
  const tokenizer = read(bytesOf("bpeLlama"), { addBegin: true, addEnd: true });

  const ids = tokenizer.encode("cat");
  expect([ids[0], ids.at(-1)]).toEqual([tokenizer.specials.begin, tokenizer.specials.end]);
  expect(tokenizer.encode("cat", { special: false })).toEqual(ids.slice(1, -1));
  expect(tokenizer.decode(ids)).toBe("<s> cat</s>");
  expect(tokenizer.decode(ids, { skipSpecial: true })).toBe("cat");
  expect(tokenizer.idOf(tokenizer.tokenOf(7)!)).toBe(7);
});

test("readSentencePiece() refuses a model that is cut short, wherever it is cut", () => {
  const whole = bytesOf("char");

  for (let length = 0; length < whole.length; length += 97) {
    try {
      read(whole.subarray(0, length)); // cut between two fields it may still be a model
    } catch (error) {
      expect(error).toBeInstanceOf(AssayError);
    }
  }
  expect(() => read(whole.subarray(0, 100))).toThrow(AssayError);
  expect(() => read(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow(
    "4294967295 bytes announced where 0 remain",
  );
  expect(() => read(new Uint8Array())).toThrow("no pieces");
  expect(() => read(Buffer.from([0x0b]))).toThrow("wire type 3");
  expect(() => read(new Uint8Array(30).fill(0xff))).toThrow("more than ten bytes");
});

test("readSentencePiece() answers any bytes with a tokenizer or an AssayError", () => {
  const whole = bytesOf("unigramBytes");
  const folder = scratchFolder();
  const path = join(folder, "tokenizer.model");
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });

  fc.assert(
    fc.property(
      fc.oneof(fc.array(change, { minLength: 1, maxLength: 4 }), fc.uint8Array({ maxLength: 64 })),
      (input) => {
        const bytes = input instanceof Uint8Array ? input : Buffer.from(whole);
        if (!(input instanceof Uint8Array)) for (const { at, byte } of input) bytes[at] = byte;
        writeFileSync(path, bytes);
        try {
          readSentencePiece(path).encode("the cat 🐈 é");
        } catch (error) {
          expect(error).toBeInstanceOf(AssayError);
        }
      },
    ),
    { numRuns: 200 },
  );
});
