import { expect, test } from "vitest";
import { sampleDouble } from "../report-double.ts";
import { askedQuestions, outcomeOf } from "./outcome.ts";

test("outcomeOf() judges by the deciding metric, and by the first that applies where it does not", () => {
  const score = { existence: 1, exact: 0 };

  expect(outcomeOf({ answer: "x", score }, "exact")).toBe("wrong");
  expect(outcomeOf({ answer: "x", score })).toBe("right");
  expect(outcomeOf({ answer: "x", score: { exact: null, existence: 1 } }, "exact")).toBe("right");
});

test("outcomeOf() tells partly right, nothing answered and nothing scored apart", () => {
  expect(outcomeOf({ answer: "x", score: { f1: 0.4 } })).toBe("partly");
  expect(outcomeOf({ answer: null, score: { f1: 1 } })).toBe("none");
  expect(outcomeOf({ answer: "x", score: { f1: null } })).toBe("unscored");
});

test("askedQuestions() puts answers to one question together and keeps different questions apart", () => {
  const samples = [
    sampleDouble("1", { subject: "a" }),
    sampleDouble("2", { subject: "a" }),
    sampleDouble("1", { subject: "b" }),
    sampleDouble("1", { subject: "c", prompt: "Another prompt" }),
  ];

  const asked = askedQuestions({ id: "g", title: "g", total: 4, samples });

  expect(asked.map(({ answers }) => answers.map(({ subject }) => subject))).toEqual([["a", "b"], ["a"], ["c"]]);
});
