// Every number of this folder against SciPy, statsmodels or exact arithmetic; the claims beyond numbers stand in the other tests.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { stream } from "../random/streams.ts";
import type { Interval } from "../words.ts";
import { bcaInterval, percentileInterval } from "./bootstrap.ts";
import { pearson, ranks, spearman } from "./correlation.ts";
import {
  betaQuantile,
  binomialCdf,
  binomialPmf,
  digamma,
  lgamma,
  normalCdf,
  normalQuantile,
  studentQuantile,
} from "./distributions.ts";
import { hypergeometricTail, logHypergeometricTail } from "./hypergeometric.ts";
import { clopperPearson, meanInterval, wilson, zeroEventLimit } from "./intervals.ts";
import { benjaminiHochberg, holm } from "./multiplicity.ts";
import { mcnemarExact, mcnemarMidP } from "./paired.ts";
import {
  detectableDifference,
  detectablePairedDifference,
  samplesForPairs,
  samplesForShare,
  samplesForShares,
} from "./power.ts";
import { signFlip } from "./sign-flip.ts";
import { mean, quantile, standardDeviation, sum } from "./summary.ts";

type Pair = [number, number];

interface Planned {
  readonly level: number;
  readonly power: number;
}

interface Golden {
  readonly shares: { successes: number; n: number; level: number; wilson: Pair; clopperPearson: Pair }[];
  readonly zeroEvents: { n: number; level: number; high: number }[];
  readonly means: { values: number[]; level: number; interval: Pair }[];
  readonly bootstraps: {
    readonly estimate: number;
    readonly distribution: number[];
    readonly jackknife: number[];
    readonly BCa: Pair;
    readonly percentile: Pair;
  }[];
  readonly mcnemar: { onlyFirst: number; onlySecond: number; exact: number; midP: number }[];
  readonly signFlips: { differences: number[]; alternative: "two-sided" | "greater" | "less"; pValue: number }[];
  readonly multiplicity: { pValues: number[]; holm: number[]; bh: number[] }[];
  readonly power: {
    readonly share: (Planned & { share: number; bound: number; n: number })[];
    readonly shares: (Planned & { first: number; second: number; n: number })[];
    readonly pairs: (Planned & { onlyFirst: number; onlySecond: number; n: number })[];
    readonly detectable: (Planned & { base: number; n: number; higher: number })[];
    readonly detectablePaired: (Planned & { discordant: number; n: number; difference: number })[];
  };
  readonly distributions: {
    readonly normalCdf: Pair[];
    readonly normalQuantile: Pair[];
    readonly studentQuantile: [...Pair, number][];
    readonly betaQuantile: { share: number; alpha: number; beta: number; quantile: number }[];
    readonly binomial: { successes: number; n: number; share: number; cdf: number; pmf: number }[];
    readonly hypergeometric: {
      overlap: number;
      population: number;
      marked: number;
      draws: number;
      logTail: number | null;
    }[];
    readonly lgamma: Pair[];
    readonly digamma: Pair[];
  };
  readonly summaries: {
    values: number[];
    sum: number;
    mean: number;
    deviations: (number | null)[];
    quantiles: Pair[];
  }[];
  readonly correlations: { x: number[]; y: number[]; pearson: number; spearman: number; ranks: number[] }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/base/statistics.golden.json", import.meta.url), "utf8"),
);

/** Relative, so that a p-value of 1e-12 is held as tightly as one of 0.5. */
function expectClose(actual: number | null, expected: number, tolerance = 1e-12): void {
  const error = Math.abs(actual! - expected);
  expect(error <= tolerance * Math.abs(expected), `${actual} is ${expected} to ${tolerance}`).toBe(true);
}

function expectInterval(actual: Interval, [low, high]: [number, number], tolerance = 1e-12): void {
  expect(Math.abs(actual.low - low)).toBeLessThan(tolerance * Math.max(1e-3, Math.abs(low)));
  expectClose(actual.high, high, tolerance);
}

describe("intervals", () => {
  test.each(golden.shares)("wilson() and clopperPearson() of $successes in $n at $level match statsmodels", (one) => {
    expectInterval(wilson(one.successes, one.n, one), one.wilson);
    expectInterval(clopperPearson(one.successes, one.n, one), one.clopperPearson, 1e-11);
  });

  test.each(golden.zeroEvents)("zeroEventLimit() of $n at $level matches the beta quantile of SciPy", (one) => {
    expectClose(zeroEventLimit(one.n, one).high, one.high);
  });

  test.each(golden.means)("meanInterval() of $values.length values at $level matches SciPy", (one) => {
    expectInterval(meanInterval(one.values, one), one.interval);
  });
});

test.each(golden.bootstraps)(
  "bcaInterval() and percentileInterval() of the $name match SciPy on its resamples",
  (one) => {
    const distribution = Float64Array.from(one.distribution);
    const evidence = { estimate: one.estimate, distribution, jackknife: Float64Array.from(one.jackknife) };

    expectInterval(bcaInterval(evidence), one.BCa);
    expectInterval(percentileInterval(distribution), one.percentile);
  },
);

