"""Tiny random vision models as Hugging Face folders, with transformers' activations at every tap.

Weights are drawn wider than a fresh model's, so that no part of the figure is near to doing nothing. Pictures that are not
of the trained size go through transformers' own interpolation of positions.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
import transformers
from transformers import (
    CLIPConfig,
    CLIPModel,
    DeiTConfig,
    DeiTForImageClassification,
    DeiTForImageClassificationWithTeacher,
    ViTConfig,
    ViTForImageClassification,
    ViTModel,
)

ROOT = Path(__file__).parents[2] / "test" / "golden" / "models"
SEED = 20261126
N = 2

SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24}
SEES = {**SMALL, "image_size": 8, "patch_size": 4}
NAMED = {"id2label": {0: "smear", 1: "sign", 2: "square"}}

# Name → model, and the height and width of its pictures. The larger picture is seen by the model of the first.
VARIATIONS = {
    "vit": (ViTForImageClassification, ViTConfig(**SEES, **NAMED), (8, 8)),
    "vit-larger-picture": (ViTForImageClassification, ViTConfig(**SEES, **NAMED), (20, 12)),
    "vit-base": (ViTModel, ViTConfig(**{**SEES, "patch_size": 2}, qkv_bias=False, hidden_act="gelu_new", layer_norm_eps=1e-6), (8, 8)),
    "deit": (DeiTForImageClassification, DeiTConfig(**SEES, **NAMED), (8, 8)),
    "deit-distilled": (DeiTForImageClassificationWithTeacher, DeiTConfig(**SEES, **NAMED), (12, 16)),
}


def drawn(model):
    """Every parameter drawn anew: matrices at 1/√in, scales around one, offsets and tokens around zero."""
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() == 0:
                parameter.copy_(1 + noise * 0.2)
            elif parameter.dim() == 2:
                parameter.copy_(noise * 1.2 / min(parameter.shape) ** 0.5)
            elif parameter.dim() == 4:
                parameter.copy_(noise * 1.2 / parameter[0].numel() ** 0.5)
            elif name.endswith("norm.weight") or "norm_" in name and name.endswith("weight") or "norm1.weight" in name or "norm2.weight" in name:
                parameter.copy_(1 + noise * 0.2)
            else:
                parameter.copy_(noise * 0.3)
    return model


class Recorder:
    """Collects activations under the names of src/models/taps.ts."""

    def __init__(self):
        self.taps = {}
        self.undo = []
        self.where = ""

    def listen(self, blocks, prefix, last, module):
        for at, block in enumerate(blocks):
            attention = getattr(block, "self_attn", None) or block.attention
            name = f"{prefix}blocks.{at}"
            self.keep(block, f"{name}.residual")
            self.keep(attention, f"{name}.attention.output")
            self.keep(block.mlp, f"{name}.mlp.output")
            block.mlp.fc2.register_forward_pre_hook(lambda _m, x, name=name: self.put(f"{name}.mlp.coefficients", x[0]))
            block.mlp.register_forward_pre_hook(lambda _m, x, name=name: self.put(f"{name}.mlp.input", x[0]))
            attention.register_forward_pre_hook(lambda _m, _x, name=name: setattr(self, "where", name))
        self.keep(last, f"{prefix}finalNorm")
        if self.undo:
            return
        eager = module.eager_attention_forward

        def recording(*args, **kwargs):
            _, query, key, value = args[:4]
            output, pattern = eager(*args, **kwargs)
            parts = {"query": query, "key": key, "value": value, "pattern": pattern, "heads": output.transpose(1, 2)}
            for part, tensor in parts.items():
                self.put(f"{self.where}.attention.{part}", tensor)
            return output, pattern

        module.eager_attention_forward = recording
        self.undo.append(lambda: setattr(module, "eager_attention_forward", eager))

    def keep(self, module, name):
        module.register_forward_hook(lambda _m, _x, y: self.put(name, y[0] if isinstance(y, tuple) else y))

    def put(self, name, value):
        self.taps[name] = value.detach().clone()

    def end(self):
        for undo in self.undo:
            undo()
        return {name: written(value) for name, value in self.taps.items()}


def written(value):
    return {"shape": list(value.shape), "data": [float(f"{x:.8g}") for x in value.flatten().tolist()]}


def activations(model, pixels):
    recorder = Recorder()
    base = getattr(model, model.base_model_prefix, model)
    recorder.listen(base.layers, "", base.layernorm, sys.modules[type(base).__module__])
    with torch.no_grad():
        result = model(pixels, output_hidden_states=True, interpolate_pos_encoding=True)
    recorder.put("embedding", result.hidden_states[0])
    if hasattr(result, "logits"):
        recorder.put("logits", result.logits)
    return recorder.end()


def clip_activations(model, pixels, ids):
    recorder = Recorder()
    module = sys.modules[type(model).__module__]
    recorder.listen(model.vision_model.encoder.layers, "vision.", model.vision_model.post_layernorm, module)
    recorder.listen(model.text_model.encoder.layers, "text.", model.text_model.final_layer_norm, module)
    recorder.keep(model.vision_model.pre_layrnorm, "vision.embedding")
    recorder.keep(model.text_model.embeddings, "text.embedding")
    with torch.no_grad():
        result = model(input_ids=ids, pixel_values=pixels, interpolate_pos_encoding=True)
    recorder.put("vision.vector", result.image_embeds)
    recorder.put("text.vector", result.text_embeds)
    recorder.put("logits", result.logits_per_image)
    return recorder.end()


def save(model, name):
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    return folder


def golden(name, model, content):
    record = {
        "generated": {
            "script": "scripts/golden/models-vision.py",
            "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
            "seed": SEED,
            "date": "2026-11-26",
        },
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        **content,
    }
    (ROOT / f"{name}.golden.json").write_text(json.dumps(record) + "\n")


def clip():
    reads = {**SMALL, "vocab_size": 64, "max_position_embeddings": 16, "bos_token_id": 62, "eos_token_id": 63, "pad_token_id": 63}
    sees = {**SEES, "hidden_size": 24, "num_attention_heads": 3}
    config = CLIPConfig(text_config=reads, vision_config=sees, projection_dim=8)
    model = drawn(CLIPModel._from_config(config, attn_implementation="eager")).eval()
    folder = save(model, "clip")
    pixels = torch.randn(N, 3, 8, 12)
    ids = torch.tensor([[62, 5, 9, 33, 63, 63, 63], [62, 8, 8, 1, 2, 40, 63], [62, 63, 63, 63, 63, 63, 63]])
    taps = clip_activations(model, pixels, ids)
    golden("clip", model, {"pixels": written(pixels), "inputIds": ids.tolist(), "taps": taps})
    # As the first files of the authors have it: an end token that says nothing, and the highest number counts.
    model.text_model.eos_token_id = 2
    taps = clip_activations(model, pixels, ids)
    legacy = ROOT / "clip-legacy"
    shutil.rmtree(legacy, ignore_errors=True)
    shutil.copytree(folder, legacy)
    config = json.loads((legacy / "config.json").read_text())
    config["text_config"]["eos_token_id"] = 2
    (legacy / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    golden("clip-legacy", model, {"pixels": written(pixels), "inputIds": ids.tolist(), "taps": {"text.vector": taps["text.vector"], "logits": taps["logits"]}})


def main():
    torch.manual_seed(SEED)
    for name, (kind, config, size) in VARIATIONS.items():
        model = drawn(kind._from_config(config, attn_implementation="eager")).eval()
        if name != "vit-larger-picture":
            save(model, name)
        pixels = torch.randn(N, 3, *size)
        golden(name, model, {"pixels": written(pixels), "taps": activations(model, pixels)})
    clip()


main()
