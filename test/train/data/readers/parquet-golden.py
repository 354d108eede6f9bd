"""
Writes the Parquet files that `parquet.test.ts` reads, with Apache Arrow, the library that writes most of those that
people have: one file a codec, dictionary-encoded labels, two row groups, a column of lists that nobody asks for, and
the metadata of a Hugging Face ClassLabel.

    pip install pyarrow==26.0.1
    python test/train/data/readers/parquet-golden.py
"""
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PYARROW = "26.0.1"
assert pa.__version__ == PYARROW, pa.__version__

FOLDER = Path(__file__).parent / "parquet-golden"
FOLDER.mkdir(exist_ok=True)

ROWS = 70
names = ["ham", "spam"]
features = {"text": {"dtype": "string", "_type": "Value"}, "label": {"names": names, "_type": "ClassLabel"}}
table = pa.table(
    {
        "text": pa.array([f"Köln 😀 {i}" for i in range(ROWS)], pa.string()),
        "tokens": pa.array([["a"] * (i % 3) for i in range(ROWS)], pa.list_(pa.string())),
        "label": pa.array([None if i % 7 == 6 else i % 2 for i in range(ROWS)], pa.int64()),
    }
).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})

for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    pq.write_table(table, FOLDER / f"{codec}.parquet", compression=codec, row_group_size=40)
