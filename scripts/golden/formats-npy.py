"""Golden file of the NPY and NPZ readers: files as NumPy writes them, and their values.

Usage: python scripts/golden/formats-npy.py > test/golden/formats/npy.golden.json
"""

import base64
import io
import json

import numpy as np

SEED = 13
random = np.random.default_rng(SEED)

wide = random.standard_normal((2, 3, 4))
kinds = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]
arrays = {}
for kind in kinds:
    for order in ("<", ">"):
        for layout in ("C", "F"):
            values = (wide * 50).astype(np.int64) if kind[0] != "f" else wide
            values = np.abs(values) if kind[0] == "u" else values
            arrays[f"{order}{kind} {layout}"] = np.asarray(values.astype(order + kind), order=layout)
arrays["scalar"] = np.float32(1.5).reshape(())
arrays["empty"] = np.zeros((0, 4))
arrays["line"] = np.arange(5, dtype=np.int32)


def saved(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version, allow_pickle=True)
    return base64.b64encode(file.getvalue()).decode()


def archived(save):
    file = io.BytesIO()
    save(file, first=arrays["line"], second=wide, zeros=np.zeros(1000))
    return base64.b64encode(file.getvalue()).decode()


print(
    json.dumps(
        {
            "generated": {
                "script": "scripts/golden/formats-npy.py",
                "versions": {"numpy": np.__version__},
                "seed": SEED,
                "date": "2026-11-24",
            },
            "cases": [
                {
                    "name": name,
                    "file": saved(array),
                    "shape": list(array.shape),
                    "values": [float(value) for value in array.flatten(order="C")],
                }
                for name, array in arrays.items()
            ],
            "versionsOfFile": {f"{v}.0": saved(arrays["line"], (v, 0)) for v in (1, 2, 3)},
            "refused": {
                "object": saved(np.array([{}, 1], dtype=object)),
                "text": saved(np.array(["a", "bc"])),
                "complex": saved(np.array([1j])),
                "record": saved(np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")])),
            },
            "archives": {"stored": archived(np.savez), "deflated": archived(np.savez_compressed)},
            "wide": [float(value) for value in wide.flatten()],
        },
        indent=1,
    )
)
