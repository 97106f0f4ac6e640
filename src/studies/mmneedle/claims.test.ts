import { expect, test } from "vitest";
import type { MeasuredRecord } from "#base";
import { stream } from "#base";
import { claims } from "./claims.ts";

interface Given {
  readonly subject?: string;
  readonly metric?: string;
  readonly split?: string;
  readonly cell: readonly [pictures: number, side: number, needles?: number];
  readonly value: number;
  readonly n?: number;
}

const record = ({
  subject = "openai/gpt-5",
  metric = "exact",
  split = "positive",
  cell,
  value,
  n = 1000,
}: Given): MeasuredRecord => ({
  subject,
  metric,
  value,
  n,
  setting: { pictures: cell[0], side: cell[1], needles: cell[2] ?? 1, split },
});

const judge = (id: string, given: readonly Given[]) =>
  claims.find((claim) => claim.id === id)!.judge(given.map(record));

test("every claim has an id of its own, a place, and words for its test", () => {
  expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
  for (const {
    place,
    test: { statistic, direction, margin },
    needs,
  } of claims) {
    expect([place, statistic, direction, margin, ...needs].every((words) => words.length > 3)).toBe(true);
  }
});

test("more-pictures-are-harder holds when exact accuracy falls, fails when it rises, and is open when it stands", () => {
  const verdict = (few: number, many: number) =>
    judge("more-pictures-are-harder", [
      { cell: [1, 2], value: few },
      { cell: [10, 2], value: many },
      { cell: [1, 4], value: few },
      { cell: [10, 4], value: many },
    ])[0]!;

  expect(verdict(86, 34).status).toBe("holds");
  expect(verdict(34, 86).status).toBe("fails");
  expect(verdict(50, 49)).toMatchObject({ status: "undecided", needed: expect.any(Number) });
  expect(verdict(86, 34).evidence).toBe(
    "exact accuracy goes from 86.0 % to 34.0 %, −52.0 points [−54.5, −49.3], over 2 pairs of settings",
  );
});

test("more-cells-are-harder compares each side with the next at the same number of pictures", () => {
  const [verdict] = judge("more-cells-are-harder", [
    { cell: [1, 2], value: 90 },
    { cell: [1, 4], value: 50 },
    { cell: [1, 8], value: 10 },
    { cell: [10, 8], value: 90 },
  ]);

  expect(verdict!.evidence).toContain("from 70.0 % to 30.0 %, −40.0 points");
  expect(verdict!.evidence).toContain("over 2 pairs of settings");
});

test("more-needles-are-harder wants the same pictures and cells", () => {
  expect(
    judge("more-needles-are-harder", [
      { cell: [1, 2, 1], value: 90 },
      { cell: [10, 2, 2], value: 10 },
    ]),
  ).toEqual([]);
  expect(
    judge("more-needles-are-harder", [
      { cell: [1, 2, 1], value: 90 },
      { cell: [1, 2, 2], value: 60 },
    ])[0]!.status,
  ).toBe("holds");
});

test("absent-needles-are-hallucinated compares present with absent needles of one setting", () => {
  const [verdict] = judge("absent-needles-are-hallucinated", [
    { metric: "existence", cell: [10, 8], value: 99.8 },
    { metric: "existence", cell: [10, 8], value: 0.2, split: "negative" },
  ]);

  expect(verdict).toMatchObject({ status: "holds", subject: "openai/gpt-5" });
});

test("claims about models say nothing of controls", () => {
  const given: Given[] = [1, 10].map((pictures) => ({
    subject: "baseline:random",
    cell: [pictures, 2],
    value: 100 / pictures,
  }));

  expect(judge("more-pictures-are-harder", given)).toEqual([]);
});

test("gpt-4o-leads compares it with the best of the others, and needs both", () => {
  const others: Given[] = [
    { subject: "anthropic/claude-3-opus", cell: [1, 2], value: 52 },
    { subject: "google/gemini-1.5-pro", cell: [1, 2], value: 90 },
  ];

  expect(judge("gpt-4o-leads", others)).toEqual([]);
  expect(judge("gpt-4o-leads", [...others, { subject: "openai/gpt-4o", cell: [1, 2], value: 95 }])[0]).toMatchObject({
    status: "holds",
    evidence: expect.stringContaining("google/gemini-1.5-pro"),
  });
});

test("apis-lead-open-models tells open weights by their name", () => {
  const given: Given[] = [
    { subject: "openai/gpt-4o", cell: [1, 2], value: 40 },
    { subject: "./llava", cell: [1, 2], value: 80 },
  ];

  expect(judge("apis-lead-open-models", given)[0]!.status).toBe("fails");
});

test("largest-haystack-defeats-all holds below five per cent, fails above, and is open between", () => {
  const verdict = (value: number, n: number) =>
    judge("largest-haystack-defeats-all", [{ cell: [10, 8], value, n }])[0]!.status;

  expect(verdict(1, 1000)).toBe("holds");
  expect(verdict(20, 1000)).toBe("fails");
  expect(verdict(5, 100)).toBe("undecided");
});

test("control-random-scores-chance accepts uniform guesses and refuses others", () => {
  const random = stream(1, "claims.test/chance");
  const guess = (p: number) =>
    Array.from({ length: 2000 }, () => Number(random.next() < p)).reduce((a, b) => a + b) / 20;
  const verdict = (value: number) =>
    judge("control-random-scores-chance", [{ subject: "baseline:random", cell: [1, 4], value, n: 2000 }])[0]!.status;

  expect(verdict(guess(1 / 16))).toBe("holds");
  expect(verdict(guess(1 / 8))).toBe("fails");
});

test("controls that must be perfect fail by a single answer", () => {
  const oracle = (value: number) =>
    judge("control-oracle-is-perfect", [{ subject: "baseline:oracle", cell: [1, 4], value, n: 1000 }])[0]!.status;

  expect(oracle(100)).toBe("holds");
  expect(oracle(99.9)).toBe("fails");
  expect(judge("control-absent-denies", [{ subject: "baseline:absent", cell: [1, 4], value: 0 }])[0]!.status).toBe(
    "holds",
  );
});
