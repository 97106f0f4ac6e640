import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type TextMetricName, textMetric, textMetrics } from "./text-metrics.ts";

/** What users paste: any UTF-16, lone surrogates included, white space of every kind, repeated words, nothing at all. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom("a", "b", " ", ".", "\n", "\u2028", "\ud83d", "é", "-", "&", "1"), maxLength: 60 }),
  fc.constantFrom("", " ", "\n", ".", "\ufeff", "\u0000", "\ud800", "<skipped>", "&amp;"),
);

const names = (Object.keys(textMetrics) as TextMetricName[]).filter((name) => name !== "api-recall");
const scoreOf = (name: TextMetricName, candidate: string, reference: string): number => {
  const result = textMetrics[name].score([{ candidate, reference }]);
  return "perSample" in result ? result.perSample[0]! : Number.NaN;
};
const most = (name: TextMetricName): number => (/^(exact|word-f1|bleu-n|rouge-l-py)/.test(name) ? 1 : 100);

describe.each(names)("%s", (name) => {
  test("stays between zero and its most for any two texts", () => {
    fc.assert(
      fc.property(hostile, hostile, (candidate, reference) => {
        const score = scoreOf(name, candidate, reference);

        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(most(name) * (1 + 1e-9));
      }),
    );
  });

  test("gives no other text a better score than a text of many words against itself", () => {
    const words = fc.array(fc.constantFrom("alpha", "beta", "gamma7", "delta"), { minLength: 4, maxLength: 12 });

    fc.assert(
      fc.property(words, hostile, (list, candidate) => {
        const reference = list.join(" ");
        const itself = scoreOf(name, reference, reference);

        expect(itself).toBeCloseTo(most(name), 6);
        expect(scoreOf(name, candidate, reference)).toBeLessThanOrEqual(itself * (1 + 1e-9));
      }),
    );
  });

  test("says null, and not zero, of no pairs at all", () => {
    expect(textMetrics[name].score([])).toMatchObject({ value: null, n: 0, perSample: [] });
  });

  test("has a signature with its name's variant and a version", () => {
    const result = textMetrics[name].score([{ candidate: "a", reference: "b" }]);

    expect("signature" in result && result.signature).toMatch(/^[\w+-]+(\|[a-z@]+:[^|\s]+)+\|assay:\d+$/);
  });
});

test.each(["edit-similarity", "rouge-1", "rouge-2", "rouge-l", "exact-match"] as const)(
  "%s is the same in both directions",
  (name) => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        expect(scoreOf(name, a, b)).toBeCloseTo(scoreOf(name, b, a), 9);
      }),
    );
  },
);

test.each(["chrf", "bleu", "rouge-l", "bleu-nltk3"] as const)("%s never loses by one more reference", (name) => {
  fc.assert(
    fc.property(hostile, hostile, (candidate, reference) => {
      const { perSample } = textMetrics[name].score([{ candidate, reference: [reference, candidate] }]);

      expect(perSample[0]).toBeGreaterThanOrEqual(scoreOf(name, candidate, candidate) * (1 - 1e-9));
    }),
  );
});

test("textMetric() finds a metric, and names the nearest one to a slip", () => {
  expect(textMetric("b-norm")).toBe(textMetrics["b-norm"]);
  expect(() => textMetric("rouge-3")).toThrow('got "rouge-3"; did you mean "rouge-1"?');
  expect(() => textMetric("bm26", ["bm25"])).toThrow('did you mean "bm25"?');
  expect(() => textMetric("toString")).toThrow("Expected the name of a metric");
});
