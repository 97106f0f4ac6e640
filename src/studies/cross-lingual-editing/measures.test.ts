import { expect, test } from "vitest";
import { classify, distinctPairs, foreignNames, type JudgedAnswer } from "./error-classes.ts";
import type { SaidFact, StudyFact } from "./fact.ts";
import { errorOf, numbersOf } from "./measures.ts";
import type { Scored } from "./reader.ts";
import type { Reading } from "./reading.ts";
import { scriptOf } from "./script.ts";

const said = (over: Partial<SaidFact>): SaidFact => ({
  subject: "Japan",
  prompt: "The currency of {} is the ___ →",
  paraphrases: [],
  oldObject: "Yen",
  newObject: "Euro",
  candidates: ["Yen", "Euro", "Dinar"],
  neighbours: [],
  unrelated: [],
  hops: [],
  ...over,
});
const fact: StudyFact = {
  id: "currency/JP",
  relation: "currency",
  said: { en: said({}), hi: said({ newObject: "यूरो", oldObject: "येन" }) },
};
const scored = (logProb: number, likeliest: readonly number[] = [1], accuracy = 1): Scored => ({
  logProb,
  accuracy,
  exact: Number(accuracy === 1),
  likeliest,
});
const both = (newObject: number, oldObject: number) => ({ newObject: scored(newObject), oldObject: scored(oldObject) });
const reading = (over: Partial<Reading>): Reading => ({
  rewrite: both(-3, -1),
  elsewhere: {},
  paraphrases: [],
  neighbours: [],
  unrelated: [],
  hops: [],
  written: ["Yen"],
  fluency: 3,
  ...over,
});

const judged = (after: Partial<Reading>, before: Partial<Reading> = {}) => ({
  fact,
  edit: ["en"] as const,
  test: "en" as const,
  before: reading(before),
  after: reading(after),
  degenerate: 0.5,
});

test("numbersOf() scores an edit by tokens, by probability and by what is written", () => {
  const after = {
    rewrite: { newObject: scored(Math.log(0.5), [7, 8], 0.5), oldObject: scored(Math.log(0.2)) },
    written: ["Euro"],
  };

  const found = numbersOf(judged(after));

  expect(found).toMatchObject({ reliability: 0.5, reliabilityExact: 0, reliabilityWritten: 1, es: 1 });
  expect(found.em).toBeCloseTo(0.3, 12);
  expect(found.logGain).toBeCloseTo(Math.log(0.5) + 3, 12);
});

test("numbersOf() of the unedited model gains nothing and keeps everything", () => {
  const same = { neighbours: [both(-4, -1)], unrelated: [scored(-1, [3, 4])] };

  const found = numbersOf(judged(same, same));

  expect([found.logGain, found.locality, found.es]).toEqual([0, 1, 0]);
});

test("numbersOf() counts a wrong answer that has not changed as local, and a changed token by its share", () => {
  const before = {
    unrelated: [scored(-1, [3, 4])],
    neighbours: [{ newObject: scored(-9), oldObject: scored(-5, [9], 0) }],
  };
  const after = {
    unrelated: [scored(-1, [3, 5])],
    neighbours: [{ newObject: scored(-9), oldObject: scored(-6, [9], 0) }],
  };

  const found = numbersOf(judged(after, before));

  expect([found.localityNeighbours, found.localityUnrelated, found.locality]).toEqual([1, 0.5, 0.75]);
});

test("numbersOf() leaves open what was not asked", () => {
  const found = numbersOf(judged({}));

  expect([found.generalization, found.locality, found.portability, found.ps, found.ns]).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("numbersOf() tells the edit's name of the object from the test language's own", () => {
  const after = reading({
    rewrite: { newObject: scored(-9, [1], 0), oldObject: scored(-1) },
    elsewhere: { en: scored(-0.1) },
    written: ["Euro"],
  });

  const found = numbersOf({ fact, edit: ["en"], test: "hi", before: reading({}), after, degenerate: 0.5 });

  expect(found).toMatchObject({
    reliability: 0,
    reliabilitySource: 1,
    reliabilityEither: 1,
    reliabilityWritten: 0,
    writtenEither: 1,
  });
});

test("errorOf() takes an edit that reached a neighbour for a spill, unless it was so before", () => {
  const spilt = { newObject: scored(0), oldObject: scored(-3) };
  const kept = { newObject: scored(-9, [1], 0), oldObject: scored(0) };

  expect(errorOf(judged({ written: ["Euro"], neighbours: [spilt] }, { neighbours: [kept] }))).toBe("locality spill");
  expect(errorOf(judged({ written: ["Euro"], neighbours: [spilt] }, { neighbours: [spilt] }))).toBe("none");
});

const answer = (over: Partial<JudgedAnswer>): JudgedAnswer => ({
  answer: "Euro",
  newObject: "Euro",
  oldObject: "Yen",
  foreign: ["यूरो"],
  candidates: ["Yen", "Euro", "Dinar"],
  isKnown: true,
  isSpilt: false,
  degenerate: 0.5,
  ...over,
});

test.each([
  ["none", {}],
  ["locality spill", { isSpilt: true }],
  ["unknown before", { answer: "Dinar", isKnown: false }],
  ["empty", { answer: "  " }],
  ["empty", { answer: "Sorry, I cannot say" }],
  ["degenerate", { answer: "la la la la la la" }],
  ["stale", { answer: "Yen" }],
  ["code-switch", { answer: "यूरो" }],
  ["partial", { answer: "Eur" }],
  ["partial", { answer: "Euros" }],
  ["near-miss", { answer: "Dinar" }],
  ["wrong script", { answer: "ден" }],
  ["wrong script", { answer: "Eu\uFFFD" }],
  ["other", { answer: "banana" }],
] as const)("classify() calls it %s: %j", (expected, over) => {
  expect(classify(answer(over))).toBe(expected);
});

test("classify() does not care how an accent is written", () => {
  expect(classify(answer({ answer: "Re\u0301al", newObject: "R\u00e9al" }))).toBe("none");
});

test("distinctPairs() says nothing of short answers", () => {
  expect(distinctPairs("la la la")).toBe(1);
  expect(distinctPairs("la la la la la")).toBe(0.25);
});

test("foreignNames() names the object in the edit's language and in English, but not twice and not in the test's own", () => {
  const names = { en: "Euro", de: "Euro", hi: "यूरो" };

  expect(foreignNames(names, { edit: ["hi"], test: "de" })).toEqual(["यूरो"]);
  expect(foreignNames(names, { edit: ["de"], test: "hi" })).toEqual(["Euro", "Euro"]);
});

test.each([
  ["Euro", "Latin"],
  ["यूरो", "Devanagari"],
  ["யூரோ", "Tamil"],
  ["ಯೂರೋ", "Kannada"],
  ["Euro यूरो", "mixed"],
  ["1000", "none"],
  ["ꦗ", "other"],
])("scriptOf() sees that %s is %s", (text, expected) => {
  expect(scriptOf(text)).toBe(expected);
});
