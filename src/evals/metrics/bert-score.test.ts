import { expect, test } from "vitest";
import { readBertBaseline } from "./bert-baseline.ts";
import { bertScore, bertScoreLayer, bertScoreSignature, type VectorEncoder } from "./bert-score.ts";

/** Letters on a circle: `a` and `b` at a right angle, `c` between them; 0 stands around every text. */
const angles: Readonly<Record<string, number>> = { a: 0, b: Math.PI / 2, c: Math.PI / 4 };
const ids = (text: string): number[] => [0, ...[...text].map((letter) => letter.charCodeAt(0)), 0];
const encoder: VectorEncoder = {
  name: "circle/letters",
  layer: 1,
  width: 2,
  edges: new Set([0, 1]),
  ids,
  encode: async (text) => ({
    ids: ids(text),
    vectors: Float32Array.from(
      ids(text).flatMap((id) => {
        const angle = angles[String.fromCharCode(id)] ?? Math.PI;
        return [2 * Math.cos(angle), 2 * Math.sin(angle)];
      }),
    ),
  }),
};

test("bertScore() takes each token's nearest one, by hand", async () => {
  const { perSample, precision, recall, n } = await bertScore([{ candidate: "aa", reference: "ac" }], { encoder });

  // Both tokens of the candidate find an a; of the reference, c is 45° away from an a.
  expect(precision).toBeCloseTo(1, 6);
  expect(recall).toBeCloseTo((1 + Math.SQRT1_2) / 2, 6);
  expect(perSample[0]).toBeCloseTo((2 * 0.853553) / 1.853553, 5);
  expect(n).toBe(1);
});

test("bertScore() weighs rare tokens more with idf", async () => {
  const pairs = [
    { candidate: "a", reference: "ab" },
    { candidate: "a", reference: "a" },
  ];

  const { perSample } = await bertScore([...pairs], { encoder, idf: true });

  // a is in both references and weighs log(3/3) = 0; b weighs log(3/2) and is missed; the precision has no weight at all.
  expect(perSample).toEqual([0, 0]);
});

test("bertScore() of an empty text is 0, and of nothing null", async () => {
  const { perSample } = await bertScore([{ candidate: "", reference: "a" }], { encoder });

  expect(perSample).toEqual([0]);
  expect(await bertScore([], { encoder })).toMatchObject({ value: null, n: 0, perSample: [] });
});

test("bertScore() rescales by a baseline and takes the best reference", async () => {
  const baseline = { precision: 0.5, recall: 0.5, f1: 0.5 };
  const pairs = [{ candidate: "a", reference: ["b", "a"] }];

  const { value, signature } = await bertScore(pairs, { encoder, baseline });

  expect(value).toBeCloseTo(1, 6);
  expect(signature).toBe("bertscore|encoder:letters|layer:1|idf:no|rescaled:yes|scale:1|assay:1");
  expect(bertScoreSignature({ encoder, idf: true })).toContain("idf:yes|rescaled:no");
});

test("readBertBaseline() finds a layer's line", () => {
  const text = "LAYER,P,R,F\n0,0.1,0.2,0.3\n17,0.83,0.83,0.831\n";

  expect(readBertBaseline(text, { layer: 17, file: "x.tsv" })).toEqual({ precision: 0.83, recall: 0.83, f1: 0.831 });
  expect(() => readBertBaseline(text, { layer: 3, file: "x.tsv" })).toThrow(/x.tsv: Expected a line "3,P,R,F"/);
});

test("bertScoreLayer() knows the package's choices by a folder's name", () => {
  expect(
    ["hf:FacebookAI/roberta-large", "./roberta-large/", "bert-base-uncased@main", "mine"].map(bertScoreLayer),
  ).toEqual([...[17, 17, 9, undefined]]);
});
