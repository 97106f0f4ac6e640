"""Tiny random encoders (BERT, RoBERTa) as Hugging Face folders: transformers' hidden states, and the scores of the package
bert-score for pairs of texts, with and without idf, on every layer.

    PYTHONPATH=<torch, transformers, bert-score> python scripts/golden/models-bert.py
"""

import json
import shutil
from collections import defaultdict
from pathlib import Path

import bert_score
import torch
import transformers
from bert_score.utils import bert_cos_score_idf, get_idf_dict
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertModel, BertTokenizerFast, RobertaConfig, RobertaModel, RobertaTokenizerFast

ROOT = Path(__file__).parents[2] / "test" / "golden" / "models"
SEED = 20261126
V = 200
SMALL = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 24, "max_position_embeddings": 34}

PAIRS = [
    ("Fix the parser", "Fix the parser"),
    ("Fix the parser of empty lines", "Parse lines that are empty"),
    ("Add a test", "Remove everything and start again, with tests"),
    ("Rename load to read", "Rename read to load"),
    ("  spaces around  ", "spaces"),
    ("Ünïcode and 数字", "unicode"),
    ("", "something"),
    ("something", ""),
    ("a long message " * 9, "a long message"),
]


def drawn(model):
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() == 2:
                parameter.copy_(noise * 1.2 / min(parameter.shape) ** 0.5)
            elif name.endswith("bias"):
                parameter.copy_(noise * 0.3)
            else:
                parameter.copy_(1 + noise * 0.2)
    return model.eval()


def corpus():
    return [text for pair in PAIRS for text in pair if text] * 2


def bert_tokenizer():
    inner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    inner.normalizer = normalizers.BertNormalizer(lowercase=True)
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    inner.train_from_iterator(corpus(), trainers.WordPieceTrainer(vocab_size=V, special_tokens=special))
    inner.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    inner.decoder = decoders.WordPiece()
    return BertTokenizerFast(tokenizer_object=inner, model_max_length=32, **dict(zip(["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"], special)))


def roberta_tokenizer():
    inner = Tokenizer(models.BPE(unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    inner.train_from_iterator(corpus(), trainers.BpeTrainer(vocab_size=V + 100, special_tokens=special, initial_alphabet=alphabet))
    inner.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    return RobertaTokenizerFast(tokenizer_object=inner, model_max_length=32, add_prefix_space=False)


def encode(tokenizer, text, prefix):
    """As bert_score.utils.sent_encode, whose calls transformers 5 no longer has for every tokenizer."""
    text = text.strip()
    if text == "":
        return tokenizer.encode("", add_special_tokens=True)
    return tokenizer.encode((" " if prefix else "") + text, add_special_tokens=True, max_length=tokenizer.model_max_length, truncation=True)


def scores(model, tokenizer, prefix):
    import bert_score.utils as utils

    utils.sent_encode = lambda given, text: encode(given, text, prefix)
    references = [reference for reference, _ in PAIRS]
    candidates = [candidate for _, candidate in PAIRS]
    plain = defaultdict(lambda: 1.0)
    plain[tokenizer.sep_token_id] = 0
    plain[tokenizer.cls_token_id] = 0
    weights = {"plain": plain, "idf": get_idf_dict(references, tokenizer, nthreads=0)}
    rows = {}
    layers = model.encoder.layer
    for count in (1, len(layers)):
        model.encoder.layer = torch.nn.ModuleList(list(layers)[:count])
        for name, weight in weights.items():
            # One pair at a time: padding takes part in bert-score's maxima where all similarities are below zero.
            parts = [bert_cos_score_idf(model, [r], [c], tokenizer, weight, device="cpu", batch_size=1) for r, c in zip(references, candidates)]
            rows[f"{name}-{count}"] = [[float(x) for x in part.flatten()] for part in parts]
    model.encoder.layer = layers
    return rows


def golden(name, model, tokenizer, prefix):
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    texts = [text for pair in PAIRS for text in pair]
    ids = [encode(tokenizer, text, prefix) for text in texts]
    with torch.no_grad():
        hidden = [model(torch.tensor([one]), output_hidden_states=True).hidden_states for one in ids[:6]]
    record = {
        "generated": {
            "script": "scripts/golden/models-bert.py",
            "versions": {"torch": torch.__version__, "transformers": transformers.__version__, "bert-score": bert_score.__version__},
            "seed": SEED,
            "date": "2026-11-26",
        },
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "pairs": PAIRS,
        "ids": ids,
        "hidden": [[[float(f"{x:.8g}") for x in layer.flatten().tolist()] for layer in one] for one in hidden],
        "scores": scores(model, tokenizer, prefix),
    }
    (ROOT / f"{name}.golden.json").write_text(json.dumps(record, ensure_ascii=False) + "\n")


def main():
    torch.manual_seed(SEED)
    tokenizer = bert_tokenizer()
    config = BertConfig(vocab_size=len(tokenizer), **SMALL)
    golden("bert", drawn(BertModel(config, add_pooling_layer=False)), tokenizer, False)
    tokenizer = roberta_tokenizer()
    config = RobertaConfig(vocab_size=len(tokenizer), **SMALL, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2)
    golden("roberta", drawn(RobertaModel(config, add_pooling_layer=False)), tokenizer, True)


main()
