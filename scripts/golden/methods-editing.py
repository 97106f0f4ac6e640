"""ROME and MEMIT after the published algorithm on tiny random language models, on given token ids.

The algorithm is that of bench/peers/editing.py, which the benchmark times too.

Their four blocks leave room above the edited ones. Weights are drawn wider than a fresh model's.

Usage: python scripts/golden/methods-editing.py
"""

import json
import shutil
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "bench" / "peers"))

from editing import Editable, memit, rome  # noqa: E402

ROOT = REPOSITORY / "test" / "golden" / "methods"
SEED = 20261126
V, TEXTS = 64, 3
SMALL = {"vocab_size": V, "hidden_size": 16, "num_hidden_layers": 4, "num_attention_heads": 4, "max_position_embeddings": 32}
ENDS = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": None}
MODELS = {
    "gpt2": GPT2Config(**SMALL, **ENDS, n_inner=24),
    "llama": LlamaConfig(**SMALL, **ENDS, intermediate_size=24, num_key_value_heads=2),
}
ROME = {"learningRate": 0.5, "steps": 8, "decay": 0.5, "divergenceWeight": 0.0625, "clamp": 3, "enough": 0.05}
MEMIT = {**ROME, "clamp": 0.75, "decay": 0.01, "covarianceWeight": 0.5}


def text(draw, subject, relation, target, prefix):
    ids = [*draw(prefix), *subject, *relation, *target[:-1]]
    return {"ids": ids, "lookup": prefix + len(subject) - 1, "targets": target}


def request(draw, target_length):
    subject, relation, target = draw(2), draw(3), draw(target_length)
    rewrites = [text(draw, subject, relation, target, prefix) for prefix in [0, 3, 5][:TEXTS]]
    return {"rewrites": rewrites, "essence": {"ids": subject, "lookup": len(subject) - 1}}


def moment(generator, size):
    keys = torch.randn(4 * size, size, generator=generator)
    return (keys.T @ keys) / len(keys)


def written(value):
    return {"shape": list(value.shape), "data": [float(f"{x:.8g}") for x in value.flatten().tolist()]}


def save(name, config):
    torch.manual_seed(SEED)
    model = AutoModelForCausalLM.from_config(config)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.25)
    folder = ROOT / f"editing-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    return folder


def case(name, layer, layers):
    generator = torch.Generator().manual_seed(SEED)
    draw = lambda count: torch.randint(3, V, (count,), generator=generator).tolist()  # noqa: E731
    editable = Editable(save(name, MODELS[name]))
    requests = [request(draw, length) for length in [1, 2, 3]]
    size = editable.weight(layer).shape[0]
    moments = {at: moment(generator, size) for at in layers}
    one = rome(editable, requests[1], layer, ROME, torch.inverse(moments[layer]))
    many = memit(editable, requests, layers, MEMIT, moments)
    return {
        "name": name,
        "requests": requests,
        "moments": {str(at): written(value) for at, value in moments.items()},
        "rome": {
            "layer": layer,
            "request": 1,
            "numbers": ROME,
            "losses": one["losses"],
            **{key: written(one[key]) for key in ["delta", "origin", "key", "meanKey", "left", "right"]},
        },
        "memit": {
            "layers": layers,
            "numbers": MEMIT,
            "losses": [target["losses"] for target in many["targets"]],
            "deltas": [written(target["delta"]) for target in many["targets"]],
            "updates": [written(update) for update in many["updates"]],
        },
    }


versions = {"torch": torch.__version__, "transformers": transformers.__version__}
generated = {"script": "scripts/golden/methods-editing.py", "versions": versions, "seed": SEED, "date": "2026-11-26"}
cases = [case(name, 1, [0, 1, 2]) for name in MODELS]
(ROOT / "editing.golden.json").write_text(json.dumps({"generated": generated, "cases": cases}) + "\n")
