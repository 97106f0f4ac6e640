"""The tiny Llama of methods-editing.py as torch.save stores it: float16, in two files and an index.

Usage: python scripts/golden/methods-editing-bin.py
"""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file

ROOT = Path(__file__).parents[2] / "test" / "golden" / "methods"


def main():
    folder = ROOT / "editing-llama-bin"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    weights = {name: value.half() for name, value in load_file(ROOT / "editing-llama" / "model.safetensors").items()}
    parts = {
        "pytorch_model-00001-of-00002.bin": [name for name in weights if ".layers.2." not in name],
        "pytorch_model-00002-of-00002.bin": [name for name in weights if ".layers.2." in name],
    }
    for file, names in parts.items():
        torch.save({name: weights[name] for name in names}, folder / file)
    total = sum(value.nbytes for value in weights.values())
    index = {"metadata": {"total_size": total}, "weight_map": {name: file for file, names in parts.items() for name in names}}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2) + "\n")
    config = json.loads((ROOT / "editing-llama" / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "dtype": "float16"}, indent=2) + "\n")


main()
