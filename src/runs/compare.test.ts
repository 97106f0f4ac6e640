import { expect, test } from "vitest";
import { compareRuns, type Side } from "./compare.ts";
import { createRun } from "./ledger.ts";
import { demoAnswer, demoManifest, demoSample, scratchHome } from "./run-double.ts";
import { Store } from "./store/store.ts";

const store = new Store(scratchHome());

interface SideOptions {
  readonly seed?: number;
  readonly truth?: number;
  readonly id?: (at: number) => string;
}

/** A run of one subject whose score on sample `at` is `score(at)`; undefined leaves the sample out. */
function side(
  count: number,
  score: (at: number) => number | undefined,
  { seed = 0, truth = 0, id = String }: SideOptions = {},
): Side {
  const subject = "baseline:test";
  const run = createRun(
    store,
    demoManifest({ seed, subjects: [{ name: subject, kind: "control", identity: subject }] }),
  );
  for (let at = 0; at < count; at++) {
    const exact = score(at);
    if (exact === undefined) continue;
    run.commit({ subject, sample: demoSample(id(at), { truth }), answer: demoAnswer, score: { exact, skipped: null } });
  }
  return { run, subject };
}

test("compareRuns() pairs samples by id and sees a difference that is there", () => {
  const weak = side(200, (at) => Number(at % 4 === 0));
  const strong = side(200, (at) => Number(at % 4 !== 3));

  const rows = compareRuns(weak, strong);

  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ metric: "exact", n: 200, first: 0.25, second: 0.75, difference: 0.5 });
  expect(rows[0]).toMatchObject({ decision: "second is higher", method: "McNemar mid-p" });
  expect(rows[0]!.interval.low).toBeGreaterThan(0.4);
  expect(rows[0]!.detectable).toBeCloseTo(0.14, 1);
});

test("compareRuns() leaves a small difference undecided and says how many samples are lacking", () => {
  const first = side(40, (at) => Number(at < 20));
  const second = side(40, (at) => Number(at >= 1 && at < 23));

  const [row] = compareRuns(first, second);

  expect(row?.decision).toBe("undecided");
  expect(row?.moreNeeded).toBeGreaterThan(100);
  expect(row?.detectable).toBeNull();
});

test("compareRuns() uses only samples that both answered, and sign flips for fractions", () => {
  const first = side(30, (at) => (at % 3 === 0 ? undefined : 0.5));
  const second = side(30, (at) => (at % 2 === 0 ? undefined : 0.75));

  const [row] = compareRuns(first, second);

  expect(row).toMatchObject({ n: 10, first: 0.5, second: 0.75 });
  expect(row?.method).toContain("sign flip");
});

test("compareRuns() says so when two runs have no sample in common", () => {
  const first = side(4, (at) => (at < 2 ? 1 : undefined));
  const second = side(4, (at) => (at < 2 ? undefined : 1));

  expect(() => compareRuns(first, second)).toThrow(/share none; run both with the same settings and seed/);
});

test("compareRuns() refuses runs of different samples, though their ids agree", () => {
  const first = side(4, () => 1);

  expect(() =>
    compareRuns(
      first,
      side(4, () => 1, { seed: 1 }),
    ),
  ).toThrow(/same seed, got 0 .* and 1/);
  expect(() =>
    compareRuns(
      first,
      side(4, () => 1, { truth: 7 }),
    ),
  ).toThrow(/another right answer/);
});

test("compareRuns() pairs ids that JavaScript and SQLite sort differently", () => {
  const id = (at: number) => ["\uff5e", "\u{1f600}", "a", "\u{1f601}b", "\uffeeb", "z"][at]!;

  const [row] = compareRuns(
    side(6, () => 1, { id }),
    side(6, () => 0, { id }),
  );

  expect(row?.n).toBe(6);
});

test("compareRuns() says how many fractions are lacking, and that none would show a difference of zero", () => {
  const noisy = side(20, (at) => (at % 2) / 2 + 0.25);
  const other = side(20, (at) => (at % 3 === 0 ? 0.9 : 0.3));

  const [row] = compareRuns(noisy, other);
  const [same] = compareRuns(noisy, noisy);

  expect(row).toMatchObject({ decision: "undecided", detectable: null });
  expect(row?.moreNeeded).toBeGreaterThan(20);
  expect(same?.moreNeeded).toBeNull();
});

test("compareRuns() compares only the metrics that were named, and knows one that is misspelt", () => {
  const one = side(4, () => 1);

  expect(compareRuns(one, one, { metrics: ["exact"] }).map(({ metric }) => metric)).toEqual(["exact"]);
  expect(() => compareRuns(one, one, { metrics: ["exakt"] })).toThrow('did you mean "exact"?');
});
