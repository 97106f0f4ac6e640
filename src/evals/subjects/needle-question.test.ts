import { expect, test } from "vitest";
import type { ImagePart, Question } from "#base";
import { readNeedleQuestion, writeFoundCells } from "./needle-question.ts";

const picture: ImagePart = { type: "image", mediaType: "image/png", key: "k", load: async () => new Uint8Array() };

const asked = (text: string, pictures = 1): Question => ({
  parts: [...Array.from({ length: pictures }, () => picture), { type: "text", text }],
  sampling: {},
});

test("readNeedleQuestion() reads one caption among the cells of one picture, with its spaces", () => {
  const text =
    "Given 1 image indexed from 1 to 1, each divided into 2*2 subimages, identify the subimage that best matches the " +
    "provided caption. … respond only with '-1'.\nCaption: Two cats. ";

  expect(readNeedleQuestion(asked(text))).toEqual({ pictures: [picture], side: 2, captions: ["Two cats. "] });
});

test("readNeedleQuestion() reads several captions, and whole pictures", () => {
  const text = "Given 3 images …, each divided into 1*1 subimage, … for that caption.\nCaption_1: a\nCaption_2: b: c";

  expect(readNeedleQuestion(asked(text, 3))).toMatchObject({ side: 1, captions: ["a", "b: c"] });
});

test("readNeedleQuestion() knows no other question", () => {
  const others = ["What is this?", "divided into 2*3 subimages\nCaption: a", "divided into 2*2 subimages, no caption"];

  expect(others.map((text) => readNeedleQuestion(asked(text)))).toEqual([undefined, undefined, undefined]);
  expect(readNeedleQuestion(asked("divided into 2*2 subimages\nCaption: a", 0))).toBeUndefined();
});

test("writeFoundCells() writes what the question asks for", () => {
  expect(writeFoundCells([{ picture: 1, row: 2, column: 3 }])).toBe("1, 2, 3");
  expect(writeFoundCells([null, { picture: 4, row: 1, column: 1 }])).toBe("-1; 4, 1, 1");
});
