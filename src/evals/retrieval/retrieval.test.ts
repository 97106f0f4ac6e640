import fc from "fast-check";
import { expect, test } from "vitest";
import { bm25, bm25Signature } from "./bm25.ts";
import { pathDistance } from "./path-distance.ts";
import { ranked } from "./ranked.ts";
import { readRanking } from "./read-ranking.ts";
import { tfIdf } from "./tf-idf.ts";
import { instructionWords, nameWords, plainWords } from "./words.ts";

const words = fc.array(fc.constantFrom("a", "b", "c", "d", "constructor", "__proto__"), { maxLength: 6 });
const documents = fc.array(words, { minLength: 1, maxLength: 12 });

test("bm25() gives each word its Okapi weight, and a word of most documents a share of the average", () => {
  const scores = bm25([["a", "b"], ["a"], ["a", "c", "c"], ["d"], ["d", "e"]]).scores(["c", "c", "nowhere"]);

  const idf = Math.log(5 - 1 + 0.5) - Math.log(1 + 0.5);
  const meanLength = 9 / 5;
  const weight = (2 * 2.5) / (2 + 1.5 * (0.25 + (0.75 * 3) / meanLength));
  expect([...scores]).toEqual([0, 0, expect.closeTo(2 * idf * weight, 12), 0, 0]);
});

test("bm25() of a query is the sum over its words, whatever their order", () => {
  fc.assert(
    fc.property(documents, words, (list, query) => {
      const index = bm25(list);
      const parts = query.map((word) => index.scores([word]));

      const [whole, turned] = [index.scores(query), index.scores(query.toReversed())];

      for (const [at, score] of whole.entries()) {
        expect(score).toBeCloseTo(
          parts.reduce((total, part) => total + part[at]!, 0),
          9,
        );
        expect(turned[at]).toBeCloseTo(score, 9);
      }
    }),
  );
});

test("bm25() takes documents without words, refuses no documents, and names its constants", () => {
  expect([...bm25([[], []]).scores(["a"])]).toEqual([0, 0]);
  expect(() => bm25([])).toThrow("bm25: Expected at least one document, got none");
  expect(bm25Signature()).toBe("bm25|variant:okapi|k1:1.5|b:0.75|epsilon:0.25|ties:higher-index|assay:1");
});

test("ranked() orders by falling score and breaks ties by the higher index", () => {
  expect(ranked([1, 3, 3, 0, 1])).toEqual([2, 1, 4, 0, 3]);
  expect(ranked([1, 3, 3, 0, 1], 2)).toEqual([2, 1]);
  expect(ranked([])).toEqual([]);
});

test("tfIdf() is one for the query's own words, zero for none of them, and never outside", () => {
  expect([...tfIdf(["a", "b"], [["b", "a"], ["c"], []])]).toEqual([expect.closeTo(1, 12), 0, 0]);
  fc.assert(
    fc.property(documents, words, (list, query) => {
      for (const score of tfIdf(query, list)) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + 1e-12);
      }
    }),
  );
});

test("tfIdf() takes a document of more words than a function has arguments", () => {
  const many = Array.from({ length: 200_000 }, (_, at) => `w${at}`);

  expect(tfIdf(["w7"], [many])[0]).toBeGreaterThan(0);
});

test("pathDistance() counts the folders between two files", () => {
  expect(pathDistance("src/a.py", "src/b.py")).toBe(0);
  expect(pathDistance("src/a.py", "src/x/y/b.py")).toBe(2);
  expect(pathDistance("src/one/a.py", "test/b.py")).toBe(3);
  expect(pathDistance("src/ab.py", "src/a/b.py")).toBe(1);
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(pathDistance(a, b)).toBe(pathDistance(b, a));
    }),
  );
});

test("nameWords() cuts at underscores and at changes of case", () => {
  expect(nameWords("__getHTTPServer_v2Name__")).toEqual(["get", "http", "server", "v2name"]);
  expect(nameWords("EBGPLayer")).toEqual(["ebgp", "layer"]);
  expect(nameWords("___")).toEqual([]);
});

test("instructionWords() drops what is no letter, digit or space, and so glues words around a line end", () => {
  expect(instructionWords("Use `foo_bar`:\nnow,  ok")).toEqual(["use", "foobarnow", "", "ok"]);
});

test("plainWords() are runs of letters, marks and digits in lower case", () => {
  expect(plainWords("Hello, naïve World-2!\n_x")).toEqual(["hello", "naïve", "world", "2", "x"]);
});

test("readRanking() cuts names and texts each in their way, and takes lists of words as they are", () => {
  const read = (value: unknown) => readRanking(JSON.stringify(value), { file: "q.json" });

  expect(read({ query: "Add host", documents: ["addHost", "x_y"] })).toEqual({
    query: ["add", "host"],
    documents: [
      ["add", "host"],
      ["x", "y"],
    ],
    tokenizer: "api-names",
  });
  expect(read({ query: "It rains!", documents: ["it's raining", "no"] }).tokenizer).toBe("words");
  expect(read({ query: "a", documents: ["a b"], tokenizer: "api-names" }).documents).toEqual([["a b"]]);
  expect(read({ query: ["Q"], documents: [["D"], []] })).toEqual({
    query: ["Q"],
    documents: [["D"], []],
    tokenizer: "given",
  });
});

test.each([
  ["[", "q.json: Expected one JSON object"],
  ["7", "q.json: Expected one JSON object"],
  ['{"query": "a"}', 'Expected "documents" to be a list'],
  ['{"query": "a", "documents": []}', 'Expected "documents" to be a list with at least one entry'],
  ['{"query": "a", "documents": [["b"]]}', "to be texts, or all of them to be lists of words"],
  ['{"query": 1, "documents": ["b"]}', "to be texts"],
  [
    '{"query": "a", "documents": ["b"], "tokenizer": "bpe"}',
    'Expected "tokenizer" to be "api-names" or "words", got "bpe"',
  ],
])("readRanking() says what is wrong with %s", (text, message) => {
  expect(() => readRanking(text, { file: "q.json" })).toThrow(message);
});
