"""PEFT adapters on the tiny language models of test/golden/models: their folders, what the models answer with them, and
the gradient of one loss by every matrix.

Usage: python scripts/golden/methods-lora.py, after scripts/golden/models-decoders.py
"""

import json
import shutil
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

ROOT = Path(__file__).parents[2] / "test" / "golden"
SEED = 20261125
IDS = [[3, 8, 13, 18, 23, 28, 33], [5, 1, 60, 22, 9, 9, 41]]

ALL_LLAMA = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = {
    "llama": {"r": 3, "lora_alpha": 7, "target_modules": ["q_proj", "v_proj"]},
    "llama-patterns": {
        "base": "llama",
        "r": 4,
        "lora_alpha": 6,
        "use_rslora": True,
        "target_modules": ALL_LLAMA,
        "rank_pattern": {"layers.1.self_attn.q_proj": 2},
        "alpha_pattern": {"down_proj": 10},
    },
    "gpt2": {"r": 2, "lora_alpha": 8, "target_modules": ["c_attn", "c_fc", "c_proj"], "fan_in_fan_out": True},
    "neox": {"r": 2, "lora_alpha": 4, "target_modules": ["query_key_value", "dense"]},
}


def case(name, base=None, **options):
    torch.manual_seed(SEED)
    folder = ROOT / "models" / (base or name)
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **options))
    for key, parameter in adapted.named_parameters():
        if "lora_" in key:
            torch.nn.init.normal_(parameter, std=0.2)
    target = ROOT / "methods" / f"lora-{name}"
    shutil.rmtree(target, ignore_errors=True)
    adapted.save_pretrained(target)
    (target / "README.md").unlink(missing_ok=True)
    config = json.loads((target / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = base or name
    config["target_modules"] = sorted(config["target_modules"])
    (target / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    ids = torch.tensor(IDS)
    logits = adapted(ids).logits
    loss = torch.nn.functional.cross_entropy(logits[:, :-1].reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1))
    loss.backward()
    gradients = {
        key.removeprefix("base_model.model.").replace(".default.weight", ""): written(parameter.grad)
        for key, parameter in adapted.named_parameters()
        if "lora_" in key
    }
    return {"name": name, "base": base or name, "logits": written(logits), "loss": loss.item(), "gradients": gradients}


def written(value):
    return {"shape": list(value.shape), "data": [float(f"{x:.8g}") for x in value.flatten().tolist()]}


versions = {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__}
record = {
    "generated": {"script": "scripts/golden/methods-lora.py", "versions": versions, "seed": SEED, "date": "2026-11-25"},
    "inputIds": IDS,
    "cases": [case(name, **options) for name, options in CASES.items()],
}
(ROOT / "methods").mkdir(exist_ok=True)
(ROOT / "methods" / "lora.golden.json").write_text(json.dumps(record) + "\n")
