import fc from "fast-check";
import { expect, test } from "vitest";
import { readPairs } from "./read-pairs.ts";

const read = (text: string, references: "one" | "several" | "names" = "several") =>
  readPairs(text, { file: "answers.jsonl", references });

test("readPairs() reads back any texts that were written", () => {
  const pair = fc.record({ candidate: fc.string({ unit: "binary" }), reference: fc.string({ unit: "binary" }) });

  fc.assert(
    fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
      const text = pairs.map((one) => JSON.stringify({ id: 7, ...one })).join("\n");

      expect(read(text)).toEqual(pairs);
    }),
  );
});

test("readPairs() passes over empty lines, a byte order mark and Windows line ends", () => {
  const text = '\ufeff{"reference": "a", "candidate": "b"}\r\n\r\n{"reference": ["c", "d"], "candidate": ""}\r\n';

  expect(read(text)).toEqual([
    { reference: "a", candidate: "b" },
    { reference: ["c", "d"], candidate: "" },
  ]);
});

test.each([
  ['{"reference": "a", "candidate": "b"}\n{oops', "answers.jsonl:2: Expected a JSON object, got text that is not JSON"],
  ['\n\n{"reference": "a"}', 'answers.jsonl:3: Expected "candidate" to be a string, got nothing'],
  ['{"reference": "a", "candidate": null}', 'answers.jsonl:1: Expected "candidate" to be a string, got null'],
  ['{"candidate": "b"}', 'Expected "reference" to be a string or a list of at least one string, got nothing'],
  ['{"reference": [], "candidate": "b"}', "got an empty list"],
  ['{"reference": ["a", 1], "candidate": "b"}', "got a list"],
  ["[1]", "answers.jsonl:1: Expected a JSON object, got a list"],
  ["7", "answers.jsonl:1: Expected a JSON object, got a number"],
  ["\n \n", "answers.jsonl: Expected a JSON object a line, got an empty file"],
])("readPairs() says what is wrong with %j, and where", (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test("readPairs() takes several references only for a metric that can use them", () => {
  const line = '{"reference": ["a"], "candidate": "b"}';

  expect(() => read(line, "one")).toThrow('Expected "reference" to be a string, got a list');
  expect(read(line, "names")).toHaveLength(1);
  expect(() => read('{"reference": "a", "candidate": "b"}', "names")).toThrow("a list of at least one name");
});
