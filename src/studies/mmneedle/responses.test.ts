import fc from "fast-check";
import { expect, test } from "vitest";
import { AssayError } from "#base";
import { readResponses } from "./responses.ts";

test("readResponses() reads the official array and counts the needles of each truth", () => {
  const text = JSON.stringify([
    { id: 7, response: "1, 1, 2", ground_truth: "1, 1, 2", target_path: "a.jpg", caption: "A cat." },
    { id: 8, response: null, ground_truth: "0, 0, 0; 0, 0, 0" },
  ]);

  expect(readResponses(text, "a.json")).toEqual([
    { id: 7, needles: 1, truth: "1, 1, 2", response: "1, 1, 2" },
    { id: 8, needles: 2, truth: "0, 0, 0; 0, 0, 0", response: null },
  ]);
});

test("readResponses() reads JSON lines, numbers them, and passes over empty ones", () => {
  const text =
    '\uFEFF{"needles":1,"truth":"1, 1, 2","response":"-1"}\r\n\n{"needles":1,"truth":"0, 0, 0","response":null}\n';

  expect(readResponses(text, "a.jsonl")).toEqual([
    { id: 0, needles: 1, truth: "1, 1, 2", response: "-1" },
    { id: 1, needles: 1, truth: "0, 0, 0", response: null },
  ]);
});

test("readResponses() names file and line of what is wrong", () => {
  const good = '{"needles":1,"truth":"1, 1, 2","response":"-1"}';

  expect(() => readResponses(`${good}\n{oops`, "a.jsonl")).toThrow("a.jsonl:2: Expected JSON");
  expect(() => readResponses(`${good}\n\n{"needles":2,"truth":"1, 1, 2","response":"x"}`, "a.jsonl")).toThrow(
    'a.jsonl:3: Expected a truth of 2 × "picture, row, column"',
  );
  expect(() => readResponses('{"truth":"1, 1, 2"}', "a.jsonl")).toThrow(
    "a.jsonl:1: Expected a response that is text or null",
  );
  expect(() => readResponses('{"needles":0,"truth":"1, 1, 2","response":""}', "a.jsonl")).toThrow("got 0");
  expect(() => readResponses("[\n1,\n]", "a.json")).toThrow("a.json: Expected JSON");
  expect(() => readResponses('[{"id":3,"response":4,"ground_truth":"1, 1, 2"}]', "a.json")).toThrow("a.json, entry 1");
  expect(() => readResponses(" ", "a.json")).toThrow("a.json: Expected at least one response");
});

test("readResponses() throws nothing but AssayError, whatever the file holds", () => {
  const field = fc.oneof(fc.constantFrom("1, 2, 3", "0, 0, 0", null, 1, 2), fc.jsonValue());
  const entry = fc.record(
    { id: field, needles: field, truth: field, ground_truth: field, response: field },
    { requiredKeys: [] },
  );
  const file = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.array(entry).map((entries) => JSON.stringify(entries)),
    fc.array(entry).map((entries) => entries.map((line) => JSON.stringify(line)).join("\n")),
  );
  fc.assert(
    fc.property(file, (text) => staysInTheLab(() => readResponses(text, "any.json"))),
    { numRuns: 500 },
  );
});

function staysInTheLab(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(AssayError);
  }
}
