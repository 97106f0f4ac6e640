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
const options = { tokenizer, seed: 1, length: 32, size: 4, middleShare: 0, longestMiddle: 20 };
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
  const read = count(steps.flatMap((window) => window.slice(1)));
  const there = count(texts.flatMap((text) => [...tokenizer.encode(text), tokenizer.specials.end!]));
  expect(steps.every(({ length }) => length === 33)).toBe(true);
  expect(windows.tokens - 32 * steps.length).toBeLessThanOrEqual(4 * 32 + 32);
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

test("CodeWindows turns windows into middle tasks that keep their length and the text", () => {
  const plain = new CodeWindows(texts, options);
  const turned = new CodeWindows(texts, { ...options, middleShare: 1 });

  for (const [at, window] of turned.at(2).entries()) {
    const whole = tokenizer.decode(plain.at(2)[at]!.slice(0, 17));
    const [task] = tokenizer.decode(window).split("<|endoftext|>");
    const [, prefix, suffix, middle] = task!.split(/<fim_(?:prefix|suffix|middle)>/);

    expect(window.length).toBe(33);
    expect(prefix === "" ? [middle! + suffix, prefix + middle! + suffix] : [prefix! + middle + suffix]).toContain(
      whole,
    );
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

  const found = await middleBits(long, tokenizer, ignorant());

  expect(found.middles).toBe(12);
  expect(found.prefixOnly).toBeGreaterThan(0);
  expect(found.prefixAndSuffix).toBeCloseTo(found.prefixOnly, 5);
  expect(found.suffixAndPrefix).toBeCloseTo(found.prefixOnly, 5);
});

test("zstdBitsPerCharacter() gains from putting texts together, and counts characters, not bytes", () => {
  const { each, together } = zstdBitsPerCharacter(texts);

  expect(together).toBeLessThan(each);
  expect(charactersOf(["ä🙂"])).toBe(2);
});
