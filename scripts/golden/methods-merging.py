"""What mergekit makes of small tensors: linear, SLERP, task arithmetic, TIES, DARE at density 1, and its settings.

    python scripts/golden/methods-merging.py

Runs mergekit's own kernels (merge_methods, config.evaluate_setting) on seeded float32 tensors.
"""

import datetime
import importlib.metadata
import json
from pathlib import Path

import torch
from mergekit.config import ParameterSetting, evaluate_setting
from mergekit.merge_methods.api import merge_tensors
from mergekit.merge_methods.base import PerInputValues, TensorGroup
from mergekit.merge_methods.registry import registered_methods
from mergekit.merge_methods.slerp import slerp
from mergekit.sparsify import magnitude
from pydantic import TypeAdapter

TARGET = Path(__file__).parents[2] / "test" / "golden" / "methods" / "merging.golden.json"
SEED = 20261126
torch.manual_seed(SEED)
METHODS = {method.spec.name: method for method in registered_methods()}


def numbers(tensor):
    return [float(x) for x in tensor.flatten().tolist()]


def group(base, models):
    ids = ["base"] + [f"m{at}" for at in range(len(models))]
    return TensorGroup.from_tensors([base, *models], ids=ids, base_index=0)


def tasks(name, base, models, weights, densities, **shared):
    ids = [f"m{at}" for at in range(len(models))]
    method = METHODS[name]
    parameters = dict(
        weight=PerInputValues(list(zip(ids, weights))),
        density=PerInputValues(list(zip(ids, densities))),
        int8_mask=False,
        normalize=shared.get("normalize", method.default_normalize),
        rescale=shared.get("rescale", method.default_rescale),
    )
    parameters["lambda"] = shared.get("lambda", 1.0)
    return method.merge_group(group(base, models), **parameters)


shape = (4, 6)
base = torch.randn(shape)
models = [base + 0.3 * torch.randn(shape) for _ in range(3)]
models[2].flatten()[5] = base.flatten()[5]
cases = []
for name in ("task_arithmetic", "ties", "dare_linear", "dare_ties"):
    for weights, densities, shared in (
        ([1.0, 1.0, 1.0], [1.0, 1.0, 1.0], {}),
        ([0.5, 0.3, -0.4], [1.0, 1.0, 1.0], {"lambda": 0.7}),
        ([0.5, 0.3, 0.9], [1.0, 1.0, 1.0], {"normalize": True}),
        ([0.5, 0.3, 0.9], [0.5, 0.2, 0.01], {"normalize": False}),
        ([0.5, 0.3, 0.9], [0.5, 0.2, 0.77], {}),
    ):
        if name.startswith("dare") and min(densities) < 1:
            continue  # its masks come from PyTorch's own generator
        if name == "task_arithmetic" and min(densities) < 1:
            continue
        cases.append({"method": name, "weights": weights, "densities": densities, "settings": shared, "result": numbers(tasks(name, base, models, weights, densities, **shared))})

linear = []
for weights, normalize in (([1.0, 1.0, 1.0], True), ([0.2, 0.5, 0.9], True), ([0.2, 0.5, -0.9], False)):
    parameters = {"weight": PerInputValues(list(enumerate(weights))), "normalize": normalize}
    result = merge_tensors(models, "linear", parameters=parameters, ids=list(range(len(models))))
    linear.append({"weights": weights, "normalize": normalize, "result": numbers(result)})

spherical = []
for t in (0.0, 0.25, 0.5, 1.0):
    for other, kind in ((models[0], "near"), (torch.randn(shape), "far"), (base * 1.0001, "parallel"), (-base, "opposed"), (torch.zeros(shape), "zero")):
        spherical.append({"t": t, "kind": kind, "other": numbers(other), "result": numbers(slerp(torch.tensor([t]), base[None], other[None])[0])})

trims = [{"density": d, "result": numbers(magnitude(models[0] - base, d))} for d in (0.0, 0.01, 0.3, 0.5, 0.99, 1.0)]
settings = []
for setting in (0.4, [0.0, 1.0], [0, 0.5, 0.3, 0.7, 1], [{"filter": "self_attn", "value": [0, 1]}, {"filter": "mlp", "value": 0.25}, {"value": 0.5}]):
    for name in ("x.self_attn.y", "x.mlp.y", "x.norm"):
        for t in (0.0, 0.2, 0.5, 1.0):
            parsed = TypeAdapter(ParameterSetting).validate_python(setting)
            settings.append({"setting": setting, "name": name, "t": t, "value": float(evaluate_setting(name, parsed, t, validate=float))})

golden = {
    "generated": {
        "script": "scripts/golden/methods-merging.py",
        "versions": {"mergekit": importlib.metadata.version("mergekit"), "torch": torch.__version__},
        "seed": SEED,
        "date": datetime.date.today().isoformat(),
    },
    "shape": list(shape),
    "base": numbers(base),
    "models": [numbers(m) for m in models],
    "tasks": cases,
    "linear": linear,
    "slerp": spherical,
    "trim": trims,
    "settings": settings,
}
TARGET.write_text(json.dumps(golden, indent=1) + "\n")
