"""The work of bench/language-models.ts in transformers on PyTorch, on the CPU, in float32, with as many threads.

Reads one job a line on standard input ({"kind", …}), answers with its seconds; the first answer says the versions.
With the argument `load` it loads the folder once instead and says seconds and the growth of its memory.
"""

import json
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

THREADS, FOLDER = int(sys.argv[1]), sys.argv[2]
torch.set_num_threads(THREADS)
torch.manual_seed(0)
transformers.logging.set_verbosity_error()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def resident():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * resource.getpagesize()


if sys.argv[3:] == ["load"]:
    before, began = resident(), time.perf_counter()
    model = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float32)
    with torch.inference_mode():
        total = sum(parameter.sum().item() for parameter in model.parameters())
    print(json.dumps({"seconds": time.perf_counter() - began, "bytes": peak() - before, "total": total}))
    sys.exit()

model = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float32).eval()
learner = AutoModelForCausalLM.from_pretrained(FOLDER, dtype=torch.float32).train()
optimizers = {fused: torch.optim.AdamW(learner.parameters(), lr=1e-5, weight_decay=0.01, fused=fused) for fused in (None, True)}


def prefill(job):
    with torch.inference_mode():
        model(torch.tensor([job["ids"]]), use_cache=True, logits_to_keep=1)


def score(job):
    ids = torch.tensor([job["ids"]])
    with torch.inference_mode():
        torch.log_softmax(model(ids, use_cache=False).logits, -1)[:, :-1].gather(-1, ids[:, 1:, None])


def decode(job):
    ids = torch.tensor([job["ids"]])
    mask = torch.ones_like(ids)
    count = job["tokens"]
    with torch.inference_mode():
        model.generate(ids, attention_mask=mask, min_new_tokens=count, max_new_tokens=count, do_sample=False)


def train(job):
    ids = torch.tensor(job["rows"])
    optimizer = optimizers[job.get("fused")]
    # The last token has no successor: rows are one longer than what is read.
    logits = learner(ids[:, :-1]).logits
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learner.parameters(), 1e9)
    optimizer.step()


print(json.dumps({"torch": torch.__version__, "transformers": transformers.__version__}), flush=True)
jobs = {"score": score, "prefill": prefill, "decode": decode, "train": train}
for line in sys.stdin:
    job = json.loads(line)
    clock = time.process_time if job.get("cpu") else time.perf_counter
    began = clock()
    jobs[job["kind"]](job)
    print(json.dumps({"seconds": clock() - began}), flush=True)
