import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import type { PictureMark } from "../report.ts";
import { sampleDouble } from "../report-double.ts";
import { picturesOf } from "./pictures.ts";

const mark = (kind: "truth" | "answer", x: number, label?: string): PictureMark => ({
  kind,
  x,
  y: 0,
  width: 0.25,
  height: 0.5,
  ...(label !== undefined && { label }),
});
const answerOf = (subject: string, marks: PictureMark[]) => {
  const picture = { title: "Picture 1", mediaType: "image/png", bytes: new Uint8Array([1]), marks };
  return sampleDouble("1", { subject, pictures: [picture] });
};
const parse = (answers: ReturnType<typeof answerOf>[]) =>
  parseHTML(`<!doctype html><html><body>${picturesOf(answers).markup}</body></html>`).document;

test("picturesOf() marks the truth once and every answer's place with whose it is", () => {
  const answers = [
    answerOf("a", [mark("truth", 0), mark("answer", 0.25, "a")]),
    answerOf("b", [mark("truth", 0), mark("answer", 0.5, "b")]),
  ];

  const marks = [...parse(answers).querySelectorAll("button .mark")];

  expect(marks.map((one) => [one.className, one.getAttribute("title"), one.getAttribute("style")])).toEqual([
    ["mark at-truth", "truth", "left:0.000%;top:0.000%;width:25.000%;height:50.000%"],
    ["mark at-answer", "a", "left:25.000%;top:0.000%;width:25.000%;height:50.000%"],
    ["mark at-answer", "b", "left:50.000%;top:0.000%;width:25.000%;height:50.000%"],
  ]);
});

test("picturesOf() explains the marks that it shows and no others", () => {
  expect(
    parse([answerOf("a", [mark("truth", 0)])])
      .querySelector(".legend")
      ?.textContent?.trim(),
  ).toBe("where it is");
  expect(parse([answerOf("a", [])]).querySelector(".legend")).toBeNull();
});
