import fc from "fast-check";
import { expect, test } from "vitest";
import { tongueWorlds } from "./knobs.ts";
import { pieceTokenizer } from "./piece-tokenizer.ts";
import { heldOutWording, tongueNames, tonguePrompt, tongues } from "./tongues.ts";

const world = (name: keyof typeof tongueWorlds, facts = 20, seed = 0) =>
  tongues({ facts, knobs: tongueWorlds[name], seed });
const lettersOf = (texts: readonly string[]) => new Set(texts.join("").replace(/[^\p{L}]/gu, ""));

test("tongues() makes the same world for the same seed and another for another", () => {
  expect(world("apart")).toEqual(world("apart"));
  expect(world("apart", 20, 1).words).not.toEqual(world("apart").words);
});

test("tongues() shares no letter where nothing is shared, and all where the script is", () => {
  const { words } = world("apart");
  const { words: alike } = world("same script");

  expect([...lettersOf(words.A.subjects)].filter((letter) => lettersOf(words.B.subjects).has(letter))).toEqual([]);
  expect([...lettersOf(alike.B.subjects)].every((letter) => /[a-z]/.test(letter))).toBe(true);
});

test.each([
  ["shared subjects", 10],
  ["half of the subjects", 5],
  ["apart", 0],
] as const)("tongues() with %s has %d of ten subjects in common", (name, count) => {
  const { words } = world(name);

  expect(words.A.subjects.filter((word, at) => word === words.B.subjects[at])).toHaveLength(count);
});

test("tongues() teaches every fact in both tongues, half of them where there is little data, and never in the held-out wording", () => {
  const { lessons, facts, words } = world("apart");
  const prompts = new Set(lessons.map(({ prompt }) => prompt));

  expect(lessons).toHaveLength(2 * 2 * 20);
  expect(world("little data").lessons).toHaveLength(2 * (20 + 10));
  for (const tongue of tongueNames)
    for (const fact of facts) expect(prompts.has(tonguePrompt(words[tongue], fact, heldOutWording))).toBe(false);
});

test("tongues() adds translations both ways where there is parallel text", () => {
  const added = world("parallel text").lessons.filter(({ prompt }) => prompt.endsWith("~"));

  expect(added).toHaveLength(2 * 2 * (10 + 12));
});

test("tongues() puts the subject first in a tongue of another order", () => {
  const { words, facts } = world("apart");

  expect(tonguePrompt(words.A, facts[0]!, 0).startsWith(words.A.subjects[0]!)).toBe(false);
  expect(tonguePrompt(words.B, facts[0]!, 0).startsWith(words.B.subjects[0]!)).toBe(true);
});

test("pieceTokenizer() gives every text of its words back, with spans that cover it", () => {
  const { lessons } = world("all but the frames");
  const texts = lessons.map(({ prompt, completion }) => prompt + completion);
  const tokenizer = pieceTokenizer(texts);

  fc.assert(
    fc.property(fc.constantFrom(...texts), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      expect(
        tokenizer
          .spans(text)
          .map(({ start, end }) => text.slice(start, end))
          .join(""),
      ).toBe(text);
    }),
  );
});

test("pieceTokenizer() has one token for what it does not know", () => {
  const tokenizer = pieceTokenizer(["bado →"]);

  expect(tokenizer.encode("zz")).toEqual([1]);
  expect(tokenizer.decode([0, 1], { skipSpecial: true })).toBe("");
});
