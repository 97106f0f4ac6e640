import { expect, test } from "vitest";
import { countReferences, meanResult, referencesOf } from "./metric.ts";

test("meanResult() averages plainly and keeps every score", () => {
  const pairs = [
    { candidate: "abc", reference: "" },
    { candidate: "", reference: "" },
  ];

  expect(meanResult("length|v:1", pairs, ({ candidate }) => candidate.length)).toEqual({
    signature: "length|v:1",
    value: 1.5,
    n: 2,
    perSample: [3, 0],
  });
});

test("countReferences() says var when pairs have different numbers of them", () => {
  const one = { candidate: "", reference: "a" };
  const two = { candidate: "", reference: ["a", "b"] };

  expect([[], [one], [two, two], [one, two]].map(countReferences)).toEqual(["1", "1", "2", "var"]);
  expect(referencesOf(one)).toEqual(["a"]);
});
