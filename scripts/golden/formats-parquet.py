"""Golden file of the Parquet reader: files as Arrow writes them, and their rows: both page versions, codecs, encodings, nesting.

Usage: python scripts/golden/formats-parquet.py > test/golden/formats/parquet.golden.json
"""

import base64
import io
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq

SEED = 17
random.seed(SEED)
ROWS = 300


def sometimes(value, share=0.2):
    return None if random.random() < share else value


# Columns of few values get dictionaries, runs come from columns that hardly change, bits from those that always do.
columns = {
    "count": pa.array([at * 7 - 900 for at in range(ROWS)], pa.int32()),
    "maybe": pa.array([sometimes(at % 5) for at in range(ROWS)], pa.int64()),
    "share": pa.array([random.random() for _ in range(ROWS)], pa.float64()),
    "name": pa.array([sometimes(f"name {at % 9}") for at in range(ROWS)], pa.string()),
    "same": pa.array(["ü"] * ROWS, pa.string()),
    "nothing": pa.array([None] * ROWS, pa.string()),
    "flag": pa.array([at // 50 % 2 == 0 for at in range(ROWS)], pa.bool_()),
    "mixed": pa.array([sometimes(random.random() < 0.5) for _ in range(ROWS)], pa.bool_()),
}
nested = {
    "list": pa.array([sometimes([sometimes(word) for word in "abcdef"[: at % 4]]) for at in range(ROWS)], pa.list_(pa.string())),
    "record": pa.array([sometimes({"x": at, "y": sometimes("y" * (at % 3))}) for at in range(ROWS)]),
    "table": pa.array(
        [[{"key": at % 3, "words": ["w"] * (at % 3)} for _ in range(at % 3)] for at in range(ROWS)],
    ),
}
flat = pa.table(columns)
deep = pa.table(nested)
required = pa.table(
    [pa.array(range(20), pa.int32())], schema=pa.schema([pa.field("sure", pa.int32(), nullable=False)])
)
delta = {"count": "DELTA_BINARY_PACKED", "maybe": "DELTA_BINARY_PACKED", "name": "DELTA_BYTE_ARRAY", "same": "DELTA_LENGTH_BYTE_ARRAY"}
split = {"share": "BYTE_STREAM_SPLIT", "flag": "RLE", "mixed": "RLE"}

TABLES = [
    ("Snappy", flat, {}),
    ("second pages, Zstandard", flat, {"data_page_version": "2.0", "compression": "zstd"}),
    ("Gzip, groups of 70 rows", flat, {"compression": "gzip", "row_group_size": 70}),
    ("Brotli, small pages", flat, {"compression": "brotli", "data_page_size": 200, "write_batch_size": 16}),
    ("LZ4, no dictionary", flat, {"compression": "lz4", "use_dictionary": False}),
    ("no compression, second pages", flat, {"compression": "none", "data_page_version": "2.0"}),
    ("deltas and split bytes", flat, {"use_dictionary": False, "column_encoding": {**delta, **split}, "data_page_version": "2.0"}),
    ("nested", deep, {}),
    ("nested, second pages, small", deep, {"data_page_version": "2.0", "data_page_size": 200, "write_batch_size": 16}),
    ("required", required, {}),
    ("empty", flat.slice(0, 0), {}),
]


def written(table, options):
    target = io.BytesIO()
    pq.write_table(table, target, **options)
    return base64.b64encode(target.getvalue()).decode()


golden = {
    "generated": {
        "script": "scripts/golden/formats-parquet.py",
        "versions": {"pyarrow": pa.__version__},
        "seed": SEED,
        "date": "2026-11-26",
    },
    "rows": {"flat": flat.to_pylist(), "nested": deep.to_pylist(), "required": required.to_pylist(), "empty": []},
    "files": [
        {
            "name": name,
            "rows": "empty" if table.num_rows == 0 else "required" if table is required else "nested" if table is deep else "flat",
            "file": written(table, options),
        }
        for name, table, options in TABLES
    ],
}
print(json.dumps(golden, ensure_ascii=False))
