import { expect, test } from "vitest";
import { mergeEnvironment } from "./environment.ts";

test("mergeEnvironment() lets later files win over earlier ones, and the real environment over all", () => {
  const texts = ['A=1\nB="two words"\nC=3 # note', "export B=later\nD=4"];

  expect(mergeEnvironment(texts, { D: "real", E: "real" })).toEqual({
    A: "1",
    B: "later",
    C: "3",
    D: "real",
    E: "real",
  });
});
