"""Golden files of the tokenizers: models trained here on a text of our own, and what the references make of samples.

Usage: python scripts/golden/formats-tokenizers.py        (writes test/golden/formats/{tokenizers,sentencepiece}.golden.json)
"""

import base64
import gzip
import io
import json
import os
import sys
from pathlib import Path

import sentencepiece
import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

FOLDER = Path(__file__).parents[2] / "test" / "golden" / "formats"
DATE = "2026-11-25"

CORPUS = [
    "The cat sat on the mat, and the dog lay by the door.",
    "A model is a picture of the world; the picture is not the world.",
    "Every measurement has an error, and every error has a cause.",
    "She sells sea shells by the sea shore, doesn't she? They're hers.",
    "In 1905 there were 365 days; in 2024 there were 366.",
    "Der Hund läuft über die Straße und bellt fröhlich.",
    "L'été dernier, nous avons mangé des crêpes à la plage.",
    "El niño comió una manzana en el jardín de mañana.",
    "सभी मनुष्य स्वतंत्र और समान जन्म लेते हैं।",
    "बच्चे बगीचे में खेल रहे हैं और गा रहे हैं।",
    "மனிதர்கள் எல்லோரும் சமமாகப் பிறக்கிறார்கள்.",
    "பூனை வீட்டில் தூங்குகிறது, நாய் வெளியே ஓடுகிறது.",
    "ಎಲ್ಲಾ ಮಾನವರು ಸ್ವತಂತ್ರರಾಗಿ ಹುಟ್ಟುತ್ತಾರೆ.",
    "ಮಕ್ಕಳು ತೋಟದಲ್ಲಿ ಆಡುತ್ತಿದ್ದಾರೆ ಮತ್ತು ಹಾಡುತ್ತಿದ್ದಾರೆ.",
    "def add(a, b):\n    return a + b\n",
    "for item in items:\n\tprint(item, sep=', ')\n",
] * 4

SAMPLES = [
    "The cat sat on the mat.",
    "the world's error, it's not 1905's",
    "  two  spaces   and\ta tab\n\nand lines \n ",
    "Hello",
    "",
    " ",
    "   ",
    "सभी बच्चे स्वतंत्र हैं।",
    "மனிதர்கள் தூங்குகிறது",
    "ಮಾನವರು ಆಡುತ್ತಿದ್ದಾರೆ",
    "cat 🐈 and family 👨‍👩‍👧‍👦 and flag 🇮🇳!",
    "läuft über die Straße; crêpes à l'été",
    "한국어 텍스트 and 日本語テキスト 中文",
    "ﬁne ＡＢＣ １２３ ½ ① ㌀ ｶﾞ",
    "a<mask>b <mask> c",
    "<s>not the start</s>",
    "doesn't they're I'll we've I'd",
    "x\u00a0y\u200bz\u3000w\ufeffv",
    "▁under ▁ lower▁",
    "\U00010348\U0001F600 rare planes",
    "ΑΣ ΟΔΟΣ İstanbul ẞ",
    "def f(x):\n    return x ** 2  # square\n",
]

# Composition and decomposition: numbers must agree; of offsets ours cover a whole cluster where Rust's cover its first character.
COMPOSED = ["cafe\u0301 na\u00efve", "\u1100\u1161\u11a8 \ud55c", "a\u0323\u0307 \u1e69", "\u0915\u093c \u0958", "\u0b92\u0bd7"]

SPECIALS = [AddedToken("<unk>", special=True), AddedToken("<s>", special=True), AddedToken("</s>", special=True)]
MASK = AddedToken("<mask>", special=True, lstrip=True, normalized=False)


def byte_level():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[AddedToken("<|endoftext|>", special=True), MASK], show_progress=False))
    return t


def byte_level_prefix():
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=SPECIALS, show_progress=False))
    t.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    return t


def llama(words=False):
    """BPE with byte fallback; the spaces are the normaliser's. With `words` no token reaches over a space, as in Llama 2."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    bytes_ = [f"<0x{b:02X}>" for b in range(256)]
    if words:
        t.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    latin = sorted({c for line in CORPUS for c in line.replace(" ", "▁") if c < "\u0300" or c == "▁"})
    t.train_from_iterator(["▁" + line.replace(" ", "▁") for line in CORPUS[:8]], trainers.BpeTrainer(vocab_size=520, initial_alphabet=latin, limit_alphabet=len(latin), special_tokens=SPECIALS + bytes_, show_progress=False))
    data = json.loads(t.to_str())
    data["added_tokens"] = data["added_tokens"][:3]
    data["pre_tokenizer"] = None
    t = Tokenizer.from_str(json.dumps(data))
    t.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return t


def metaspace():
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    t.decoder = decoders.Metaspace(prepend_scheme="always")
    t.train_from_iterator(CORPUS, trainers.UnigramTrainer(vocab_size=330, special_tokens=SPECIALS + [MASK], unk_token="<unk>", show_progress=False))
    return t


def precompiled():
    """As T5 and XLM-R: sentencepiece's own table of characters."""
    model = sentencepiece_model(model_type="unigram", vocab_size=300)
    spec = model.index(b"nmt_nfkc") - 2
    field = model.index(b"\x12", spec + 10)
    size, at, shift = 0, field + 1, 0
    while True:
        size |= (model[at] & 0x7F) << shift
        shift += 7
        at += 1
        if model[at - 1] < 0x80:
            break
    data = json.loads(metaspace().to_str())
    t = Tokenizer.from_str(json.dumps(data))
    t.normalizer = normalizers.Sequence([normalizers.Precompiled(model[at : at + size]), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")])
    return t


def unigram_bytes():
    data = json.loads(metaspace().to_str())
    data["normalizer"] = None
    data["pre_tokenizer"]["prepend_scheme"] = "first"
    data["model"]["byte_fallback"] = True
    data["model"]["vocab"] += [[f"<0x{b:02X}>", -20.0] for b in range(256)]
    return Tokenizer.from_str(json.dumps(data))


def word_piece(**options):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(**options)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    specials = [AddedToken(name, special=True) for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    t.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=360, special_tokens=specials, show_progress=False))
    t.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return t


def end_of_word():
    t = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents(), normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Punctuation()])
    t.decoder = decoders.BPEDecoder(suffix="</w>")
    t.train_from_iterator(CORPUS[:8], trainers.BpeTrainer(vocab_size=200, special_tokens=SPECIALS, end_of_word_suffix="</w>", show_progress=False))
    word = AddedToken("cat", single_word=True, rstrip=True)
    t.add_tokens([word])
    return t


