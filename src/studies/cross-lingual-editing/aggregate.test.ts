import { expect, test } from "vitest";
import {
  differenceOf,
  differenceOfShares,
  factMean,
  intervalOf,
  numberNamed,
  perFact,
  unbounded,
} from "./aggregate.ts";
import type { Case } from "./case.ts";
import { claims } from "./claims.ts";
import { contrastRecords } from "./contrasts.ts";
import { matrixRecords } from "./matrix-records.ts";
import { correlationRecords, rankRecords } from "./predictor.ts";
import { errorRecords, excludedRecords, strataRecords } from "./strata-records.ts";

const numbers = {
  reliability: 0,
  reliabilityExact: 0,
  reliabilityWritten: 0,
  reliabilitySource: null,
  reliabilityEither: 0,
  writtenEither: 0,
};
const rest = {
  generalization: null,
  generalizationExact: null,
  generalizationWritten: null,
  locality: 1,
  localityNeighbours: 1,
  localityUnrelated: null,
};
const more = {
  portability: null,
  portabilityExact: null,
  es: 1,
  em: 0.5,
  ps: 1,
  pm: 0.5,
  ns: 0.5,
  nm: 0.1,
  fluency: 3,
  logGain: 1,
};
const strata = {
  answer: "different",
  subject: "different",
  script: "same",
  tokens: "1 to 2",
  before: "known",
} as const;

const one = (
  over: Partial<Omit<Case, "numbers">> & { readonly reliability?: number; readonly logGain?: number },
): Case => {
  const { reliability = 0, logGain = 1, ...given } = over;
  return {
    arm: "matrix",
    model: "unmerged",
    editor: "rome",
    seed: 0,
    fact: "f1",
    edit: "en",
    test: "en",
    error: "none",
    strata,
    answer: "",
    ...given,
    numbers: { ...numbers, ...rest, ...more, reliability, logGain },
  };
};

const options = { subject: "m", resamples: 200, seed: 0 };

/** Two languages and three facts: at home 1, elsewhere 0.25, before 0. */
const cases: Case[] = ["f1", "f2", "f3"].flatMap((fact, at) =>
  ["en", "hi"].flatMap((edit) =>
    ["en", "hi"].flatMap((test) => [
      one({ fact, edit, test, reliability: edit === test ? 1 : 0.25 + at / 100, logGain: at + Number(edit === test) }),
      one({ fact, edit, test, editor: "none" }),
    ]),
  ),
);

test("perFact() is one number a fact, over seeds and languages, and differenceOf() pairs facts", () => {
  const values = perFact(
    [one({ reliability: 1 }), one({ seed: 1, reliability: 0 }), one({ fact: "f2", reliability: 1 })],
    numberNamed("reliability"),
  );

  expect([...values]).toEqual([
    ["f1", 0.5],
    ["f2", 1],
  ]);
  expect([...differenceOf(values, new Map([["f2", 0.25]]))]).toEqual([["f2", 0.75]]);
});

test("intervalOf() gives facts that all agree Wilson's interval, and one fact none", () => {
  const named = { resamples: 200, seed: 0, name: "x" };

  expect(intervalOf([1], named)).toBeUndefined();
  expect(intervalOf([1, 1, 1, 1], named)!.low).toBeGreaterThan(0.3);
  expect(intervalOf([1, 1, 1, 1], named)!.low).toBeLessThan(1);
  expect(intervalOf([0, 1, 0.5], named)!.low).toBeLessThan(0.5);
  expect(factMean(new Map(), named)).toBeNull();
});

test("matrixRecords() has ELFI on the diagonal, ELFO off it, M₀ beside both, and the gaps", () => {
  const records = matrixRecords(cases, options);
  const number = (metric: string) =>
    records.find((record) => record.metric === metric && record.setting.number === "reliability")!.value;

  expect(number("elfi")).toBe(1);
  expect(number("elfo")).toBeCloseTo(0.26, 12);
  expect(number("m0")).toBe(0);
  expect(number("elfiMinusElfo")).toBeCloseTo(0.74, 12);
  expect(number("elfoMinusM0")).toBeCloseTo(0.26, 12);
});

