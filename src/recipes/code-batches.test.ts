import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Tensor } from "#base";
import { middleSentinels } from "#corpora";
import { leavesOf } from "#engine";
import { loadTokenizer, trainBpe, writeTokenizer } from "#formats";
import { CodeWindows, middleTokens } from "./code-batches.ts";
import { bitsPerCharacter, charactersOf, middleBits, zstdBitsPerCharacter } from "./code-measures.ts";
import { llamaOf } from "./llama-shape.ts";
import { startWeights } from "./weights.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-recipe-code-"));
afterAll(() => rmSync(folder, { recursive: true }));

const texts = Array.from({ length: 12 }, (_, at) => `const value${at} = ${at};\n`.repeat(30 + at));
const specialTokens = ["<|endoftext|>", ...Object.values(middleSentinels)];
writeTokenizer(folder, trainBpe(texts, { vocabularySize: 300, specialTokens }), { eos: "<|endoftext|>" });
const tokenizer = loadTokenizer(folder);
const options = {
  tokenizer,
  seed: 1,
  length: 64,
  size: 4,
  middleShare: 0,
  longestMiddle: 20,
  middleWeight: 3,
  piece: { least: 48, most: 48 },
  echoShare: 0,
  atTokens: 0,
  orders: ["PSM", "SPM"] as const,
};
const shape = { vocabularySize: 300, hiddenSize: 8, intermediateSize: 8, layers: 1, heads: 2, contextLength: 32 };

/** Without weights every token is as likely as any other. */
function ignorant() {
  const config = llamaOf(shape);
  const weights = startWeights(config, 0);
  for (const { data } of leavesOf<Tensor<"float32">>(weights).values()) data.fill(0);
  return { weights, config };
}

test("CodeWindows reads every token of an epoch once, but those that fill no batch", () => {
  const windows = new CodeWindows(texts, options);

  const steps = Array.from({ length: windows.stepsOfEpoch }, (_, step) => windows.at(step)).flat();

  const count = (tokens: Iterable<number>) => Object.groupBy(tokens, String) as Record<string, number[]>;
  const read = count(steps.flatMap(({ ids }) => ids.slice(1)));
  const there = count(texts.flatMap((text) => [...tokenizer.encode(text), tokenizer.specials.end!]));
  expect(steps.every(({ ids }) => ids.length === 65)).toBe(true);
  expect(windows.tokens - 64 * steps.length).toBeLessThanOrEqual(4 * 64 + 64);
  for (const [token, places] of Object.entries(read)) expect(places.length).toBeLessThanOrEqual(there[token]!.length);
});

test("CodeWindows gives a step the same windows whatever was asked before, and epochs orders of their own", () => {
  const [one, other] = [
    new CodeWindows(texts, { ...options, middleShare: 0.5 }),
    new CodeWindows(texts, { ...options, middleShare: 0.5 }),
  ];
  const late = one.stepsOfEpoch + 3;

  for (let step = 0; step < late; step++) one.at(step);

  expect(other.at(late)).toEqual(one.at(late));
  expect(other.at(0)).not.toEqual(other.at(one.stepsOfEpoch));
});

test.each([0, 1])(
  "CodeWindows turns pieces into middle tasks that hold the text, %d of them cut at tokens",
  (atTokens) => {
    const plain = new CodeWindows(texts, options);
    const turned = new CodeWindows(texts, { ...options, middleShare: 1, atTokens });
    const pieces = plain.at(2).map(({ ids }) => tokenizer.decode(ids.slice(0, 48)));
    const tasks = turned.at(2).map(({ ids }) => tokenizer.decode(ids));

    // One that goes beyond the end of a text has the end token in a part of it.
    const ofOneText = tasks.filter((_, at) => !pieces[at]!.includes("<|endoftext|>"));
    const parts = ofOneText.map((task) => task.split("<|endoftext|>")[0]!.split(/<fim_(?:prefix|suffix|middle)>/));

    expect(parts.length).toBeGreaterThan(0);
    for (const [, prefix, suffix, middle] of parts) {
      const isInOrder = pieces.includes(`${prefix}${middle}${suffix}`); // SPM has the prefix with the middle
      expect(isInOrder).toBe(true);
    }
  },
);

test("CodeWindows counts the tokens of a middle more often, and its end", () => {
  const turned = new CodeWindows(texts, { ...options, middleShare: 1, orders: ["PSM"] });

  for (const { ids, counts } of turned.at(0)) {
    const [from, to] = [ids.indexOf(tokenizer.idOf(middleSentinels.middle)!) + 1, ids.indexOf(tokenizer.specials.end!)];

    expect(counts.slice(0, from)).toEqual(Array(from).fill(1));
    expect(counts.slice(from, to + 1)).toEqual(Array(to + 1 - from).fill(3));
    expect(counts.length).toBe(ids.length);
  }
});

test("CodeWindows says pieces twice, so that there is something to copy", () => {
  const turned = new CodeWindows(texts, { ...options, echoShare: 1 });

  for (const { ids, counts } of turned.at(1)) {
    expect(ids.slice(24, 48)).toEqual(ids.slice(0, 24));
    expect(counts).toEqual(Array(65).fill(1));
  }
});

test("middleTokens() says where the middle begins, in either order", () => {
  const parts = { prefix: "const ", middle: "value1", suffix: " = 1;" };

  for (const order of ["PSM", "SPM"] as const) {
    const { ids, from } = middleTokens(parts, order, tokenizer);

    expect(tokenizer.decode(ids.slice(from))).toBe("value1<|endoftext|>");
  }
});

test("bitsPerCharacter() predicts every token of a text once, however long it is", async () => {
  const bits = await bitsPerCharacter(texts, tokenizer, ignorant());

  const tokens = texts.reduce((sum, text) => sum + tokenizer.encode(text).length, 0);
  expect(bits).toBeCloseTo((tokens * Math.log2(300)) / charactersOf(texts), 5);
});

test("middleBits() asks for the same middles in three ways", async () => {
  const long = texts.map((text) => text.repeat(2));

  const found = await middleBits(long, ignorant(), { tokenizer, cut: "characters" });

  expect(found.middles).toBe(12);
  expect(found.prefixOnly).toBeGreaterThan(0);
  expect(found.prefixAndSuffix).toBeCloseTo(found.prefixOnly, 5);
  expect(found.suffixAndPrefix).toBeCloseTo(found.prefixOnly, 5);
});

test("middleBits() asks for middles of whole tokens, which cost no more than the text itself", async () => {
  const long = texts.map((text) => text.repeat(2));

  const { prefixOnly } = await middleBits(long, ignorant(), { tokenizer, cut: "tokens" });

  const cutAnywhere = await middleBits(long, ignorant(), { tokenizer, cut: "characters" });
  expect(prefixOnly).toBeLessThan(cutAnywhere.prefixOnly);
});

test("zstdBitsPerCharacter() gains from putting texts together, and counts characters, not bytes", () => {
  const { each, together } = zstdBitsPerCharacter(texts);

  expect(together).toBeLessThan(each);
  expect(charactersOf(["ä🙂"])).toBe(2);
});
