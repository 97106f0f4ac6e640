import { expect, test } from "vitest";
import { type RecordMetricName, recordMetrics } from "./record-metrics.ts";

const score = (name: RecordMetricName, ...lines: object[]) =>
  recordMetrics[name].score(lines.map((line) => JSON.stringify(line)).join("\n"), { file: "f.jsonl" });

test("localization gives MAP, every average precision, and the paper's other columns", () => {
  const result = score(
    "localization",
    { reference: ["a"], candidate: ["b", "a"] },
    { reference: ["a", "b"], candidate: ["a", "b"] },
  );

  expect(result).toMatchObject({ value: 0.75, n: 2, perSample: [0.5, 1] });
  expect(result.details).toMatchObject({ recallAt1: 0, recallAt2: 1, precisionAt2: 1 });
});

test("localization-2025 counts an unread reply as a failure", () => {
  const candidates = ["a", "b", "c"];
  const result = score(
    "localization-2025",
    { reference: ["a"], candidate: ["a"], candidates },
    { reference: ["a"], candidate: null, candidates },
  );

  expect(result).toMatchObject({ value: 0.5, perSample: [1, 0], details: { unread: 1, read: { f1: 1 } } });
});

test("pass-rate divides by every job", () => {
  const result = score("pass-rate", { outcome: "success", difficulty: 2 }, { outcome: "invalid", difficulty: 1 });

  expect(result).toMatchObject({ value: 0.5, n: 2, perSample: [1, 0], details: { ofFinished: 1 } });
});

test("comp-score gives 50 to equal questions and reads out the position bias", () => {
  const same = { a: 2, b: -1 };

  expect(score("comp-score", { truthFirst: same, predictionFirst: same })).toMatchObject({
    value: 50,
    perSample: [50],
    details: { flips: 1 },
  });
});

test.each([
  ["localization", { reference: "a", candidate: [] }, 'Expected "reference" to be a list of files, got a string'],
  ["localization", { reference: [], candidate: [] }, "at least one file"],
  [
    "localization-2025",
    { reference: ["a"], candidate: ["a"] },
    'Expected "candidates" to be a list of files, got nothing',
  ],
  [
    "pass-rate",
    { outcome: "passed" },
    'Expected "outcome" to be one of success, failure, waiting, invalid, got "passed"',
  ],
  ["pass-rate", { outcome: "success", difficulty: "1" }, 'Expected "difficulty" to be a number'],
  ["comp-score", { truthFirst: { a: 1 }, predictionFirst: { a: 1, b: 1 } }, 'got {"a":1}'],
  ["comp-score", { truthFirst: null }, 'Expected "truthFirst" to be {"a", "b"} with two numbers, got null'],
] as const)("%s says what is wrong with %j, and where", (name, line, message) => {
  expect(() => score(name, line)).toThrow("f.jsonl:1: ");
  expect(() => score(name, line)).toThrow(message);
});