describe("paired tests", () => {
  test.each(golden.mcnemar)("McNemar's tests of $onlyFirst against $onlySecond match statsmodels and SciPy", (one) => {
    expectClose(mcnemarExact(one).pValue, one.exact, 1e-10);
    expectClose(mcnemarMidP(one).pValue, one.midP, 1e-10);
  });

  test.each(golden.signFlips)("signFlip() of $differences, $alternative, matches SciPy's exact test", (one) => {
    const { pValue } = signFlip(one.differences, { random: stream(0, "unused"), alternative: one.alternative });
    expectClose(pValue, one.pValue);
  });
});

test.each(golden.multiplicity)(
  "holm() and benjaminiHochberg() of $pValues.length p-values match statsmodels",
  (one) => {
    const { pValues } = one;

    for (const [at, adjusted] of holm(pValues).entries()) expectClose(adjusted, one.holm[at]!);
    for (const [at, adjusted] of benjaminiHochberg(pValues).entries()) expectClose(adjusted, one.bh[at]!);
  },
);

describe("power", () => {
  test.each(golden.power.share)("samplesForShare() of $share against $bound at $power matches statsmodels", (one) => {
    expect(samplesForShare(one, one)).toBe(Math.ceil(one.n));
  });

  test.each(golden.power.shares)("samplesForShares() of $first and $second at $power matches statsmodels", (one) => {
    expect(samplesForShares(one, one)).toBe(Math.ceil(one.n));
  });

  test.each(golden.power.pairs)("samplesForPairs() of $onlyFirst and $onlySecond at $power matches", (one) => {
    expect(samplesForPairs(one, one)).toBe(Math.ceil(one.n));
  });

  test.each(golden.power.detectable)("detectableDifference() from $base with $n at $power matches", (one) => {
    expectClose(detectableDifference(one, one), one.higher, 1e-11);
    expectClose(detectableDifference({ base: 1 - one.base, n: one.n, direction: "lower" }, one), one.higher, 1e-11);
  });

  test.each(golden.power.detectablePaired)(
    "detectablePairedDifference() of $discordant with $n at $power matches",
    (one) => {
      expectClose(detectablePairedDifference(one, one), one.difference, 1e-11);
    },
  );
});

describe("distributions", () => {
  const { distributions } = golden;

  test.each(distributions.normalCdf)("normalCdf(%d) is %d", (z, expected) => {
    expectClose(normalCdf(z), expected);
  });

  test.each(distributions.normalQuantile)("normalQuantile(%d) is %d", (share, expected) => {
    expectClose(normalQuantile(share), expected);
  });

  test.each(distributions.studentQuantile)("studentQuantile(%d, %d) is %d", (share, freedom, expected) => {
    expectClose(studentQuantile(share, freedom), expected);
  });

  test.each(distributions.betaQuantile)("betaQuantile($share) of ($alpha, $beta) is $quantile", (one) => {
    expectClose(betaQuantile(one.share, one), one.quantile, 1e-11);
  });

  test.each(distributions.binomial)("binomialCdf() and binomialPmf() of $successes in $n at $share match", (one) => {
    expectClose(binomialCdf(one.successes, one), one.cdf);
    expectClose(binomialPmf(one.successes, one), one.pmf, 1e-11);
  });

  test.each(distributions.hypergeometric)(
    "logHypergeometricTail($overlap) is $logTail",
    ({ overlap, logTail, ...urn }) => {
      const log = logHypergeometricTail(overlap, urn);

      if (logTail === null) expect(log).toBe(Number.NEGATIVE_INFINITY);
      else expectClose(log, logTail);
      expect(hypergeometricTail(overlap, urn)).toBe(Math.exp(log));
    },
  );

  test.each(distributions.lgamma)("lgamma(%d) is %d", (x, expected) => {
    expectClose(lgamma(x), expected);
  });

  test.each(distributions.digamma)("digamma(%d) is %d", (x, expected) => {
    // Its root, where the value is rounding alone, is held absolutely.
    expect(Math.abs(digamma(x) - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
  });
});

test.each(golden.summaries)(
  "sum() is exact, and mean(), standardDeviation() and quantile() of case %# match",
  (one) => {
    expect(sum(one.values)).toBe(one.sum);
    expect(mean(one.values)).toBe(one.mean);
    for (const [ddof, expected] of one.deviations.entries()) {
      if (expected !== null) expectClose(standardDeviation(one.values, { ddof }), expected);
    }
    for (const [share, expected] of one.quantiles) expectClose(quantile(one.values, share), expected);
  },
);

test.each(golden.correlations)("pearson(), spearman() and ranks() of case %# match SciPy", (one) => {
  expectClose(pearson(one.x, one.y), one.pearson);
  expectClose(spearman(one.x, one.y), one.spearman);
  expect([...ranks(one.x)]).toEqual(one.ranks);
});
