"""The work of bench/metrics.ts in sacreBLEU, bm25s and rank_bm25.

Takes the file of texts, reads one job's name a line on standard input, answers with its seconds and its value.
"""

import importlib.metadata
import json
import sys
import time

import bm25s
from rank_bm25 import BM25Okapi
from sacrebleu.metrics import BLEU, CHRF


def corpus(metric, texts):
    candidates = [pair["candidate"] for pair in texts["pairs"]]
    return metric.corpus_score(candidates, [[pair["reference"] for pair in texts["pairs"]]]).score


def with_bm25s(texts):
    index = bm25s.BM25(k1=1.5, b=0.75)
    index.index(texts["documents"], show_progress=False)
    return sum(float(index.get_scores(query).sum()) for query in texts["queries"])


def with_rank_bm25(texts):
    index = BM25Okapi(texts["documents"])
    return sum(float(index.get_scores(query).sum()) for query in texts["queries"])


# A new metric each time: sacreBLEU's tokenizer remembers every line it has seen.
JOBS = {
    "chrf": lambda texts: corpus(CHRF(), texts),
    "bleu": lambda texts: corpus(BLEU(), texts),
    "bm25s": with_bm25s,
    "rank-bm25": with_rank_bm25,
}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = json.load(file)
    versions = {name: importlib.metadata.version(name) for name in ("sacrebleu", "bm25s", "rank-bm25", "numpy")}
    print(json.dumps({"python": sys.version.split()[0], **versions}), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        value = JOBS[line.strip()](texts)
        print(json.dumps({"seconds": time.perf_counter() - start, "value": value}), flush=True)


if __name__ == "__main__":
    main()
