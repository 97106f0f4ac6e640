import { expect, test } from "vitest";
import { checkSpreads } from "./check-spreads.ts";

const judge = (text: string) => checkSpreads([{ path: "src/base/x.ts", text }]);

test("checkSpreads() refuses a spread literal, and says where", () => {
  expect(judge("export const a = {\n  ...{ b: 1 },\n};")).toEqual([
    { file: "src/base/x.ts", line: 2, message: "spreads a literal; write its properties in its place" },
  ]);
});

test.each(["const a = { ...b };", "const a = { ...(c ? { d: 1 } : {}) };", "f(...[1, 2]);"])(
  "checkSpreads() accepts %s",
  (text) => {
    expect(judge(text)).toEqual([]);
  },
);
