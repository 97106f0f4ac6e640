"""Metrics of model editing, computed a second time from their published formulas with numpy and SciPy.

    python scripts/golden/evals-editing-metrics.py

n-gram entropy and fluency as kmeng01/rome (experiments/py/eval_utils_counterfact.py) has them, words given instead of cut
by NLTK; RankC as Betswish/Cross-Lingual-Consistency has it; CounterFact's scores as summarize.py does; F1 over multisets
of tokens, and the product that krystalan/Bi_ZsRE's successor ReMaKE reports in its place.
"""

import datetime
import importlib.metadata
import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.stats import hmean

TARGET = Path(__file__).parents[2] / "test" / "golden" / "evals" / "editing-metrics.golden.json"
SEED = 20261126
random.seed(SEED)


def n_gram_entropy(words, n):
    grams = Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
    freqs = np.array(list(grams.values()), dtype=float)
    freqs = freqs / freqs.sum()
    return float(np.sum(-freqs * np.log(freqs) / np.log(2)))


def fluency(words):
    return float(np.mean(np.array([n_gram_entropy(words, 2), n_gram_entropy(words, 3)]) * np.array([2 / 3, 4 / 3])))


def rank_c(pairs, kind):
    total = 0.0
    for first, second in pairs:
        n = len(first)
        order = np.array([n - j for j in range(n)], dtype=float)
        weights = {"softmax": np.exp(order) / np.exp(order).sum(), "linear": order / order.sum(), "squared": order**2 / (order**2).sum()}[kind]
        shares = [len(set(first[: j + 1]) & set(second[: j + 1])) / (j + 1) for j in range(n)]
        total += float(np.dot(weights, shares))
    return total / len(pairs)


def scores(cases):
    def over(kind, measure):
        return float(np.mean([np.mean([measure(*prompt) for prompt in case[kind]]) for case in cases]))

    es = over("rewrite", lambda new, old: float(new > old))
    ps = over("paraphrase", lambda new, old: float(new > old))
    ns = over("neighbour", lambda new, old: float(old > new))
    return {
        "es": es,
        "em": over("rewrite", lambda new, old: new - old),
        "ps": ps,
        "pm": over("paraphrase", lambda new, old: new - old),
        "ns": ns,
        "nm": over("neighbour", lambda new, old: old - new),
        "score": 0.0 if min(es, ps, ns) == 0 else float(hmean([es, ps, ns])),
    }


def f1(candidate, reference):
    shared = sum((Counter(candidate) & Counter(reference)).values())
    if shared == 0:
        return 0.0, 0.0
    p, r = shared / len(candidate), shared / len(reference)
    return 2 * p * r / (p + r), p * r


words = "to be or not that is the question whether".split()
texts = [[random.choice(words[: 2 + k % 7]) for _ in range(4 + 3 * k)] for k in range(10)]
rankings = [(list(range(n)), random.sample(range(n), n)) for n in (1, 2, 3, 5, 8, 10, 10, 17)]
prompt = lambda: (round(random.random(), 6), round(random.random(), 6))
cases = [[{"rewrite": [prompt()], "paraphrase": [prompt(), prompt()], "neighbour": [prompt() for _ in range(5)]} for _ in range(n)] for n in (1, 4, 20)]
pairs = [(random.choices("abcdef", k=random.randint(0, 6)), random.choices("abcdef", k=random.randint(0, 6))) for _ in range(40)]
golden = {
    "generated": {
        "script": "scripts/golden/evals-editing-metrics.py",
        "versions": {name: importlib.metadata.version(name) for name in ("numpy", "scipy")},
        "seed": SEED,
        "date": datetime.date.today().isoformat(),
    },
    "entropy": [{"words": text, "h2": n_gram_entropy(text, 2), "h3": n_gram_entropy(text, 3), "fluency": fluency(text)} for text in texts],
    "rankC": {kind: [{"first": a, "second": b, "value": rank_c([(a, b)], kind)} for a, b in rankings] for kind in ("softmax", "linear", "squared")},
    "counterfact": [{"cases": group, "scores": scores(group)} for group in cases],
    "f1": [{"candidate": a, "reference": b, "f1": f1(a, b)[0], "product": f1(a, b)[1]} for a, b in pairs],
}
TARGET.write_text(json.dumps(golden, indent=1) + "\n")
