"""ROME and MEMIT after the published algorithm (kmeng01/rome, kmeng01/memit) on today's PyTorch and transformers, on the
CPU, in float32 with float64 solves where theirs has them. Texts come as token ids, so that nothing but the algorithm is
compared; scripts/golden/methods-editing.py makes its golden values with the same functions.

As a peer of bench/editing.ts it reads one job a line on standard input and answers with its seconds; the first answer
says the versions.
"""

import json
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

# Where each family keeps its blocks, and in a block the MLP and its down map.
LAYOUTS = {
    "gpt2": ("transformer.h", "mlp", "c_proj"),
    "llama": ("model.layers", "mlp", "down_proj"),
}


class Editable:
    """A model whose parts are named as the algorithm names them; weights are taken as [in, out]."""

    def __init__(self, folder):
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        self.model.requires_grad_(False)
        path, self.mlp, self.down = LAYOUTS[self.model.config.model_type]
        self.blocks = self.model.get_submodule(path)

    def down_map(self, layer):
        return getattr(getattr(self.blocks[layer], self.mlp), self.down)

    def weight(self, layer):
        own = self.down_map(layer).weight
        return own if isinstance(self.down_map(layer), transformers.pytorch_utils.Conv1D) else own.T


def padded(texts):
    longest = max(len(text["ids"]) for text in texts)
    ids = torch.tensor([text["ids"] + [0] * (longest - len(text["ids"])) for text in texts])
    mask = torch.tensor([[1] * len(text["ids"]) + [0] * (longest - len(text["ids"])) for text in texts])
    return {"input_ids": ids, "attention_mask": mask}


def hidden(output):
    return output[0] if isinstance(output, tuple) else output


def read(editable, texts, module):
    """Input and output of a module at each text's position."""
    found = {}

    def keep(_, inputs, output):
        found["in"], found["out"] = inputs[0].detach(), hidden(output).detach()

    handle = module.register_forward_hook(keep)
    with torch.no_grad():
        editable.model(**padded(texts), use_cache=False)
    handle.remove()
    rows = torch.arange(len(texts))
    at = torch.tensor([text["lookup"] for text in texts])
    return found["in"][rows, at], found["out"][rows, at]


def optimize(editable, request, layer, site, numbers):
    """compute_v of ROME (site "mlp") and compute_z of MEMIT (site "block")."""
    rewrites, essence = request["rewrites"], request["essence"]
    texts = [*rewrites, essence]
    inputs = padded(texts)
    labels = torch.full(inputs["input_ids"].shape, -100)[: len(rewrites)]
    for row, text in enumerate(rewrites):
        start = len(text["ids"]) - len(text["targets"]) + 1
        labels[row, start - 1 : start - 1 + len(text["targets"])] = torch.tensor(text["targets"])
    size = editable.model.config.hidden_size
    delta = torch.zeros(size, requires_grad=True)
    origin, before, losses = None, None, []

    def change(_, inputs, output):
        nonlocal origin
        value = hidden(output)
        if origin is None:
            origin = value[0, rewrites[0]["lookup"]].detach().clone()
        value = value.clone()
        for row, text in enumerate(texts):
            value[row, text["lookup"]] = value[row, text["lookup"]] + delta
        return (value, *output[1:]) if isinstance(output, tuple) else value

    block = editable.blocks[layer]
    module = getattr(block, editable.mlp) if site == "mlp" else block
    optimizer = torch.optim.Adam([delta], lr=numbers["learningRate"])
    for step in range(numbers["steps"]):
        optimizer.zero_grad()
        handle = module.register_forward_hook(change)
        logits = editable.model(**inputs, use_cache=False).logits
        handle.remove()
        essences = torch.log_softmax(logits[len(rewrites) :, essence["lookup"]], dim=-1)
        if before is None:
            before = essences.detach().clone()
        log_probs = torch.log_softmax(logits[: len(rewrites)], dim=-1)
        gathered = torch.gather(log_probs, 2, torch.where(labels != -100, labels, 0).unsqueeze(2)).squeeze(2)
        mask = (labels != -100).float()
        nll = (-(gathered * mask).sum(1) / mask.sum(1)).mean()
        kl = numbers["divergenceWeight"] * torch.nn.functional.kl_div(
            before, essences, log_target=True, reduction="batchmean"
        )
        decay = numbers["decay"] * (torch.norm(delta) / torch.norm(origin) ** 2)
        loss = nll + kl + decay
        losses.append(loss.item())
        if loss < numbers["enough"] or step == numbers["steps"] - 1:
            break
        loss.backward()
        optimizer.step()
        most = numbers["clamp"] * origin.norm()
        if delta.norm() > most:
            with torch.no_grad():
                delta[...] = delta * most / delta.norm()
    return {"delta": delta.detach(), "origin": origin, "losses": losses}


