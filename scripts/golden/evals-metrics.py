"""What the reference implementations say of texts of our making: chrF, BLEU, B-Norm, ROUGE, edit similarity, BM25, tf-idf.

    python scripts/golden/evals-metrics.py FOLDER

FOLDER holds b_norm.py of github.com/JetBrains-Research/lca-baselines at 5b1b564 (commit_message_generation/src/metrics/
reused_implementations), which runs unmodified. Needs sacrebleu, nltk, rouge, rouge-score, thefuzz, rank-bm25, scikit-learn.
"""

import importlib.metadata
import json
import random
import sys
from pathlib import Path

from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from rank_bm25 import BM25Okapi
from rouge import Rouge
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF
from sklearn.feature_extraction.text import TfidfVectorizer
from thefuzz import fuzz

sys.path.insert(0, sys.argv[1])
import b_norm  # noqa: E402

TARGET = Path(__file__).parents[2] / "test" / "golden" / "evals" / "metrics.golden.json"
SEED = 20261125
PACKAGES = ("sacrebleu", "nltk", "rouge", "rouge-score", "thefuzz", "rapidfuzz", "rank-bm25", "scikit-learn")
CHRF_VARIANTS = {
    "default": ({}, {}),
    "whitespace": ({"whitespace": True}, {"whitespace": True}),
    "words": ({"word_order": 2}, {"wordOrder": 2}),
    "lowercase": ({"lowercase": True}, {"lowercase": True}),
    "eps": ({"eps_smoothing": True}, {"epsSmoothing": True}),
    "recall": ({"beta": 1, "char_order": 3}, {"beta": 1, "charOrder": 3}),
}

HAND = [
    ("the cat sat on the mat", ["the cat sat on the mat"]),
    ("the cat on the mat", ["the cat sat on the mat"]),
    ("the the the the", ["the cat sat on the mat", "on the mat the cat"]),
    ("a b c x y z", ["a b c d e f"]),
    ("", ["something"]),
    ("something", [""]),
    ("", [""]),
    (" \t\n", ["\u00a0\u2003 "]),
    ("x", ["y"]),
    ("a b", ["a b"]),
    ("Fix bug in get_user_name() (#1,234.5), see e.g. foo-bar.", ["Fixes the bug in getUserName(), 1,234.5 & more."]),
    ("word-\nwrapped text <skipped> &quot;quoted&quot; &amp;lt; 5-3", ['wordwrapped text "quoted" &lt; 5 - 3 -\n']),
    ("na\u00efve caf\u00e9 \u00dcBER stra\u00dfe \u0130stanbul", ["naive cafe uber strasse istanbul", "na\u00efve CAF\u00c9 \u00fcber STRASSE"]),
    ("\U0001f600\U0001f601 \U0001f468\u200d\U0001f469\u200d\U0001f467 ok", ["\U0001f601\U0001f600 \U0001f468\u200d\U0001f469 ok"]),
    ("\u4f60\u597d\uff0c\u4e16\u754c\u3002 2.5\u500d", ["\u4f60\u597d\u4e16\u754c 2,5\u500d", "\u4e16\u754c\u4f60\u597d"]),
    ("\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0633\u0644\u0627\u0645 \u0644\u202e", ["\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0633\u0644\u0627\u0645"]),
    ("e\u0301 \u0e01\u0e33 \u200bzero\ufeffwidth", ["\u00e9 \u0e01\u0e33 zero width"]),
    ("a\x1cb\x1db\x1ec\x1fd\x85e\u2028f", ["a b b c d e f"]),
    ("One. Two words. . .. Three words here.", ["Two words. One. Three words there."]),
    ("a.b.c.d", ["a.b.c.d."]),
    (".", ["..."]),
    ("the police killed the gunman. the gunman police killed", ["police killed the gunman. they ended it"]),
    ("w1 w2 w6 w7 w8. w1 w3 w8 w9 w5", ["w1 w2 w3 w4 w5", "w5 w4 w3"]),
    ("aaaaaaaaaa", ["aaaa", "aaaaaaa"]),
    ("(hi) 'tis !? \"quoted\" it's", ["'hi' (tis) !? it's quoted"]),
    ("abcde", ["abdec", "xbcdex", "bcd"]),
    ("\u00b2\u00bd\u2167 x\u0301y _a__b_ \u0661\u0662", ["2 1/2 VIII xy a b 12"]),
]


