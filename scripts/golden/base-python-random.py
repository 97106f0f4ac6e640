"""Draws from CPython's random.Random, to which src/base/random/python-random.ts is held."""

import json
import random
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "test" / "golden" / "base" / "python-random.golden.json"
SEEDS = [0, 1, -7, 42, 2**32 - 1, 2**32, 2**53 - 1, 2**64 + 5, 10**60, "", "mmneedle", "Nadel im Heuhäufchen", b"\x00\xff"]


def written(seed):
    """JSON has no big integers and no bytes: both travel as text with their kind beside them."""
    if isinstance(seed, bytes):
        return {"kind": "bytes", "text": seed.hex()}
    return {"kind": "int" if isinstance(seed, int) else "str", "text": str(seed)}


def draws(seed):
    r = random.Random(seed)
    return {
        "seed": written(seed),
        "getrandbits": [[bits, r.getrandbits(bits)] for bits in (0, 1, 5, 31, 32, 33, 47, 53)],
        "random": [r.random() for _ in range(4)],
        "randint": [r.randint(*bounds) for bounds in ((0, 0), (0, 3), (-5, 5), (1, 40504), (0, 2**40))],
        "randrange": [r.randrange(*bounds) for bounds in ((7,), (3, 9), (0, 10, 3), (10, 0, -3), (-4, 2**50, 7))],
        "choice": [r.choice("abcdefg") for _ in range(8)],
        "uniform": [r.uniform(-2.5, 4.0) for _ in range(3)],
        "gauss": [r.gauss(1.5, 2.0) for _ in range(5)],
        "choices": r.choices(range(100), k=6),
        "weightedChoices": r.choices("xyz", weights=[1, 0.5, 3], k=8),
        "shuffle": shuffled(r, 12),
        "sample": [[n, k, r.sample(range(n), k)] for n, k in SAMPLES],
        "after": r.random(),
    }


# Both branches and both sides of the thresholds: 21 up to five elements, then 21 + 4 ** ceil(log(3k, 4)).
SAMPLES = [(0, 0), (5, 5), (21, 5), (22, 5), (85, 6), (86, 6), (85, 21), (86, 21), (277, 22), (278, 22), (1000, 40)]


def shuffled(r, size):
    values = list(range(size))
    r.shuffle(values)
    return values


def main():
    golden = {
        "generated": {
            "script": "scripts/golden/base-python-random.py",
            "versions": {"python": sys.version.split()[0]},
            "seed": "listed per case",
            "date": "2026-11-24",
        },
        "cases": [draws(seed) for seed in SEEDS],
        "longRun": {"seed": 7, "at": 100_000, "getrandbits32": far(7, 100_000)},
    }
    TARGET.write_text(json.dumps(golden, ensure_ascii=False) + "\n")


def far(seed, steps):
    r = random.Random(seed)
    for _ in range(steps):
        word = r.getrandbits(32)
    return word


main()