def rome(editable, request, layer, numbers, inverse=None):
    """u and Λ of one request: the key's mean gives the direction, the bare prompt's key the scale."""
    rewrites = request["rewrites"]
    keys, _ = read(editable, rewrites, editable.down_map(layer))
    direction = keys.mean(0)
    if inverse is not None:
        direction = inverse @ direction
    direction = direction / direction.norm()
    target = optimize(editable, request, layer, "mlp", numbers)
    key, value = read(editable, rewrites[:1], editable.down_map(layer))
    right = (target["origin"] + target["delta"] - value[0]) / torch.dot(key[0], direction)
    return {"left": direction, "right": right, "key": key[0], "meanKey": keys.mean(0), **target}


def memit(editable, requests, layers, numbers, moments):
    """The change of each layer, [in, out]; the model keeps its weights."""
    last = layers[-1]
    targets = [optimize(editable, request, last, "block", numbers) for request in requests]
    wanted = torch.stack([target["origin"] + target["delta"] for target in targets], dim=1)
    updates, originals = [], [editable.down_map(layer).weight.clone() for layer in layers]
    for at, layer in enumerate(layers):
        columns = []
        for request in requests:
            keys, _ = read(editable, request["rewrites"], editable.down_map(layer))
            columns.append(torch.stack([keys[0], keys[1:].mean(0)]).mean(0) if len(keys) > 1 else keys[0])
        keys = torch.stack(columns, dim=1)
        _, now = read(editable, [request["rewrites"][0] for request in requests], editable.blocks[last])
        residual = (wanted - now.T).double() / (len(layers) - at)
        left = torch.linalg.solve(
            numbers["covarianceWeight"] * moments[layer].double() + keys.double() @ keys.double().T, keys.double()
        )
        update = (left @ residual.T).float()
        updates.append(update)
        with torch.no_grad():
            editable.weight(layer).add_(update)
    with torch.no_grad():
        for layer, original in zip(layers, originals, strict=True):
            editable.down_map(layer).weight.copy_(original)
    return {"updates": updates, "targets": targets}


def seconds(work, clock):
    began = clock()
    work()
    return clock() - began


def main():
    threads, folder = int(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(threads)
    transformers.logging.set_verbosity_error()
    editable = Editable(folder)
    moments, inverses = {}, {}
    print(json.dumps({"torch": torch.__version__, "transformers": transformers.__version__}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        for layer in job["layers"]:
            if layer not in moments:
                # As both sides do before they edit: C and what is made of it are there already.
                size = editable.weight(layer).shape[0]
                moments[layer] = torch.eye(size) * job["variance"]
                inverses[layer] = torch.inverse(moments[layer])
        clock = time.process_time if job.get("cpu") else time.perf_counter
        if job["kind"] == "rome":
            layer = job["layers"][0]
            took = seconds(lambda: rome(editable, job["requests"][0], layer, job["numbers"], inverses[layer]), clock)
        else:
            took = seconds(lambda: memit(editable, job["requests"], job["layers"], job["numbers"], moments), clock)
        print(json.dumps({"seconds": took}), flush=True)


if __name__ == "__main__":
    main()
