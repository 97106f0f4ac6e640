"""Tiny random language models of every family as Hugging Face folders, with transformers' activations at every tap.

Each variation sets what a family can differ in. Weights are drawn wider than a fresh model's, so that no part of the
figure is near to doing nothing. The original layout of OLMo 1 is the port's tensors under the names and in the order
of its authors' own code: the inverse of transformers' convert_olmo_weights_to_hf.py.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import (
    Gemma2Config,
    GemmaConfig,
    GPT2Config,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    OlmoConfig,
    Qwen2Config,
    Qwen3Config,
)

ROOT = Path(__file__).parents[2] / "test" / "golden" / "models"
SEED = 20261125
B, T, V = 2, 9, 64

SMALL = {"vocab_size": V, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 32}
GATED = {**SMALL, "intermediate_size": 24}
ENDS = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": None}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 500000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 16,
}

YARN = {
    "rope_type": "yarn",
    "rope_theta": 10000.0,
    "factor": 4.0,
    "beta_fast": 2.0,
    "beta_slow": 0.1,
    "original_max_position_embeddings": 16,
}

# Name → configuration, and in which form its config.json stands: as transformers 5 writes it, or as 4 did.
VARIATIONS = {
    "llama": (LlamaConfig(**GATED, **ENDS, num_key_value_heads=2), "classic"),
    "llama3": (
        LlamaConfig(**GATED, **ENDS, num_key_value_heads=2, tie_word_embeddings=True, rope_parameters=LLAMA3),
        "classic",
    ),
    "llama-linear": (
        LlamaConfig(
            **GATED,
            **ENDS,
            num_key_value_heads=4,
            attention_bias=True,
            mlp_bias=True,
            rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0},
        ),
        "current",
    ),
    "llama-yarn": (LlamaConfig(**GATED, **ENDS, num_key_value_heads=2, head_dim=16, rope_parameters=YARN), "classic"),
    "mistral": (MistralConfig(**GATED, **ENDS, num_key_value_heads=2, head_dim=8, sliding_window=4), "current"),
    "qwen2": (Qwen2Config(**GATED, **ENDS, num_key_value_heads=2, tie_word_embeddings=True), "classic"),
    "gemma": (GemmaConfig(**GATED, **{**ENDS, "pad_token_id": 0}, num_key_value_heads=1, head_dim=8), "current"),
    "gemma2": (
        Gemma2Config(
            **GATED,
            **{**ENDS, "pad_token_id": 0},
            num_key_value_heads=2,
            head_dim=8,
            query_pre_attn_scalar=12,
            sliding_window=4,
            attn_logit_softcapping=1.5,
            final_logit_softcapping=2.0,
        ),
        "current",
    ),
    "qwen3": (Qwen3Config(**GATED, **ENDS, num_key_value_heads=2, head_dim=8), "classic"),
    "gpt2": (GPT2Config(vocab_size=V, n_positions=32, n_embd=16, n_layer=2, n_head=4, bos_token_id=1, eos_token_id=2), "current"),
    "neox": (GPTNeoXConfig(**GATED, bos_token_id=1, eos_token_id=2, rotary_pct=0.5), "classic"),
    "neox-sequential": (
        GPTNeoXConfig(**GATED, bos_token_id=1, eos_token_id=2, rotary_pct=1.0, use_parallel_residual=False, hidden_act="gelu_fast"),
        "current",
    ),
    "olmo": (OlmoConfig(**GATED, **{**ENDS, "pad_token_id": 1}, num_key_value_heads=4, clip_qkv=0.8), "current"),
}


def drawn(model):
    """Every parameter drawn anew: matrices at 1/√in, scales around one, offsets around zero."""
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() == 2:
                parameter.copy_(noise * 1.2 / min(parameter.shape) ** 0.5)
            elif name.endswith("bias") or model.config.model_type.startswith("gemma"):
                parameter.copy_(noise * 0.3)
            else:
                parameter.copy_(1 + noise * 0.2)
    return model


class Recorder:
    """Collects activations under the names of src/models/taps.ts."""

    def __init__(self, model):
        self.taps = {}
        self.layer = -1
        base = model.base_model
        blocks = base.h if hasattr(base, "h") else base.layers
        for at, block in enumerate(blocks):
            attention = getattr(block, "self_attn", None) or getattr(block, "attn", None) or block.attention
            self.keep(block, f"blocks.{at}.residual")
            # Where a sublayer's output is normalised, that is what is added to the residual.
            both = hasattr(block, "post_feedforward_layernorm")
            self.keep(block.post_attention_layernorm if both else attention, f"blocks.{at}.attention.output")
            self.keep(block.post_feedforward_layernorm if both else block.mlp, f"blocks.{at}.mlp.output")
            mlp = block.mlp
            down = next(getattr(mlp, name) for name in ("down_proj", "c_proj", "dense_4h_to_h") if hasattr(mlp, name))
            down.register_forward_pre_hook(lambda _m, x, name=f"blocks.{at}.mlp.coefficients": self.put(name, x[0]))
            attention.register_forward_pre_hook(lambda _m, _x, at=at: setattr(self, "layer", at))
        last = next(getattr(base, name) for name in ("norm", "ln_f", "final_layer_norm") if hasattr(base, name))
        self.keep(last, "finalNorm")
        module = sys.modules[type(model).__module__]
        eager = module.eager_attention_forward

        def recording(*args, **kwargs):
            _, query, key, value = args[:4]
            output, pattern = eager(*args, **kwargs)
            parts = {"query": query, "key": key, "value": value, "pattern": pattern, "heads": output.transpose(1, 2)}
            for name, part in parts.items():
                self.put(f"blocks.{self.layer}.attention.{name}", part)
            return output, pattern

        module.eager_attention_forward = recording
        self.undo = lambda: setattr(module, "eager_attention_forward", eager)

    def keep(self, module, name):
        module.register_forward_hook(lambda _m, _x, y: self.put(name, y[0] if isinstance(y, tuple) else y))

    def put(self, name, value):
        self.taps[name] = value.detach().clone()


def written(value):
    return {"shape": list(value.shape), "data": [float(f"{x:.8g}") for x in value.flatten().tolist()]}


def activations(model, ids):
    recorder = Recorder(model)
    with torch.no_grad():
        result = model(ids, output_hidden_states=True, use_cache=False)
    recorder.undo()
    recorder.put("embedding", result.hidden_states[0])
    recorder.put("logits", result.logits)
    assert torch.equal(result.hidden_states[-1], recorder.taps["finalNorm"])
    return {name: written(value) for name, value in recorder.taps.items()}


def classic(config):
    """The same settings in the keys of transformers 4."""
    rope = dict(config.pop("rope_parameters", {}))
    config["rope_theta" if config["model_type"] != "gpt_neox" else "rotary_emb_base"] = rope.pop("rope_theta", 10000.0)
    partial = rope.pop("partial_rotary_factor", None)
    if partial is not None:
        config["rotary_pct"] = partial
    if rope.get("rope_type", "default") != "default":
        config["rope_scaling"] = rope
    config["torch_dtype"] = config.pop("dtype", "float32")
    for key in ("layer_types",):
        config.pop(key, None)
    return config


def save(model, name, form):
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    sharded = {"max_shard_size": "10KB"} if name == "mistral" else {}
    model.save_pretrained(folder, **sharded)
    (folder / "generation_config.json").unlink(missing_ok=True)
    file = folder / "config.json"
    config = json.loads(file.read_text())
    file.write_text(json.dumps(classic(config) if form == "classic" else config, indent=2) + "\n")


def golden(name, model, ids):
    record = {
        "generated": {
            "script": "scripts/golden/models-decoders.py",
            "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
            "seed": SEED,
            "date": "2026-11-25",
        },
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "inputIds": ids.tolist(),
        "taps": activations(model, ids),
    }
    (ROOT / f"{name}.golden.json").write_text(json.dumps(record) + "\n")


def original_olmo():
    """The port's folder again, as OLMo's authors wrote theirs."""
    source, folder = ROOT / "olmo", ROOT / "olmo-original"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    port = load_file(source / "model.safetensors")
    config = json.loads((source / "config.json").read_text())
    tensors = {
        "model.transformer.wte.weight": port["model.embed_tokens.weight"],
        "model.transformer.ff_out.weight": port["lm_head.weight"],
    }
    for at in range(config["num_hidden_layers"]):
        theirs, block = f"model.transformer.blocks.{at}", f"model.layers.{at}"
        get = lambda name: port[f"{block}.{name}.weight"]
        tensors[f"{theirs}.att_proj.weight"] = torch.cat([get(f"self_attn.{part}_proj") for part in "qkv"])
        tensors[f"{theirs}.attn_out.weight"] = get("self_attn.o_proj").clone()
        tensors[f"{theirs}.ff_proj.weight"] = torch.cat([get("mlp.up_proj"), get("mlp.gate_proj")])
        tensors[f"{theirs}.ff_out.weight"] = get("mlp.down_proj").clone()
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "model.safetensors")
    theirs = {
        "activation_type": "swiglu",
        "alibi": False,
        "architectures": ["OLMoModelForCausalLM"],
        "attention_dropout": 0.0,
        "attention_layer_norm": False,
        "bias_for_layer_norm": False,
        "block_type": "sequential",
        "clip_qkv": config["clip_qkv"],
        "d_model": config["hidden_size"],
        "embedding_dropout": 0.0,
        "embedding_size": V,
        "eos_token_id": 2,
        "flash_attention": False,
        "include_bias": False,
        "init_device": "cpu",
        "layer_norm_type": "default",
        "layer_norm_with_affine": False,
        "max_sequence_length": config["max_position_embeddings"],
        "mlp_hidden_size": 2 * config["intermediate_size"],
        "mlp_ratio": 4,
        "model_type": "olmo",
        "multi_query_attention": False,
        "n_heads": config["num_attention_heads"],
        "n_layers": config["num_hidden_layers"],
        "pad_token_id": 1,
        "rope": True,
        "rope_full_precision": True,
        "scale_logits": False,
        "vocab_size": V,
        "weight_tying": False,
    }
    (folder / "config.json").write_text(json.dumps(theirs, indent=2) + "\n")


def tokenizer(folder):
    """A tokenizer of single letters for the tests that begin with text, and a chat template."""
    letters = ["<unk>", "<s>", "</s>", *"▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,!?'-:0"]
    special = lambda at: {"id": at, "content": letters[at], "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    start = {"SpecialToken": {"id": "<s>", "type_id": 0}}
    described = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [special(at) for at in range(3)],
        "normalizer": None,
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [start, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [start, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
        },
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {letter: at for at, letter in enumerate(letters)},
            "merges": [],
        },
    }
    assert len(letters) == V
    (folder / "tokenizer.json").write_text(json.dumps(described, ensure_ascii=False) + "\n")
    template = "{{ bos_token }}{% for message in messages %}{{ message.role }}: {{ message.content }}. {% endfor %}assistant:"
    config = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "chat_template": template}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


def main():
    torch.manual_seed(SEED)
    ids = torch.randint(0, V, (B, T))
    for name, (config, form) in VARIATIONS.items():
        model = drawn(transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")).eval()
        if name == "mistral":
            save(model.to(torch.bfloat16), name, form)
            # Read back, since the cast rounded the rotary frequencies too.
            model = transformers.AutoModelForCausalLM.from_pretrained(
                ROOT / name, dtype=torch.float32, attn_implementation="eager"
            ).eval()
        else:
            save(model, name, form)
        golden(name, model, ids)
    original_olmo()
    tokenizer(ROOT / "llama")


main()
