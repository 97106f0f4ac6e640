"""Values from SciPy, statsmodels and exact arithmetic, to which src/base/statistics is held."""

import json
import math
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import normal_sample_size_one_tail
from statsmodels.stats.proportion import proportion_confint, samplesize_proportions_2indep_onetail

TARGET = Path(__file__).parents[2] / "test" / "golden" / "base" / "statistics.golden.json"
SEED = 20261124
rng = np.random.default_rng(SEED)
mpmath.mp.dps = 40


def shares():
    counts = [(0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (5, 10), (3, 17), (77, 100), (999, 1000), (123, 10000), (60, 210000)]
    return [
        {
            "successes": k,
            "n": n,
            "level": level,
            "wilson": proportion_confint(k, n, 1 - level, "wilson"),
            "clopperPearson": proportion_confint(k, n, 1 - level, "beta"),
        }
        for k, n in counts
        for level in (0.8, 0.95, 0.999)
    ]


def zero_events():
    return [{"n": n, "level": level, "high": stats.beta.ppf(level, 1, n)} for n in (1, 3, 59, 1000, 10**6) for level in (0.9, 0.95)]


def means():
    samples = [[1.0, 2.0], rng.normal(5, 2, 7).tolist(), rng.exponential(1, 40).tolist()]
    return [
        {"values": x, "level": level, "interval": stats.t.interval(level, len(x) - 1, np.mean(x), stats.sem(x))}
        for x in samples
        for level in (0.9, 0.95)
    ]


def bootstraps():
    cases = [
        ("mean of skewed values", rng.exponential(1, 30), np.mean),
        ("mean of bits", (rng.random(40) < 0.8).astype(float), np.mean),
        ("standard deviation", rng.normal(0, 1, 25), lambda x, axis: np.std(x, axis=axis, ddof=1)),
    ]
    return [bootstrap(*case) for case in cases]


def bootstrap(name, values, statistic):
    def interval(method):
        result = stats.bootstrap(
            (values,), statistic, n_resamples=400, method=method, rng=np.random.default_rng(SEED), vectorized=True
        )
        return result.bootstrap_distribution, list(result.confidence_interval)

    distribution, bca = interval("BCa")
    same, percentile = interval("percentile")
    assert np.array_equal(distribution, same)
    return {
        "name": name,
        "estimate": statistic(values, axis=-1),
        "distribution": distribution.tolist(),
        "jackknife": [statistic(np.delete(values, i), axis=-1) for i in range(len(values))],
        "BCa": bca,
        "percentile": percentile,
    }


def mcnemars():
    pairs = [(0, 0), (1, 7), (7, 1), (6, 16), (25, 2), (5, 5), (0, 5), (40, 62), (1000, 1100), (52000, 51000)]
    return [
        {"onlyFirst": b, "onlySecond": c, "exact": mcnemar([[0, b], [c, 0]], exact=True).pvalue, "midP": mid_p(b, c)}
        for b, c in pairs
    ]


def mid_p(b, c):
    """Outcomes less likely than the observed one, and half of those as likely (McNemar's null is symmetric)."""
    n = b + c
    if n == 0:
        return 1.0
    distance = abs(b - c)
    k = np.arange(n + 1)
    mass = stats.binom.pmf(k, n, 0.5)
    return mass[np.abs(2 * k - n) > distance].sum() + mass[np.abs(2 * k - n) == distance].sum() / 2


def sign_flips():
    samples = [
        [1.0, 2.0, -0.5],
        [0.0, 0.0, 1.0, 1.0, -1.0, 1.0],
        [0.1, 0.2, 0.3, -0.6, 0.1],
        rng.normal(0.4, 1, 11).round(3).tolist(),
    ]
    return [
        {"differences": d, "alternative": alternative, "pValue": permutation(d, alternative)}
        for d in samples
        for alternative in ("two-sided", "greater", "less")
    ]


def permutation(differences, alternative):
    result = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative=alternative, vectorized=True
    )
    return result.pvalue


