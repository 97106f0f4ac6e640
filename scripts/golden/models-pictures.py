"""What transformers' image processors make of small pictures of every mode, with Pillow doing the resizing."""

import base64
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import PIL
import transformers
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.deit.image_processing_pil_deit import DeiTImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

FILE = Path(__file__).parents[2] / "test" / "golden" / "models" / "pictures.golden.json"


def pattern(width, height, channels=3):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    value = np.where((x + y) % 5 > 0, (x * x + 3 * y * y + 61 * x * c + 7 * x * y) % 256, 255 * ((x // 8 + c) % 2))
    return value.astype(np.uint8)


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


PICTURES = {
    "wide": Image.fromarray(pattern(37, 21)),
    "tall": Image.fromarray(pattern(19, 50)),
    "small": Image.fromarray(pattern(5, 4)),
    "grey": Image.fromarray(pattern(23, 17, 1)[:, :, 0], "L"),
    "alpha": Image.fromarray(np.concatenate([pattern(24, 16), np.full((16, 24, 1), 255, np.uint8)], 2), "RGBA"),
    "palette": Image.fromarray(pattern(22, 18)).convert("P", palette=Image.Palette.ADAPTIVE, colors=16),
}

SMALL = {"height": 12, "width": 12}
PROCESSORS = {
    "vit": ViTImageProcessorPil(size=SMALL, do_convert_rgb=True),
    "vit-oblong": ViTImageProcessorPil(size={"height": 9, "width": 14}, do_convert_rgb=True, resample=1),
    "vit-box": ViTImageProcessorPil(size=SMALL, do_convert_rgb=True, resample=4, do_normalize=False),
    "vit-hamming": ViTImageProcessorPil(size=SMALL, do_convert_rgb=True, resample=5, do_rescale=False, do_normalize=False),
    "vit-nearest": ViTImageProcessorPil(size=SMALL, do_convert_rgb=True, resample=0),
    "deit": DeiTImageProcessorPil(size={"height": 16, "width": 16}, crop_size=SMALL, do_convert_rgb=True),
    "deit-unresized": DeiTImageProcessorPil(do_resize=False, crop_size={"height": 20, "width": 11}, do_convert_rgb=True),
    "clip": CLIPImageProcessorPil(size={"shortest_edge": 12}, crop_size=SMALL),
}


def digest(values):
    array = np.ascontiguousarray(values, dtype=np.float32)
    return {"shape": list(array.shape), "sha256": hashlib.sha256(array.tobytes()).hexdigest()}


def main():
    cases = []
    for name, processor in PROCESSORS.items():
        config = {**processor.to_dict()}
        for picture, image in PICTURES.items():
            made = processor(image, return_tensors="np")["pixel_values"][0]
            cases.append({"processor": name, "picture": picture, **digest(made)})
        PROCESSORS[name] = json.loads(json.dumps({key: value for key, value in config.items() if value is not None}, default=lambda x: dict(x)))
    record = {
        "generated": {
            "script": "scripts/golden/models-pictures.py",
            "versions": {"transformers": transformers.__version__, "Pillow": PIL.__version__, "numpy": np.__version__},
            "seed": 0,
            "date": "2026-11-26",
        },
        "pictures": {name: png(image) for name, image in PICTURES.items()},
        "processors": PROCESSORS,
        "cases": cases,
    }
    FILE.write_text(json.dumps(record) + "\n")


main()