def made():
    """Texts of few words, so that n-grams repeat and match."""
    random.seed(SEED)
    words = ["a", "b", "the", "cat", "Cat", "fix", "_x", "1.5", "it's", "n-1", "\u00e9", "\U0001f600", "."]
    gaps = [" ", " ", " ", "  ", "\n", ", ", ". "]

    def text(most):
        return "".join(random.choice(words) + random.choice(gaps) for _ in range(random.randint(0, most)))

    for _ in range(60):
        yield text(25), [text(25) for _ in range(random.choice([1, 1, 1, 2, 3]))]
    for _ in range(4):
        yield text(400), [text(400)]


def rouge_py(candidate, reference):
    try:
        return Rouge(metrics=["rouge-l"]).get_scores(candidate, reference)[0]["rouge-l"]["f"]
    except (ValueError, ZeroDivisionError):
        return 0


def b_norm_of(candidate, reference):
    cut = [b_norm.splitPuncts(text.strip().lower()) for text in (candidate, reference)]
    return b_norm.bleuFromMaps({0: [cut[1]]}, {0: [cut[0]]})[0]


def scores(candidate, references):
    smoothing = SmoothingFunction().method3
    best = RougeScorer(["rouge1", "rouge2", "rougeL"]).score_multi(references, candidate)
    chrf = {name: CHRF(**variant).sentence_score(candidate, references).score for name, (variant, _) in CHRF_VARIANTS.items()}
    return {
        "chrf": chrf,
        "bleu": BLEU(effective_order=True).sentence_score(candidate, references).score,
        "bleu-lc": BLEU(effective_order=True, lowercase=True).sentence_score(candidate, references).score,
        "bleu-nltk3": sentence_bleu([one.split() for one in references], candidate.split(), smoothing_function=smoothing),
        "rouge-1": 100 * best["rouge1"].fmeasure,
        "rouge-2": 100 * best["rouge2"].fmeasure,
        "rouge-l": 100 * best["rougeL"].fmeasure,
        # The rest takes one reference: the first.
        "rouge-l-py": rouge_py(candidate, references[0]),
        "b-norm": b_norm_of(candidate, references[0]),
        "edit-similarity": fuzz.ratio(candidate, references[0]),
    }


def corpus(pairs):
    candidates = [candidate for candidate, _ in pairs]
    most = max(len(references) for _, references in pairs)
    streams = [[refs[at] if at < len(refs) else None for _, refs in pairs] for at in range(most)]
    metrics = {"chrf": CHRF(), "bleu": BLEU()}
    result = {name: {"score": metric.corpus_score(candidates, streams).score} for name, metric in metrics.items()}
    for name, metric in metrics.items():
        result[name]["signature"] = str(metric.get_signature())
    return result


def rankings():
    random.seed(SEED)
    words = [f"w{at}" for at in range(30)]
    for size in (1, 2, 5, 40, 200):
        documents = [random.choices(words, weights=range(30, 0, -1), k=random.randint(1, 12)) for _ in range(size)]
        query = random.choices([*words, "unknown"], k=8)
        vectors = TfidfVectorizer(analyzer=lambda tokens: tokens).fit_transform([query, *documents])
        yield {
            "query": query,
            "documents": documents,
            "bm25": BM25Okapi(documents).get_scores(query).tolist(),
            "bm25-other": BM25Okapi(documents, k1=0.9, b=0.4, epsilon=0.1).get_scores(query).tolist(),
            "tf-idf": (vectors[1:] @ vectors[0].T).toarray()[:, 0].tolist(),
        }


def main():
    pairs = [*HAND, *made()]
    generated = {
        "script": "scripts/golden/evals-metrics.py",
        "versions": {"python": sys.version.split()[0], **{name: importlib.metadata.version(name) for name in PACKAGES}},
        "seed": SEED,
        "date": "2026-11-25",
    }
    content = {
        "generated": generated,
        "chrfOptions": {name: ours for name, (_, ours) in CHRF_VARIANTS.items()},
        "pairs": [{"candidate": c, "references": r, "scores": scores(c, r)} for c, r in pairs],
        "corpus": corpus(pairs),
        "corpusOfOne": corpus([(c, r[:1]) for c, r in pairs]),
        "rankings": list(rankings()),
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