def multiplicity():
    lists = [[0.01, 0.02, 0.03, 0.04], [0.5], [0.04, 0.001, 0.9, 0.04, 0.02, 1.0, 0.0], rng.random(25).tolist()]
    return [
        {"pValues": p, "holm": multipletests(p, method="holm")[1].tolist(), "bh": multipletests(p, method="fdr_bh")[1].tolist()}
        for p in lists
    ]


def powers():
    settings = [(0.95, 0.8), (0.99, 0.9)]
    spread = lambda p: math.sqrt(p * (1 - p))  # noqa: E731
    return {
        "share": [
            {"share": p1, "bound": p0, "level": lv, "power": pw, "n": one_tail(p1 - p0, lv, pw, spread(p0), spread(p1))}
            for p1, p0 in [(0.55, 0.5), (0.2, 0.5), (0.99, 0.95), (0.0, 0.01)]
            for lv, pw in settings
        ],
        "shares": [
            {"first": p2, "second": p1, "level": lv, "power": pw, "n": two_groups(p1 - p2, p2, lv, pw)}
            for p1, p2 in [(0.5, 0.4), (0.05, 0.2), (0.97, 0.9), (1.0, 0.5)]
            for lv, pw in settings
        ],
        "pairs": [
            {"onlyFirst": b, "onlySecond": c, "level": lv, "power": pw, "n": paired(b + c, c - b, lv, pw)}
            for b, c in [(0.1, 0.15), (0.2, 0.05), (0.0, 0.03)]
            for lv, pw in settings
        ],
        "detectable": [
            {"base": base, "n": n, "level": lv, "power": pw, "higher": higher(base, n, lv, pw)}
            for base, n in [(0.5, 100), (0.9, 1000), (0.0, 50), (0.3, 5000)]
            for lv, pw in settings
        ],
        "detectablePaired": [
            {"discordant": psi, "n": n, "level": lv, "power": pw, "difference": root(lambda d: paired(psi, d, lv, pw) - n, psi)}
            for psi, n in [(0.2, 200), (0.05, 5000), (1.0, 100)]
            for lv, pw in settings
        ],
    }


def one_tail(difference, level, power, null, alternative):
    return normal_sample_size_one_tail(difference, power, (1 - level) / 2, std_null=null, std_alternative=alternative)


def two_groups(difference, base, level, power):
    return samplesize_proportions_2indep_onetail(difference, base, power, alpha=1 - level)


def paired(discordant, difference, level, power):
    return one_tail(difference, level, power, math.sqrt(discordant), math.sqrt(discordant - difference**2))


def higher(base, n, level, power):
    return root(lambda d: two_groups(d, base, level, power) - n, 1 - base)


def root(gap, limit):
    return optimize.brentq(gap, 1e-9, limit, xtol=1e-15, rtol=1e-14)


def distributions():
    return {
        "normalCdf": [[z, stats.norm.cdf(z)] for z in (-37, -10, -3.5, -1, 0, 0.1, 1.959963984540054, 6)],
        "normalQuantile": [[p, stats.norm.ppf(p)] for p in (1e-300, 1e-10, 0.001, 0.025, 0.3, 0.5, 0.975, 0.9999)],
        "studentQuantile": [[p, v, stats.t.ppf(p, v)] for p in (0.6, 0.975, 0.9995) for v in (1, 2, 4, 29, 1000)],
        "betaQuantile": [
            {"share": p, "alpha": a, "beta": b, "quantile": stats.beta.ppf(p, a, b)}
            for p in (0.001, 0.025, 0.5, 0.975)
            for a, b in ((1, 1), (1, 20), (78, 24), (500, 9501))
        ],
        "binomial": [
            {"successes": k, "n": n, "share": p, "cdf": float(binomial(range(k + 1), n, p)), "pmf": float(binomial([k], n, p))}
            for k, n, p in BINOMIALS
        ],
        "hypergeometric": [
            {"overlap": k, "population": urn[0], "marked": urn[1], "draws": urn[2], "logTail": log_tail(k, *urn)} for k, urn in URNS
        ],
        "lgamma": [[x, float(mpmath.loggamma(x))] for x in (1e-10, 0.1, 0.5, 1.5, 3, 17.25, 1e3, 1e8)],
        "digamma": [[x, float(mpmath.digamma(x))] for x in (1e-6, 0.1, 0.5, 1, 1.4616321449683622, 2, 10, 1e5)],
    }


