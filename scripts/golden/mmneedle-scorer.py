"""What MMNeedle's own evaluate.py and evaluate_multi.py print for response files of our making.

    python scripts/golden/mmneedle-scorer.py FOLDER

FOLDER holds the two scripts, from github.com/Wang-ML-Lab/multimodal-needle-in-a-haystack at commit debcaae. They run
unmodified, each file in a process of its own; only the plotting packages that they import are replaced by nothing.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = Path(__file__).parents[2] / "test" / "golden" / "studies" / "mmneedle-scorer.golden.json"
SEED = 20261124
NO_PLOTS = """
import sys
from unittest.mock import MagicMock
for name in ("matplotlib", "matplotlib.pyplot", "matplotlib.colors", "pandas", "seaborn", "numpy"):
    sys.modules[name] = MagicMock()
"""
NAMES = {
    "Exist": "existence",
    "Index": "index",
    "Exact": "exact",
    "First index": "firstIndex",
    "First exact": "firstExact",
    "All index": "allIndex",
    "All exact": "allExact",
}

ONE = ["2, 3, 1", "2,3,1", " 2, 3, 1.", "2, 3, 1\nA dog.", "(2, 3, 1)", "2", "2, ", "2, 3, 2", "-1", "-1.", "-1, -1, -1"]
ONE += ["", ".", "0, 0, 0", "\x1c2, 3, 1\x85", "\ufeff2, 3, 1", ". 2, 3, 1 .", "\t-1\r\n", "2, 3, 1, 4", "\u20112, 3, 1"]
MANY = ["2, 3, 1; 1, 1, 1", "2, 3, 1 ;1, 1, 1", "2, 3, 1;  1, 1, 1 ", "1, 1, 1; 2, 3, 1", "2, 3, 1", "2; 1", "-1", "-1; -1"]
MANY += ["-1;-1", "-1, -1", "-1-1", "-1, -1, -1; -1, -1, -1", "-1; -1; -1", "2, 3, 1; -1", "; ", "", "2, 9, 9; 1, 1, 1; x"]
MANY += ["2, 3, 1; \n1, 1, 1", "2, 3, 1.; 1, 1, 1", "-1;\n-1", "0, 0, 0; 0, 0, 0", "-1-1-1", "-1, -1, -1"]


def entries(truths, responses):
    return [{"id": at, "ground_truth": truth, "response": response} for at, (truth, response) in enumerate(zip(truths, responses))]


def files():
    """(needles, entries) of every file that is scored."""
    for response in ONE:
        for truth in ("2, 3, 1", "0, 0, 0"):
            yield 1, entries([truth], [response])
    for response in MANY:
        for truth in ("2, 3, 1; 1, 1, 1", "0, 0, 0; 0, 0, 0", "2, 3, 1; 1, 1, 1; 2, 3, 1", "0, 0, 0; 0, 0, 0; 0, 0, 0"):
            yield truth.count(";") + 1, entries([truth], [response])
    one, none = "2, 3, 1", "0, 0, 0"
    yield 1, entries([one, none], ["2, 3, 1", "-1"])  # ends absent: only existence is printed
    yield 1, entries([none, one], ["-1", "2, 3, 1"])  # ends present: absent needles count too
    yield 1, entries([none, none], ["-1", None])  # ends unanswered: index and exact are printed for absent needles
    yield 1, entries([none, none, one], ["0, 0, 0", "-1", None])
    yield 1, entries([one] * 8, ["2, 3, 1"] + ["2"] * 2 + [None] + ["-1"] * 4)  # 1 of 7
    yield 1, entries([one] * 32, ["2, 3, 1"] + ["2, 1, 1"] * 2 + ["-1"] * 29)  # 3.125 prints as 3.12
    yield 2, entries([f"{one}; {one}", f"{none}; {none}"], [f"{one}; {one}", None])
    yield 2, entries([f"{one}; {none}", f"{none}; {one}"], [f"{one}; -1", f"-1; {one}"])  # mixed, unknown to the scripts
    random.seed(SEED)
    for _ in range(12):
        needles = random.choice([1, 1, 2, 3])
        truth = "; ".join(random.choice([one, "1, 1, 1"]) for _ in range(needles))
        absent = "; ".join([none] * needles)
        truths = [random.choice([truth, absent]) for _ in range(30)]
        pieces = ["2, 3, 1", "1, 1, 1", "-1", "; ", "; ", ";", ", ", ".", "\n", " ", "2", "0"]
        answers = ["".join(random.choices(pieces, k=random.randint(1, 5))) for _ in range(30)]
        answers = [random.choice([answer, truth, "-1", None]) for answer in answers]
        answers[0] = truth  # a file without any answer makes evaluate.py fail
        yield needles, entries(truths, answers)


def printed(folder, needles, responses):
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch, "response", "COCO_val2014_5000_5099")
        place.mkdir(parents=True)
        name = "Own_cases_1_3_3.json" if needles == 1 else f"Own_cases_1_3_3_needles_{needles}.json"
        (place / name).write_text(json.dumps(responses))
        Path(scratch, "sitecustomize.py").write_text(NO_PLOTS)
        script = Path(folder, "evaluate.py" if needles == 1 else "evaluate_multi.py").resolve()
        environment = {**os.environ, "BEGIN": "5000", "N_SEQ": "100", "PYTHONPATH": scratch}
        run = subprocess.run([sys.executable, script], cwd=scratch, env=environment, capture_output=True, text=True)
    found = re.findall(r"^([\w ]+) accuracy: ([\d.]+)$", run.stdout, re.M)
    empty = re.search(r"^Empty ids: (\d+),", run.stdout, re.M)
    assert empty, run.stderr
    return {"metrics": {NAMES[name]: float(value) for name, value in found}, "empty": int(empty[1])}


def main():
    cases = [{"needles": k, "entries": rows, **printed(sys.argv[1], k, rows)} for k, rows in files()]
    generated = {
        "script": "scripts/golden/mmneedle-scorer.py",
        "versions": {"python": sys.version.split()[0], "mmneedle": "debcaae"},
        "seed": SEED,
        "date": "2026-11-24",
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps({"generated": generated, "cases": cases}, separators=(",", ":")) + "\n")


main()
