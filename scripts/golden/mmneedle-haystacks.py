"""The needles that MMNeedle's own sampling scripts draw from 80 pictures, for a few small configurations.

    python scripts/golden/mmneedle-haystacks.py FOLDER

FOLDER holds sample_single_needle.py, sample_multiple_needles.py and utils.py, from
github.com/Wang-ML-Lab/multimodal-needle-in-a-haystack at commit debcaae. Their constants are edited as the authors did
by hand, and `os.listdir` sorts; nothing else is changed. The mosaics are drawn here: the released script cannot run.
"""

import json
import random
import re
import runpy
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch
import os

TARGET = Path(__file__).parents[2] / "test" / "golden" / "studies" / "mmneedle-haystacks.golden.json"
SETTINGS = [(1, 2, 1), (3, 2, 1), (3, 2, 2), (1, 2, 5), (3, 1, 2), (2, 3, 5)]
PICTURES, SAMPLES = 80, 20


def mosaics(side):
    random.seed(0)
    sources = [f"val2014/{at:03}.jpg" for at in range(PICTURES)]
    drawn = [[path] for path in random.sample(sources, SAMPLES)] if side == 1 else None
    drawn = drawn or [random.sample(sources, side * side) for _ in range(SAMPLES)]
    return {f"{at:04}.jpg": {f"{i // side}_{i % side}": path for i, path in enumerate(cells)} for at, cells in enumerate(drawn)}


def annotations(folder, pictures, side, needles):
    name = "sample_single_needle.py" if needles == 1 else "sample_multiple_needles.py"
    code = Path(folder, name).read_text()
    for constant, value in {"SEQUENCE_LENGTH": pictures, "N_SEQUENCES": SAMPLES, "N_ROW = N_COL": side, "N_NEEDLES": needles}.items():
        code = re.sub(rf"^    {constant} = \d+", f"    {constant} = {value}", code, flags=re.M)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        listings = {"val2014": [f"{at:03}.jpg" for at in range(PICTURES)], f"images_stitched/{side}_{side}": list(mosaics(side))}
        for place, files in listings.items():
            (root / place).mkdir(parents=True)
            for file in files:
                (root / place / file).touch()
        (root / "metadata_stitched").mkdir()
        (root / f"metadata_stitched/{side}_{side}.json").write_text(json.dumps(mosaics(side)))
        (root / "script.py").write_text(code)
        (root / "utils.py").write_text(Path(folder, "utils.py").read_text().replace("from IPython.display import Markdown", ""))
        listdir = os.listdir
        os.chdir(root)
        sys.path.insert(0, scratch)
        sys.modules.pop("utils", None)
        with patch("os.listdir", lambda path: sorted(listdir(path))):
            runpy.run_path("script.py", run_name="__main__")
        sys.path.remove(scratch)
        prefix = "" if needles == 1 else f"{needles}_"
        return json.loads((root / f"metadata_stitched/{prefix}annotations_{pictures}_{side}_{side}.json").read_text())


def main():
    folder = Path(sys.argv[1]).resolve()
    target = TARGET.resolve()
    cases = [
        {"pictures": m, "side": n, "needles": k, "mosaics": mosaics(n), "annotations": annotations(folder, m, n, k)}
        for m, n, k in SETTINGS
    ]
    generated = {
        "script": "scripts/golden/mmneedle-haystacks.py",
        "versions": {"python": sys.version.split()[0], "mmneedle": "debcaae"},
        "seed": 0,
        "date": "2026-11-24",
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"generated": generated, "cases": cases}, separators=(",", ":")) + "\n")


main()