BINOMIALS = [(0, 1, 0.5), (0, 5, 0.0), (3, 10, 0.5), (5, 5, 1.0), (2, 40, 0.3), (480, 1000, 0.5), (30, 3000, 0.01)]
URNS = [
    (0, (50, 5, 10)),
    (1, (50, 5, 10)),
    (4, (50, 5, 10)),
    (6, (50, 5, 10)),
    (10, (10, 10, 10)),
    (3, (5, 4, 4)),
    (4, (5, 4, 4)),
    (30, (11008, 200, 300)),
    (200, (11008, 200, 300)),
    (2, (100000, 500, 400)),
    (900, (4000, 1000, 2000)),
    (480, (4000, 1000, 2000)),
]


def binomial(successes, n, share):
    p = Fraction(share)
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in successes)


def log_tail(overlap, population, marked, draws):
    """Exact: the ratio of two whole numbers."""
    hits = sum(math.comb(marked, k) * math.comb(population - marked, draws - k) for k in range(overlap, min(marked, draws) + 1))
    if hits == 0:
        return None
    return float(mpmath.log(mpmath.mpf(hits) / math.comb(population, draws)))


def summaries():
    lists = [
        [0.1] * 10,
        [1e16, 1.0, -1e16],
        [1.0, 1e100, 1.0, -1e100],
        [1e16, 1.0, 1e-16],
        [2.0**53, -0.5, -(2.0**-54)],
        [5.0],
        rng.normal(1e6, 1e-3, 50).tolist(),
        (rng.normal(0, 1, 60) * 10.0 ** rng.integers(-12, 12, 60)).tolist(),
    ]
    return [
        {
            "values": x,
            "sum": math.fsum(x),
            "mean": math.fsum(x) / len(x),
            "deviations": [float(exact_deviation(x, ddof)) if len(x) > ddof else None for ddof in (0, 1)],
            "quantiles": [[q, float(np.quantile(x, q))] for q in (0, 0.1, 0.25, 0.5, 0.77, 1)],
        }
        for x in lists
    ]


def exact_deviation(values, ddof):
    centre = sum(map(Fraction, values)) / len(values)
    variance = sum((Fraction(v) - centre) ** 2 for v in values) / (len(values) - ddof)
    return mpmath.sqrt(mpmath.mpf(variance.numerator) / variance.denominator)


def correlations():
    x = rng.normal(0, 1, 30)
    pairs = [
        ([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]),
        ([1.0, 2.0], [5.0, -5.0]),
        (x.tolist(), (0.5 * x + rng.normal(0, 1, 30)).tolist()),
        (rng.integers(0, 4, 40).astype(float).tolist(), rng.integers(0, 3, 40).astype(float).tolist()),
        ((x * 1e-200).tolist(), (x**3 * 1e200).tolist()),
    ]
    return [
        {"x": a, "y": b, "pearson": float(stats.pearsonr(a, b)[0]), "spearman": float(stats.spearmanr(a, b)[0]), "ranks": stats.rankdata(a).tolist()}
        for a, b in pairs
    ]


def main():
    golden = {
        "generated": {
            "script": "scripts/golden/base-statistics.py",
            "versions": {
                "python": sys.version.split()[0],
                "numpy": np.__version__,
                "scipy": scipy.__version__,
                "statsmodels": statsmodels.__version__,
                "mpmath": mpmath.__version__,
            },
            "seed": SEED,
            "date": "2026-11-24",
        },
        "shares": shares(),
        "zeroEvents": zero_events(),
        "means": means(),
        "bootstraps": bootstraps(),
        "mcnemar": mcnemars(),
        "signFlips": sign_flips(),
        "multiplicity": multiplicity(),
        "power": powers(),
        "distributions": distributions(),
        "summaries": summaries(),
        "correlations": correlations(),
    }
    TARGET.write_text(json.dumps(golden, allow_nan=False) + "\n")


main()
