"""What Pillow makes of small generated pictures: mosaics, photos saved again, and bicubic resizing alone.

src/formats/images is held to it, byte for byte. Rows are resized before columns, as Pillow did in one call until version
13, which begins with the columns where the height shrinks more than the width; each pass alone is the same in both.
"""

import base64
import hashlib
import io
import json
import sys
from pathlib import Path

from PIL import Image, __version__, features

TARGET = Path(__file__).parents[2] / "test" / "golden" / "formats" / "mosaic.golden.json"
CELL = 24
SIZES = [(1, 1), (2, 3), (16, 16), (23, 25), (24, 24), (31, 7), (40, 160), (61, 24), (240, 90), (333, 47), (1000, 3), (5, 2500)]
TARGET_SIZES = [1, 24, 67]


def pattern(width, height, channels):
    """Pixels that a port can compute again: x² + 3 y² + 61 x c + 7 x y, where c counts channels, modulo 256, then a wedge."""
    return bytes(
        (x * x + 3 * y * y + 61 * x * c + 7 * x * y) % 256 if (x + y) % 5 else 255 * ((x // 8 + c) % 2)
        for y in range(height)
        for x in range(width)
        for c in range(channels)
    )


def smooth(width, height):
    return Image.frombytes("RGB", (8, 6), pattern(8, 6, 3)).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def text(data):
    return base64.b64encode(data).decode()


def resize(image, size):
    return image.resize((size, image.height)).resize((size, size))


def stitch(sources):
    canvas = Image.new("RGB", (2 * CELL, 2 * CELL))
    for at, source in enumerate(sources):
        canvas.paste(resize(Image.open(io.BytesIO(source)), CELL), (at % 2 * CELL, at // 2 * CELL))
    return canvas


def resized(width, height, size):
    image = resize(Image.frombytes("RGB", (width, height), pattern(width, height, 3)), size)
    return {"width": width, "height": height, "size": size, "sha256": hashlib.sha256(image.tobytes()).hexdigest()}


def main():
    rotated = Image.Exif()
    rotated[0x0112] = 6
    sources = [
        encoded(smooth(64, 48), "JPEG", quality=90),
        encoded(smooth(43, 64), "JPEG", quality=95, subsampling="4:4:4", exif=rotated),
        encoded(Image.frombytes("L", (30, 20), pattern(30, 20, 1)), "PNG"),
        encoded(Image.frombytes("RGB", (CELL, CELL), pattern(CELL, CELL, 3)), "PNG"),
    ]
    canvas = stitch(sources)
    grey = encoded(smooth(40, 30).convert("L"), "JPEG", quality=90)
    golden = {
        "generated": {
            "script": "scripts/golden/formats-mosaic.py",
            "versions": {"python": sys.version.split()[0], "pillow": __version__, "libjpeg": features.version("jpg")},
            "seed": "none, a formula",
            "date": "2026-11-24",
        },
        "mosaic": {
            "cellSize": CELL,
            "sources": [text(source) for source in sources],
            "jpeg": text(encoded(canvas, "JPEG")),
            "sha256": hashlib.sha256(canvas.tobytes()).hexdigest(),
        },
        "savedAgain": [
            {"source": text(source), "jpeg": text(encoded(Image.open(io.BytesIO(source)), "JPEG"))}
            for source in (sources[0], grey)
        ],
        "resized": [resized(width, height, size) for width, height in SIZES for size in TARGET_SIZES],
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(golden, indent=1) + "\n")


main()