test("matrixRecords() holds numbers of either language against the unedited model's in the same cells", () => {
  const either = (one: Case): Case => {
    // Off the diagonal the edit's language has the right name by chance, edited or not.
    const reliabilityEither = one.edit === one.test ? Number(one.editor !== "none") : 0.5;
    return { ...one, numbers: { ...one.numbers, reliabilityEither } };
  };

  const records = matrixRecords(cases.map(either), options);

  const number = (metric: string) =>
    records.find((record) => record.metric === metric && record.setting.number === "reliabilityEither")!.value;
  expect(number("elfiMinusM0")).toBe(1);
  expect(number("elfoMinusM0")).toBe(0);
});

test("matrixRecords() has every cell with its facts counted, its group, and CounterFact's harmonic score", () => {
  const records = matrixRecords(cases, options);
  const cell = (metric: string) =>
    records.find(
      (record) =>
        record.metric === metric &&
        record.setting.editor === "rome" &&
        record.setting.edit === "en" &&
        record.setting.test === "hi",
    )!;

  expect(cell("reliability")).toMatchObject({ n: 3, group: "matrix/unmerged/rome/en/hi" });
  expect(cell("reliability").interval).toBeDefined();
  expect(cell("score").value).toBeCloseTo(0.75, 12);
  expect(cell("portability")).toMatchObject({ value: null, n: 0 });
  expect(cell("transferRatio").value).toBeCloseTo(0.26, 12);
  expect(cell("asymmetry").value).toBeCloseTo(0, 12);
});

test("strataRecords() compare each stratum with M₀ of the same cases", () => {
  const stratified = cases.map((each) =>
    each.fact === "f1" ? { ...each, strata: { ...strata, answer: "shared" as const } } : each,
  );

  const shared = strataRecords(stratified, options).filter(
    ({ setting }) => setting.value === "shared" && setting.number === "reliability",
  );

  expect(shared.map(({ metric, value, n }) => [metric, value, n])).toEqual([
    ["elfoIn", 0.25, 1],
    ["m0In", 0, 1],
    ["elfoMinusM0In", 0.25, 1],
  ]);
});

test("errorRecords() add up to one, inside and outside", () => {
  const records = errorRecords([...cases, one({ fact: "f4", error: "stale" })], options).filter(
    ({ setting }) => setting.test === "all",
  );
  const inside = records.filter(({ setting }) => setting.place === "inside");

  expect(inside.reduce((sum, { value }) => sum + value!, 0)).toBeCloseTo(1, 12);
  expect(inside.find(({ setting }) => setting.class === "stale")!.value).toBeCloseTo(1 / 7, 12);
});

test("excludedRecords() count reasons", () => {
  const left = {
    arm: "matrix",
    model: "unmerged",
    editor: "rome",
    seed: 0,
    edit: "hi",
    reason: "the subject is inflected",
  };

  const records = excludedRecords(
    [
      { ...left, fact: "a" },
      { ...left, fact: "b" },
    ],
    options,
  );

  expect(records).toMatchObject([
    { metric: "excluded", value: 2, setting: { edit: "hi", reason: "the subject is inflected" } },
  ]);
});

test("correlationRecords() see that similar keys came with gains, and rankRecords() that equal rankings agree", () => {
  const predictions = cases.map(({ fact, edit, test }) => ({
    seed: 0,
    fact,
    edit,
    test,
    similarity: Number(fact.slice(1)),
  }));
  const rankings = ["f1", "f2", "f3"].map((fact) => ({ seed: 0, fact, byLanguage: { en: [0, 1, 2], hi: [0, 1, 2] } }));

  const found = correlationRecords(cases, { predictions, rankings }, options);

  const value = (predictor: string) =>
    found.find(
      ({ setting }) =>
        setting.predictor === predictor && setting.outcome === "logGain" && setting.coefficient === "spearman",
    )!.value;
  expect(value("keySimilarity")).toBeCloseTo(1, 12);
  expect(value("rankC")).toBeNull();
  expect(rankRecords(rankings, options).every((record) => Math.abs(record.value! - 1) < 1e-12)).toBe(true);
});

