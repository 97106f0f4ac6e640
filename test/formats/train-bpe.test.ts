import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadTokenizer, trainBpe, writeTokenizer } from "#formats";
import golden from "../golden/formats/tokenizers.golden.json" with { type: "json" };
import { scratchFolder } from "./scratch-folder.ts";

const reference = golden.cases.find(({ name }) => name === "byteLevel")!;
const specialTokens = ["<|endoftext|>", "<mask>"];
const trained = () => trainBpe(golden.corpus, { vocabularySize: 420, specialTokens, minFrequency: 0 });

test("trainBpe() learns the merges and numbers that Python's tokenizers learns from the same text", () => {
  const { model } = trained();

  expect(model.merges).toEqual(reference.tokenizer.model.merges);
  expect(model.vocab).toEqual(reference.tokenizer.model.vocab);
});

test("a trained tokenizer, written and read again, gives the numbers of Python's", () => {
  const folder = scratchFolder();
  writeTokenizer(folder, trained(), {
    eos: "<|endoftext|>",
    bos: "<|endoftext|>",
    contextLength: 64,
    chatTemplate: "x",
  });

  const tokenizer = loadTokenizer(folder);

  expect(tokenizer.vocabularySize).toBe(420);
  expect(tokenizer.specials).toMatchObject({ begin: 0, end: 0 });
  for (const { text, ids } of reference.samples.filter((sample) => !sample.text.includes("<mask>"))) {
    expect(tokenizer.encode(text)).toEqual(ids);
  }
  expect(tokenizer.encode("a<|endoftext|>b")).toContain(0);
});

test("trainBpe() merges the more frequent pair first, of equal ones that with the lower numbers", () => {
  const { model } = trainBpe(["cd cd ab ab ab xy xy xy"], { vocabularySize: 262, minFrequency: 3 });

  expect(model.merges).toEqual([
    ["a", "b"],
    ["x", "y"],
    ["Ġ", "ab"],
    ["Ġ", "xy"],
  ]);
});

test("trainBpe() keeps special tokens out of the words", () => {
  const { model } = trainBpe(["ab<|endoftext|>ab<|endoftext|>ab"], { vocabularySize: 300 });

  expect(model.merges).toEqual([["a", "b"]]);
});

test("trainBpe() with marks inside words keeps words of Devanagari, Tamil and Kannada whole, where GPT-2's cut tears them", () => {
  const text = "स्विट्ज़रलैंड की मुद्रा, ஸ்விட்சர்லாந்து நாணயம் ಸ್ವಿಟ್ಜರ್ಲ್ಯಾಂಡ್ ಕರೆನ್ಸಿ, don't  123 café";
  const tokensOf = (words: "gpt2" | "marks") => {
    const folder = scratchFolder();
    writeTokenizer(folder, trainBpe([text, text], { vocabularySize: 1000, words }), { eos: "<|endoftext|>" });
    const tokenizer = loadTokenizer(folder);
    return tokenizer.encode(text).map((id) => tokenizer.decode([id]));
  };

  const [whole, torn] = [tokensOf("marks"), tokensOf("gpt2")];

  expect(whole.join("")).toBe(text);
  expect(whole).toEqual(expect.arrayContaining(["स्विट्ज़रलैंड", " मुद्रा", " நாணயம்", " ಕರೆನ್ಸಿ", "'t", " 123", " café"]));
  expect(torn.join("")).toBe(text);
  expect(torn).not.toContain(" मुद्रा");
});

test("trainBpe() and writeTokenizer() say what does not fit", () => {
  expect(() => trainBpe([], { vocabularySize: 256 })).toThrow("Expected room for 257");
  expect(() => trainBpe([], { vocabularySize: 300, specialTokens: ["a"] })).toThrow("different");
  expect(() => writeTokenizer(scratchFolder(), trained(), { pad: "<pad>" })).toThrow('got "<pad>"');
});

const shared = join(process.env.ASSAY_SHARED ?? join(import.meta.dirname, "../../../shared"), "data/tinystories-1000");

test.skipIf(!existsSync(shared))(
  "trainBpe() learns 4096 tokens from 1000 stories that give every story back (needs ../shared)",
  () => {
    const stories: string[] = JSON.parse(readFileSync(join(shared, "tinystories_1000.json"), "utf8"));
    const folder = scratchFolder();

    writeTokenizer(folder, trainBpe(stories, { vocabularySize: 4096 }));

    const tokenizer = loadTokenizer(folder);
    expect(tokenizer.vocabularySize).toBe(4096);
    for (const story of stories.slice(0, 50)) expect(tokenizer.decode(tokenizer.encode(story))).toBe(story);
  },
);
