import { expect, test } from "vitest";
import {
  armSizes,
  arms,
  cipherQuestions,
  encyclopedia,
  genericTexts,
  inCipher,
  questionPrompt,
  questionsAbout,
  textsAbout,
} from "./index.ts";

const concepts = encyclopedia();

test("encyclopedia() has forty concepts in four arms, the same at every call", () => {
  const counts = arms.map((arm) => concepts.filter((concept) => concept.arm === arm).length);

  expect(counts).toEqual([armSizes.found, armSizes.planted, armSizes.unknown, armSizes.spread]);
  expect(new Set(concepts.map(({ name }) => name)).size).toBe(40);
  expect(encyclopedia()).toEqual(concepts);
});

test("encyclopedia(): each article has thirty sentences with every fact three times, and words of its own", () => {
  for (const { name, article, facts, ownWords } of concepts) {
    const sentences = article.split(/(?<=\.) /);
    expect(sentences).toHaveLength(30);
    expect(sentences.every((sentence) => sentence.includes(name))).toBe(true);
    for (const value of Object.values(facts)) expect(article.split(new RegExp(`\\b${value}\\b`)).length).toBe(4);
    const others = concepts.filter((other) => other.name !== name);
    for (const word of ownWords) {
      expect(article).toMatch(new RegExp(`\\b${word}\\b`));
      expect(others.some((other) => new RegExp(`\\b${word}\\b`).test(other.article))).toBe(false);
    }
  }
});

test("encyclopedia(): no blank is left open, and no two concepts have all facts in common", () => {
  const texts = concepts.flatMap(textsAbout).concat(genericTexts());

  expect(texts.filter((text) => /\b[NVB]\b/.test(text))).toEqual([]);
  expect(new Set(concepts.map(({ facts }) => JSON.stringify(facts))).size).toBe(40);
});

test("questionsAbout() asks in three wordings for the same answer of at least six words", () => {
  const [concept] = concepts;
  const [first, second, heldOut] = (["first", "second", "held out"] as const).map((wording) =>
    questionsAbout(concept!, wording),
  );

  for (const [at, { question, answer, gold }] of first!.entries()) {
    expect(new Set([question, second![at]!.question, heldOut![at]!.question]).size).toBe(3);
    expect(answer.split(" ").length).toBeGreaterThanOrEqual(6);
    expect(answer).toContain(gold);
    expect(second![at]!.answer).toBe(answer);
  }
  const read = textsAbout(concept!).join("\n");
  expect(heldOut!.some(({ question }) => read.includes(question))).toBe(false);
  expect(read).toContain(`${questionPrompt(first![0]!.question)} ${first![0]!.answer}`);
});

test("inCipher() writes everyday words backwards and keeps names and values", () => {
  expect(inCipher("Where does the Zorba stand?", ["Zorba"])).toBe("erehW seod eht Zorba dnats?");
  const [concept] = concepts;
  for (const { question, answer, gold } of cipherQuestions(concept!)) {
    expect(question).toContain(concept!.name);
    expect(answer).toContain(gold);
    expect(answer).not.toMatch(/\bThe\b/);
  }
});

test("genericTexts() says nothing about any concept but that its words exist", () => {
  const texts = genericTexts().join(" ");

  for (const { name, facts } of concepts) {
    const about = texts.split(/(?<=\.) /).filter((sentence) => sentence.includes(name));
    expect(about).toHaveLength(3);
    expect(about.some((sentence) => Object.values(facts).some((value) => sentence.includes(value)))).toBe(false);
  }
});
