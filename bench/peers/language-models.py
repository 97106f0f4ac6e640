"""The work of bench/language-models.ts in transformers on PyTorch, on the CPU, in float32, with as many threads.

Reads one job a line on standard input ({"name", "kind", "folder", "ids", "tokens"}), answers with its seconds; the first
answer says the versions.
"""

import json
import sys
import time

import torch
import transformers

torch.set_num_threads(int(sys.argv[1]))
transformers.utils.logging.disable_progress_bar()
MODELS = {}


def model_of(job):
    folder = job["folder"]
    if folder not in MODELS:
        MODELS[folder] = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    return MODELS[folder]


def load(job):
    MODELS.clear()
    model_of(job)


def prefill(job):
    model_of(job)(torch.tensor([job["ids"]]), use_cache=True, logits_to_keep=1)


def generate(job):
    """A prompt and so many greedy tokens, without the overhead of transformers' generate()."""
    model = model_of(job)
    out = model(torch.tensor([job["ids"]]), use_cache=True, logits_to_keep=1)
    for _ in range(job["tokens"] - 1):
        last = out.logits[:, -1:].argmax(-1)
        out = model(last, past_key_values=out.past_key_values, use_cache=True)


def forward(job):
    torch.log_softmax(model_of(job)(torch.tensor([job["ids"]])).logits, -1)


JOBS = {"load": load, "prefill": prefill, "generate": generate, "forward": forward}


def main():
    print(json.dumps({"torch": f"{torch.__version__} with transformers {transformers.__version__}"}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        start = time.perf_counter()
        with torch.no_grad():
            JOBS[job["kind"]](job)
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
