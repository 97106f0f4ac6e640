"""Golden values for src/engine/optimizers: PyTorch's optimisers for several steps on given gradients.

Run   python scripts/golden/engine-optimizers.py > test/golden/engine/optimizers.golden.json
"""

import datetime
import json

import torch

SEED = 20261125
STEPS = 6


def draws(generator, shape):
    return torch.randn(shape, generator=generator, dtype=torch.float32)


def flat(value):
    return [float(x) for x in value.flatten()]


CASES = [
    ("sgd", torch.optim.SGD, {}, None, {}),
    ("sgd momentum, decay", torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0.05}, None, {}),
    ("sgd nesterov, decay, clipped", torch.optim.SGD, {"momentum": 0.8, "nesterov": True, "weight_decay": 0.01}, 1.0, {}),
    ("adamw", torch.optim.AdamW, {}, None, {}),
    ("adamw betas, decay, clipped", torch.optim.AdamW, {"betas": (0.8, 0.95), "eps": 1e-6, "weight_decay": 0.1}, 0.5, {}),
    ("adamw groups", torch.optim.AdamW, {"weight_decay": 0.1}, None, {"bias": {"factor": 0.25, "weight_decay": 0.0}}),
]


def run(name, cls, options, max_norm, groups):
    generator = torch.Generator().manual_seed(SEED)
    weights = {"matrix": draws(generator, (3, 4)), "bias": draws(generator, (4,))}
    gradients = [{k: draws(generator, w.shape) for k, w in weights.items()} for _ in range(STEPS)]
    rates = [0.1 / (1 + step) for step in range(STEPS)]
    parameters = {k: torch.nn.Parameter(w.clone()) for k, w in weights.items()}
    groups_of = [
        {"params": [p], "factor": groups.get(k, {}).get("factor", 1.0), **{o: v for o, v in groups.get(k, {}).items() if o != "factor"}}
        for k, p in parameters.items()
    ]
    optimizer = cls(groups_of, lr=0.1, **options)
    trace, norms = [], []
    for rate, gradient in zip(rates, gradients):
        for group in optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        for k, p in parameters.items():
            p.grad = gradient[k].clone()
        if max_norm is not None:
            norms.append(float(torch.nn.utils.clip_grad_norm_(list(parameters.values()), max_norm)))
        optimizer.step()
        trace.append({k: flat(p.detach()) for k, p in parameters.items()})
    return {
        "name": name,
        "optimizer": cls.__name__.lower(),
        "options": {k: list(v) if isinstance(v, tuple) else v for k, v in options.items()},
        "maxNorm": max_norm,
        "groups": groups,
        "rates": rates,
        "weights": {k: flat(w) for k, w in weights.items()},
        "gradients": [{k: flat(g) for k, g in step.items()} for step in gradients],
        "norms": norms,
        "after": trace,
    }


generated = {
    "script": "scripts/golden/engine-optimizers.py",
    "versions": {"torch": torch.__version__},
    "seed": SEED,
    "date": datetime.date.today().isoformat(),
}
print(json.dumps({"generated": generated, "cases": [run(*case) for case in CASES]}))
