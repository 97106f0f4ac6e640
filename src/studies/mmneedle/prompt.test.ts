import { expect, test } from "vitest";
import { renderPrompt } from "./prompt.ts";

test("renderPrompt() asks for one needle among the cells of one picture", () => {
  expect(renderPrompt({ pictures: 1, side: 2, captions: ["Two cats. "] })).toBe(
    "Given 1 image indexed from 1 to 1, each divided into 2*2 subimages, identify the subimage that best matches the " +
      "provided caption. Respond with 'index, row, column' and nothing else. For example, '1, 2, 3' indicates the " +
      "subimage in the first image, second row, and third column. If no match is found, respond only with '-1'.\n" +
      "Caption: Two cats. ",
  );
});

test("renderPrompt() asks for many needles, with one numbered caption each", () => {
  expect(renderPrompt({ pictures: 10, side: 1, captions: [" a", "b", "c "] })).toBe(
    "Given 10 images indexed from 1 to 10, each divided into 1*1 subimage, identify the subimages that best match the " +
      "provided 3 captions. Respond in the format: index_1, row_1, column_1; index_2, row_2, column_2; " +
      "index_3, row_3, column_3. Only provide this information. For example, '1, 2, 3' indicates the subimage in the " +
      "first image, second row, and third column. If no subimage matches a caption, respond with '-1' for that " +
      "caption.\nCaption_1:  a\nCaption_2: b\nCaption_3: c ",
  );
});

test("renderPrompt() refuses a prompt without captions", () => {
  expect(() => renderPrompt({ pictures: 1, side: 2, captions: [] })).toThrow("captions 0");
});
