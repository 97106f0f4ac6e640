"""Golden file of the safetensors reader and writer: files and values from the reference implementation.

Usage: python scripts/golden/formats-safetensors.py > test/golden/formats/safetensors.golden.json
"""

import base64
import json

import safetensors
import torch
from safetensors.torch import save

SEED = 11
torch.manual_seed(SEED)

special = torch.tensor([0.0, -0.0, 1.0, -1.5, float("inf"), float("-inf"), 65504.0, 6e-8, 1e-40, 3.3895314e38])
floats = torch.cat([special, torch.randn(54)])


def words(values):
    """Float32 values as their 32-bit words, so that JSON keeps every bit."""
    return [int(word) & 0xFFFFFFFF for word in values.to(torch.float32).contiguous().view(torch.int32).flatten().tolist()]


def integers(dtype):
    bounds = torch.iinfo(dtype)
    return torch.tensor([bounds.min, bounds.max, 0, 1, 2, 3], dtype=dtype).reshape(2, 3)


tensors = {
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "deep": torch.arange(24, dtype=torch.float32).reshape(2, 1, 3, 4),
    "float32": floats.reshape(8, 8),
    "float64": floats.to(torch.float64).reshape(4, 16) / 3,
    "float16": floats.to(torch.float16),
    "bfloat16": floats.to(torch.bfloat16),
    "bool": torch.tensor([True, False, True]),
    "uint8": integers(torch.uint8),
    "int8": integers(torch.int8),
    "int16": integers(torch.int16),
    "int32": integers(torch.int32),
    "int64": integers(torch.int64),
    "uint16": torch.tensor([0, 1, 65535], dtype=torch.uint16),
    "uint32": torch.tensor([0, 1, 4294967295], dtype=torch.uint32),
    "uint64": torch.tensor([0, 1, 9223372036854775807], dtype=torch.uint64),
    "float8": torch.tensor([0.5, -2.0]).to(torch.float8_e4m3fn),
    "name with \"quotes\" and ü": torch.tensor([1.0]),
}

values = {}
for name, tensor in tensors.items():
    if tensor.dtype in (torch.float32, torch.float16, torch.bfloat16):
        values[name] = {"words": words(tensor)}
    elif tensor.dtype == torch.float64:
        values[name] = {"longWords": [str(word) for word in tensor.flatten().view(torch.int64).tolist()]}
    elif tensor.dtype != torch.float8_e4m3fn:
        values[name] = {"integers": [str(int(value)) for value in tensor.flatten().tolist()]}

# Ties, subnormals and NaNs of every kind: where rounding goes wrong when it goes wrong.
ties = torch.tensor(
    [0x3F808000, 0x3F818000, 0x3F808001, 0x3F807FFF, 0x7F800001, 0x7FC00000, 0xFF800001, 0x00000001, 0x00008000]
    + [0x38802000, 0x3880E000, 0x33000000, 0x33000001, 0x477FE000, 0x38001000, 0x80000000],
    dtype=torch.int64,
).to(torch.int32).view(torch.float32)
sources = torch.cat([ties, torch.randn(64) * 10 ** torch.linspace(-6, 3, 64)])


def halves(dtype):
    return [int(bits) & 0xFFFF for bits in sources.to(dtype).view(torch.int16).tolist()]


print(
    json.dumps(
        {
            "generated": {
                "script": "scripts/golden/formats-safetensors.py",
                "versions": {"safetensors": safetensors.__version__, "torch": torch.__version__},
                "seed": SEED,
                "date": "2026-11-24",
            },
            "file": base64.b64encode(save(tensors, metadata={"format": "pt"})).decode(),
            "shapes": {name: list(tensor.shape) for name, tensor in tensors.items()},
            "values": values,
            "narrowing": {
                "words": words(sources),
                "float16": halves(torch.float16),
                "bfloat16": halves(torch.bfloat16),
            },
        },
        indent=1,
    )
)
