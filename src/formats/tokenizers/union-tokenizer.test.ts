import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadTokenizer } from "./load-tokenizer.ts";
import type { TokenizerJson } from "./tokenizer-files.ts";
import { trainBpe } from "./train-bpe.ts";
import { alignTokenizers, joinTokenizers, readTokenizerJson } from "./union-tokenizer.ts";
import { writeTokenizer } from "./write-tokenizer.ts";

const home = mkdtempSync(join(tmpdir(), "assay-union-"));
afterAll(() => rmSync(home, { recursive: true }));
const trained = (text: string) => trainBpe(Array(8).fill(text), { vocabularySize: 280 });
const [english, other] = [trained("the cat sat on the mat"), trained("das haus und der hund")];

/** Both as a folder that can be loaded. */
function loaded(json: ReturnType<typeof trained>, name: string) {
  writeTokenizer(join(home, name), json, { eos: "<|endoftext|>" });
  return loadTokenizer(join(home, name));
}

test("joinTokenizers() keeps the first one's numbers and adds what the second knows besides", () => {
  const { json, rows, vocabularySize } = joinTokenizers([english, other]);
  const [first, union] = [loaded(english, "first"), loaded(json as never, "union")];

  expect(union.vocabularySize).toBe(vocabularySize);
  for (let id = 0; id < first.vocabularySize; id++) expect(union.tokenOf(id)).toBe(first.tokenOf(id));
  expect(rows[0]!.filter((row) => row >= 0)).toHaveLength(first.vocabularySize);
  expect(rows[1]!.filter((row) => row >= 0)).toHaveLength(Object.keys(other.model.vocab as object).length);
});

test("joinTokenizers() writes both texts with their own pieces, and gives them back", () => {
  const union = loaded(joinTokenizers([english, other]).json as never, "both");

  for (const text of ["the cat sat on the mat", "das haus und der hund"]) {
    expect(union.decode(union.encode(text))).toBe(text);
    expect(union.encode(text).length).toBeLessThan(text.length);
  }
});

test("joinTokenizers() points every token at the row that its model has for it", () => {
  const { rows } = joinTokenizers([english, other]);
  const [union, second] = [loaded(joinTokenizers([english, other]).json as never, "rows"), loaded(other, "second")];

  for (const [id, row] of rows[1]!.entries()) if (row >= 0) expect(second.tokenOf(row)).toBe(union.tokenOf(id));
});

test("alignTokenizers() keeps one vocabulary, and says which of its tokens another model lacks", () => {
  const { json, rows, vocabularySize } = alignTokenizers([english, other]);

  expect(json).toBe(english);
  expect([...rows[0]!]).toEqual(Array.from({ length: vocabularySize }, (_, id) => id));
  expect(rows[1]!.some((row) => row === -1)).toBe(true);
});

test("joinTokenizers() refuses tokenizers that cut texts differently", () => {
  const words = trainBpe(Array(8).fill("the cat"), { vocabularySize: 270, words: "marks" });

  expect(() => joinTokenizers([english, words])).toThrow(/Expected tokenizers with one pre_tokenizer, got two/);
  const unigram = { ...english, model: { ...english.model, type: "Unigram" } };
  expect(() => joinTokenizers([english, unigram])).toThrow(/Expected byte-pair tokenizers, got BPE and Unigram/);
});

test("readTokenizerJson() asks for the file", () => {
  expect(() => readTokenizerJson(home)).toThrow(/Expected tokenizer.json/);
});

type Merges = readonly (string | readonly [string, string])[];
const bpe = (vocab: Readonly<Record<string, number>>, merges: Merges): TokenizerJson => ({
  model: { type: "BPE", vocab, merges },
});

test("joinTokenizers() and alignTokenizers() take vocabularies of today's sizes", () => {
  const large = bpe(Object.fromEntries(Array.from({ length: 260_000 }, (_, id) => [`t${id}`, id])), []);

  const { vocabularySize, rows } = joinTokenizers([large, bpe({ t7: 0, new: 1 }, [])]);

  expect([vocabularySize, rows[1]![7], rows[1]![260_000]]).toEqual([260_001, 0, 1]);
  expect(alignTokenizers([large]).vocabularySize).toBe(260_000);
});

test("joinTokenizers() keeps merges whose tokens hold spaces, and joins both ways of writing them", () => {
  const pairs = bpe({ "a b": 0, c: 1, "a bc": 2 }, [["a b", "c"]]);
  const texts = bpe({ x: 0, y: 1, xy: 2 }, ["x y"]);

  expect(joinTokenizers([pairs, texts]).json.model.merges).toEqual([
    ["a b", "c"],
    ["x", "y"],
  ]);
  expect(joinTokenizers([texts, pairs]).json.model.merges).toEqual([
    ["x", "y"],
    ["a b", "c"],
  ]);
  expect(joinTokenizers([texts, bpe({ x: 0, y: 1, xy: 2 }, [["x", "y"]])]).json.model.merges).toEqual(["x y"]);
});
