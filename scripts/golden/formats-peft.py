"""Golden file of PEFT adapters: folders that PEFT writes, and the weight differences that it makes of them.

Usage: python scripts/golden/formats-peft.py > test/golden/formats/peft.golden.json
"""

import base64
import json
import tempfile
from pathlib import Path

import peft
import torch
from peft import LoraConfig, get_peft_model

SEED = 17
torch.manual_seed(SEED)


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj = torch.nn.Linear(6, 4, bias=False)
        self.v_proj = torch.nn.Linear(6, 4)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(5, 6)
        self.layers = torch.nn.ModuleList([Block(), Block()])
        self.head = torch.nn.Linear(4, 5)

    def forward(self, ids):
        x = self.embed(ids)
        for block in self.layers:
            x = torch.nn.functional.pad(block.q_proj(x) + block.v_proj(x), (0, 2))
        return self.head(x[..., :4])


def case(name, **options):
    model = get_peft_model(Model(), LoraConfig(**options))
    for key, parameter in model.named_parameters():
        if "lora_" in key or "modules_to_save" in key:
            torch.nn.init.normal_(parameter, std=0.5)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        config = json.loads((Path(folder) / "adapter_config.json").read_text())
        weights = base64.b64encode((Path(folder) / "adapter_model.safetensors").read_bytes()).decode()
    modules = {key: module for key, module in model.base_model.model.named_modules() if hasattr(module, "get_delta_weight")}
    deltas = {key: {"shape": list(d.shape), "values": d.flatten().tolist(), "scaling": m.scaling["default"]} for key, m in modules.items() for d in [m.get_delta_weight("default").detach()]}
    saved = {key.replace(".modules_to_save.default", ""): value.flatten().tolist() for key, value in model.base_model.model.state_dict().items() if ".modules_to_save.default" in key}
    return {"name": name, "config": config, "weights": weights, "deltas": deltas, "saved": saved}


cases = [
    case("plain", r=2, lora_alpha=8, target_modules=["q_proj", "v_proj"]),
    case("rank stabilised", r=4, lora_alpha=6, use_rslora=True, target_modules=r"layers\.\d+\.q_proj", lora_dropout=0.1),
    case("patterns", r=2, lora_alpha=4, target_modules=["q_proj", "v_proj"], rank_pattern={"layers.1.q_proj": 3}, alpha_pattern={"v_proj": 16}),
    case("whole head and embedding", r=2, lora_alpha=2, target_modules=["embed", "v_proj"], modules_to_save=["head"]),
    case("one layer", r=2, target_modules=["q_proj"], layers_to_transform=[1], layers_pattern="layers", init_lora_weights="gaussian"),
]
print(json.dumps({
    "generated": {"script": "scripts/golden/formats-peft.py", "versions": {"torch": torch.__version__.split("+")[0], "peft": peft.__version__}, "seed": SEED, "date": "2026-11-25"},
    "cases": cases,
}))