test("correlationRecords() hold what a seed's edits gained against that seed's own M₀", () => {
  const drawn = (seed: number, before: number) =>
    ["f1", "f2", "f3"].flatMap((fact, at) => [
      one({ seed, fact, edit: "en", test: "hi", reliability: before + at / 10 }),
      one({ seed, fact, edit: "en", test: "hi", editor: "none", reliability: before }),
    ]);
  const both = [...drawn(0, 0.1), ...drawn(1, 0.7)];
  const predictions = both.map(({ seed, fact, edit, test }) => ({
    seed,
    fact,
    edit,
    test,
    similarity: Number(fact.slice(1)),
  }));

  const found = correlationRecords(both, { predictions, rankings: [] }, options).find(
    ({ setting }) => setting.outcome === "reliabilityGain" && setting.coefficient === "pearson",
  )!;

  expect(found.value).toBeCloseTo(1, 12);
});

test("contrastRecords() say by how much a joint edit passes the middle of the gap", () => {
  const joint = ["f1", "f2", "f3"].flatMap((fact) =>
    ["en", "hi"].map((test) => one({ fact, edit: "all", test, editor: "joint", reliability: 1 })),
  );

  const found = contrastRecords([...cases, ...joint], options).find(({ setting }) => setting.editor === "joint")!;

  expect(found.value).toBeCloseTo(1 - (1 + 0.26) / 2, 12);
});

test("claims are judged by their records: held, undecided with what would decide, or not testable with what is missing", () => {
  const others = cases.map((each) => ({ ...each, fact: `${each.fact} again` }));
  const records = matrixRecords([...cases, ...others], options);
  const verdicts = new Map(claims.flatMap((claim) => claim.judge(records)).map((verdict) => [verdict.claim, verdict]));

  expect(verdicts.get("transfer-falls-short")!.status).toBe("holds");
  expect(verdicts.get("merging-does-not-close-the-gap")).toMatchObject({
    status: "not testable here",
    missing: ["the arm merge"],
  });
  expect(verdicts.get("named-models")!.status).toBe("not testable here");
  const single = matrixRecords(
    cases.filter(({ fact }) => fact === "f1"),
    options,
  );
  expect(
    claims.flatMap((claim) => claim.judge(single)).find(({ claim }) => claim === "transfer-falls-short"),
  ).toMatchObject({ status: "undecided", needed: 10 });
});

test("claims call it undecided when the interval lies on both sides, and say how many facts would decide", () => {
  const wide = {
    subject: "m",
    setting: { arm: "matrix", editor: "rome", number: "reliability" },
    metric: "elfiMinusElfo",
    value: 0.1,
    n: 10,
  };
  const interval = { low: -0.1, high: 0.3, level: 0.95, method: "x" };

  const [verdict] = claims.find(({ id }) => id === "transfer-falls-short")!.judge([{ ...wide, interval }]);

  expect(verdict).toMatchObject({ status: "undecided", needed: 40 });
});

test("claims are not judged on fewer than five facts, however sure they look", () => {
  const verdict = claims
    .flatMap((claim) => claim.judge(matrixRecords(cases, options)))
    .find(({ claim }) => claim === "transfer-falls-short");

  expect(verdict).toMatchObject({ status: "undecided", n: 3, needed: 5 });
});

test("intervalOf() of few facts is Student's, which is wider than a bootstrap of three numbers can be", () => {
  const { low, high, method } = intervalOf([0.1, 0.2, 0.3], { resamples: 200, seed: 0, name: "x" })!;

  expect(high - low).toBeGreaterThan(0.3);
  expect(method).not.toContain("bootstrap");
});

test("intervalOf() of a difference of shares ends at −1 and 1, and of a number without bounds nowhere", () => {
  const named = { resamples: 200, seed: 0, name: "x" };
  const values = [1, 0, -0.5];

  expect(intervalOf(values, { ...named, range: differenceOfShares })).toMatchObject({ low: -1, high: 1 });
  expect(intervalOf(values, { ...named, range: unbounded })!.low).toBeLessThan(-1);
  expect(intervalOf([1, 1, 1], { ...named, range: differenceOfShares })).toBeUndefined();
});
