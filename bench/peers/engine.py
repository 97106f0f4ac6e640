"""The work of bench/engine.ts in PyTorch, on the CPU, in float32, with as many threads.

Reads one job a line on standard input ({"name", …}), answers with its seconds; the first answer says the version.
A job is set up, and its compilation paid for, by a line with "prepare": true.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

THREADS = int(sys.argv[1])
torch.set_num_threads(THREADS)
torch.manual_seed(0)


class Block(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.heads = width // 64
        self.attention_norm = torch.nn.LayerNorm(width)
        self.qkv = torch.nn.Linear(width, 3 * width)
        self.output = torch.nn.Linear(width, width)
        self.mlp_norm = torch.nn.LayerNorm(width)
        self.up = torch.nn.Linear(width, 4 * width)
        self.down = torch.nn.Linear(4 * width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        parts = self.qkv(self.attention_norm(x)).view(batch, tokens, 3, self.heads, 64).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(*parts, is_causal=True)
        x = x + self.output(mixed.transpose(1, 2).reshape(batch, tokens, width))
        return x + self.down(F.gelu(self.up(self.mlp_norm(x)), approximate="tanh"))


class Gpt(torch.nn.Module):
    def __init__(self, layers, width, vocabulary, tokens):
        super().__init__()
        self.token = torch.nn.Embedding(vocabulary, width)
        self.position = torch.nn.Parameter(torch.randn(tokens, width) * 0.02)
        self.blocks = torch.nn.ModuleList([Block(width) for _ in range(layers)])
        self.norm = torch.nn.LayerNorm(width)

    def forward(self, ids, targets):
        x = self.token(ids) + self.position
        for block in self.blocks:
            x = block(x)
        logits = self.norm(x) @ self.token.weight.T
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def gpt(job):
    size = {key: job[key] for key in ("layers", "width", "vocabulary", "tokens")}
    model = Gpt(**size)
    ids = torch.randint(job["vocabulary"], (job["batch"], job["tokens"]))
    targets = torch.randint(job["vocabulary"], (job["batch"], job["tokens"]))
    forward = torch.compile(model) if job.get("compiled") else model

    def run():
        model.zero_grad(set_to_none=False)
        forward(ids, targets).backward()

    return run


def matmul(job):
    n = job["side"]
    a, b, out = torch.rand(n, n), torch.rand(n, n), torch.empty(n, n)
    return lambda: torch.matmul(a, b, out=out)


def adamw(job):
    weights = [torch.nn.Parameter(torch.rand(shape)) for shape in job["shapes"]]
    for weight in weights:
        weight.grad = torch.rand_like(weight)
    optimizer = torch.optim.AdamW(weights, lr=1e-3, fused=job.get("fused") or None)
    return optimizer.step


def conv(job):
    x = torch.rand(job["x"], requires_grad=True)
    w = torch.rand(job["w"], requires_grad=True)
    b = torch.rand(job["w"][0], requires_grad=True)
    return differentiated(lambda: F.conv2d(x, w, b, padding=1), (x, w, b), job["backward"])


def layer_norm(job):
    x = torch.rand(job["x"], requires_grad=True)
    scale = torch.rand(job["x"][-1:], requires_grad=True)
    bias = torch.rand(job["x"][-1:], requires_grad=True)
    return differentiated(lambda: F.layer_norm(x, job["x"][-1:], scale, bias), (x, scale, bias), job["backward"])


def differentiated(compute, inputs, backward):
    if not backward:
        return torch.no_grad()(compute)
    seed = torch.rand_like(compute())
    return lambda: torch.autograd.grad((compute() * seed).sum(), inputs)


KINDS = {"gpt": gpt, "matmul": matmul, "adamw": adamw, "conv": conv, "layerNorm": layer_norm}


def main():
    print(json.dumps({"torch": torch.__version__}), flush=True)
    prepared = {}
    for line in sys.stdin:
        job = json.loads(line)
        name = job["name"]
        if job.get("prepare"):
            prepared.clear()
        if name not in prepared:
            prepared[name] = KINDS[job["kind"]](job)
            for _ in range(2):
                prepared[name]()
        clock = time.process_time if job.get("meter") == "cpu" else time.perf_counter
        start = clock()
        for _ in range(job["repeats"]):
            prepared[name]()
        print(json.dumps({"seconds": (clock() - start) / job["repeats"]}), flush=True)


if __name__ == "__main__":
    main()