def utf16(text, offset):
    return len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2


def encoded(t, text, offsets=True):
    e = t.encode(text)
    plain = t.encode(text, add_special_tokens=False)
    result = {"text": text, "ids": e.ids, "plain": plain.ids, "decoded": t.decode(e.ids), "shown": t.decode(e.ids, skip_special_tokens=False)}
    if offsets:
        result["offsets"] = [[utf16(text, a), utf16(text, b)] for a, b in e.offsets]
    return result


def tokenizers_golden():
    made = {
        "byteLevel": byte_level(),
        "llama3Style": byte_level_prefix(),
        "llamaStyle": llama(),
        "llamaWords": llama(words=True),
        "metaspace": metaspace(),
        "precompiled": precompiled(),
        "unigramBytes": unigram_bytes(),
        "bertUncased": word_piece(lowercase=True),
        "bertCased": word_piece(lowercase=False, strip_accents=False),
        "endOfWord": end_of_word(),
    }
    return {
        "generated": {"script": "scripts/golden/formats-tokenizers.py", "versions": {"python": sys.version.split()[0], "tokenizers": tokenizers.__version__}, "seed": "none: training is deterministic", "date": DATE},
        "corpus": CORPUS,
        "cases": [
            {"name": name, "tokenizer": json.loads(t.to_str()), "samples": [encoded(t, text) for text in SAMPLES], "composed": [encoded(t, text, offsets=False) for text in COMPOSED]}
            for name, t in made.items()
        ],
    }


def sentencepiece_model(**options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(CORPUS), model_writer=model, minloglevel=2, num_threads=1, hard_vocab_limit=False, **options)
    return model.getvalue()


SPM = {
    "unigramNmtNfkc": {"model_type": "unigram", "vocab_size": 300},
    "unigramBytes": {"model_type": "unigram", "vocab_size": 520, "byte_fallback": True, "normalization_rule_name": "identity", "user_defined_symbols": ["<mask>", "🐈", "the"], "character_coverage": 0.98},
    "unigramFolded": {"model_type": "unigram", "vocab_size": 300, "normalization_rule_name": "nmt_nfkc_cf", "add_dummy_prefix": False},
    "unigramSuffix": {"model_type": "unigram", "vocab_size": 300, "treat_whitespace_as_suffix": True, "normalization_rule_name": "identity"},
    "bpeNmtNfkc": {"model_type": "bpe", "vocab_size": 300},
    "bpeLlama": {"model_type": "bpe", "vocab_size": 600, "byte_fallback": True, "normalization_rule_name": "identity", "remove_extra_whitespaces": False, "split_digits": True, "user_defined_symbols": ["<mask>", "cat"], "character_coverage": 0.98, "allow_whitespace_only_pieces": True},
    "char": {"model_type": "char", "vocab_size": 200, "normalization_rule_name": "identity"},
    "word": {"model_type": "word", "vocab_size": 120, "normalization_rule_name": "identity"},
}


def places(text, sp, pieces, at):
    """Offsets count bytes. Of a character's byte pieces only the last has a surface: give it to all of them."""
    last = at
    while sp.is_byte(pieces[last].id) and pieces[last].begin == pieces[last].end:
        last += 1
    raw = text.encode()
    return [len(raw[:n].decode().encode("utf-16-le")) // 2 for n in (pieces[last].begin, pieces[last].end)]


def sentencepiece_golden():
    cases = []
    for name, options in SPM.items():
        model = sentencepiece_model(**options)
        sp = sentencepiece.SentencePieceProcessor(model_proto=model)
        samples = []
        for text in SAMPLES + COMPOSED:
            pieces = list(sp.encode(text, return_type="proto").pieces)
            samples.append({
                "text": text,
                "ids": [p.id for p in pieces],
                "offsets": [places(text, sp, pieces, at) for at in range(len(pieces))],
                "decoded": sp.decode(sp.encode(text)),
            })
        cases.append({"name": name, "model": base64.b64encode(gzip.compress(model, mtime=0)).decode(), "pieces": sp.get_piece_size(), "samples": samples})
    return {
        "generated": {"script": "scripts/golden/formats-tokenizers.py", "versions": {"python": sys.version.split()[0], "sentencepiece": sentencepiece.__version__}, "seed": "none: training is deterministic", "date": DATE},
        "cases": cases,
    }


def write(name, golden):
    (FOLDER / name).write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    write("tokenizers.golden.json", tokenizers_golden())
    write("sentencepiece.golden.json", sentencepiece_golden())
