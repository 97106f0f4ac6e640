"""Golden file of the PyTorch reader: files that torch.save writes, with their values; and pickles that must be refused.

Usage: python scripts/golden/formats-pytorch.py > test/golden/formats/pytorch.golden.json
"""

import base64
import builtins
import collections
import io
import json
import os
import pickle
import zipfile

import torch

SEED = 13
torch.manual_seed(SEED)


def base(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return base64.b64encode(buffer.getvalue()).decode()


def described(tensors):
    return {
        name: {"shape": list(t.shape), "dtype": str(t.dtype).removeprefix("torch."), "values": [str(int(v)) if isinstance(v, int) else float(v) for v in t.flatten().tolist()]}
        for name, t in tensors.items()
    }


big = torch.randn(4, 6)
kinds = {
    "float32": torch.randn(2, 3),
    "float64": torch.randn(3, dtype=torch.float64),
    "float16": torch.randn(5).to(torch.float16),
    "bfloat16": torch.randn(5).to(torch.bfloat16),
    "int64": torch.tensor([-(2**40), 7]),
    "int32": torch.tensor([[1, -2], [3, -4]], dtype=torch.int32),
    "int16": torch.tensor([-5, 6], dtype=torch.int16),
    "int8": torch.tensor([-5, 6], dtype=torch.int8),
    "uint8": torch.tensor([250, 6], dtype=torch.uint8),
    "uint16": torch.tensor([65535, 6], dtype=torch.uint16),
    "bool": torch.tensor([True, False]),
    "scalar": torch.tensor(1.5),
    "empty": torch.zeros(0, 3),
}
views = {
    "whole": big,
    "transposed": big.t(),
    "rows": big[1:3],
    "column": big[:, 2],
    "every second": big[::2, ::3],
    "expanded": big[0].expand(3, 6),
    "permuted": torch.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1),
    "tied": big,
}
parameters = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2)).state_dict()
nested = {"epoch": 3, "lr": 1e-3, "state_dict": parameters, "note": "text", "betas": (0.9, 0.999), "large": 2**70, "none": None, "flags": [True, False], "ids": {1, 2}}
parameter = collections.OrderedDict(weight=torch.nn.Parameter(torch.ones(2, 2)))

FILES = {
    "kinds": (base(kinds), kinds),
    "views": (base(views), views),
    "module": (base(parameters), parameters),
    "nested": (base(nested), parameters),
    "parameter": (base(parameter), parameter),
}


class Evil:
    def __init__(self, call, *args):
        self.call, self.args = call, args

    def __reduce__(self):
        return self.call, self.args


class Plain:
    pass


def archive(data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        z.writestr("archive/data.pkl", data)
        z.writestr("archive/version", "3\n")
    return base64.b64encode(buffer.getvalue()).decode()


REFUSED = {
    "os.system": (archive(pickle.dumps({"w": Evil(os.system, "echo harm")}, protocol=2)), "system"),
    "builtins.eval": (archive(pickle.dumps({"w": Evil(builtins.eval, "1+1")}, protocol=2)), "eval"),
    "builtins.exec": (archive(pickle.dumps({"w": Evil(builtins.exec, "pass")}, protocol=2)), "exec"),
    "getattr": (archive(pickle.dumps({"w": Evil(getattr, "a", "upper")}, protocol=2)), "getattr"),
    "a class of its own": (archive(pickle.dumps({"w": Plain()}, protocol=2)), "copy_reg._reconstructor|operation 0x81|Plain"),
    "protocol 4": (archive(pickle.dumps({"w": 1}, protocol=4)), "protocol 4"),
    "a whole module": (base(torch.nn.Linear(2, 2)), "torch.nn.modules.linear.Linear"),
    "a call of a constant": (archive(b"\x80\x02ctorch\nFloatStorage\n)R."), "a call of torch.FloatStorage"),
    "a call of a text": (archive(b"\x80\x02U\x01a)R."), "a call of string"),
    "inst": (archive(b"\x80\x02(ios\nsystem\n."), "operation 0x69"),
    "stack global": (archive(b"\x80\x02X\x02\x00\x00\x00osX\x06\x00\x00\x00system\x93."), "operation 0x93"),
}

print(json.dumps({
    "generated": {"script": "scripts/golden/formats-pytorch.py", "versions": {"torch": torch.__version__.split("+")[0]}, "seed": SEED, "date": "2026-11-25"},
    "files": [{"name": name, "file": file, "tensors": described(tensors)} for name, (file, tensors) in FILES.items()],
    "refused": [{"name": name, "file": file, "names": names} for name, (file, names) in REFUSED.items()],
    "noTensors": base({"step": 3, "args": ["a"]}),
    "legacy": base({"w": torch.ones(1)}, _use_new_zipfile_serialization=False),
}))
