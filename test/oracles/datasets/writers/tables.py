"""Tables of pyarrow and of Hugging Face's datasets, with the rows that pyarrow reads."""

import datetime
import decimal
import os

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from datasets import Audio, ClassLabel, Dataset, Features, Image, Sequence, Value

from writers.files import picture, sound

NOW = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456)


def typed(count):
    numbers = range(count)
    return pa.table({
        "int8": pa.array([n % 100 - 50 if n % 7 else None for n in numbers], pa.int8()),
        "uint64": pa.array([2**63 + n for n in numbers], pa.uint64()),
        "int64": pa.array([-(2**62) - n for n in numbers], pa.int64()),
        "float32": pa.array([n / 4 for n in numbers], pa.float32()),
        "float16": pa.array([n / 4 for n in numbers], pa.float16()),
        "double": pa.array([n / 3 if n % 5 else None for n in numbers], pa.float64()),
        "bool": pa.array([n % 3 == 0 for n in numbers]),
        "string": pa.array([f"row ç{n % 9}" if n % 4 else None for n in numbers]),
        "day": pa.array([datetime.date(2000, 1, 1) + datetime.timedelta(n) for n in numbers]),
        "time": pa.array([NOW + datetime.timedelta(microseconds=n) for n in numbers], pa.timestamp("us")),
        "decimal": pa.array([decimal.Decimal(n).scaleb(-2) for n in numbers], pa.decimal128(12, 2)),
        "list": pa.array([None if n % 5 == 1 else list(range(n % 4)) for n in numbers], pa.list_(pa.int32())),
        "nested": pa.array([[[n], []] for n in numbers], pa.list_(pa.list_(pa.int64()))),
        "struct": pa.array([{"a": n, "b": {"c": str(n)}} if n % 3 else None for n in numbers]),
        "structs": pa.array([[{"x": float(n), "y": None}] * (n % 3) for n in numbers], pa.list_(pa.struct([("x", pa.float64()), ("y", pa.string())]))),
        "map": pa.array([{"k": n, "l": None} for n in numbers], pa.map_(pa.string(), pa.int32())),
        "fixed": pa.array([[n, n + 1] for n in numbers], pa.list_(pa.float32(), 2)),
    })


def plain(value):
    """A cell as JSON has it: whole numbers, and what has no form of its own there, as text."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        return f"{value.isoformat(timespec='microseconds')}Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return float(value) if isinstance(value, decimal.Decimal) else str(value) if isinstance(value, int) else value


def sizes(content):
    return {role: [os.path.getsize(path) for path in content[role]] for role in ("image", "audio")}


def write(tell):
    os.makedirs("parquet")
    table = typed(300)
    rows = plain(table.to_pylist(maps_as_pydicts="strict"))
    ways = [{"compression": name} for name in ("none", "snappy", "gzip", "brotli", "zstd", "lz4")] + [
        {"data_page_version": "2.0"}, {"data_page_version": "2.0", "compression": "zstd", "use_dictionary": False},
        {"use_dictionary": False, "column_encoding": {"int64": "DELTA_BINARY_PACKED", "string": "DELTA_BYTE_ARRAY", "float32": "BYTE_STREAM_SPLIT"}},
        {"row_group_size": 70, "data_page_size": 64, "write_page_index": True}, {"version": "1.0"}, {"use_deprecated_int96_timestamps": True}, {"use_byte_stream_split": ["double"], "use_dictionary": ["string"]},
    ]
    for number, way in enumerate(ways):
        path = f"parquet/{number}.parquet"
        pq.write_table(table, path, **way)
        tell(path, "rows", form="parquet", rows=rows, way=str(way))
    pq.write_table(table.slice(0, 0), "parquet/none.parquet")
    tell("parquet/none.parquet", "rows", form="parquet", rows=[])

    words = pa.table({"text": ['a "quoted", word', "two\nlines", "", "çà"], "n": [1, 2, 3, 4]})
    pa.csv.write_csv(words, "words.csv")
    tell("words.csv", "rows", form="csv", rows=[{key: str(value) for key, value in row.items()} for row in words.to_pylist()])

    os.makedirs("hub/data")
    for number in range(4):
        picture(f"parts/{number}.png", number)
        sound(f"parts/{number}.wav", number)
    features = Features({"image": Image(), "audio": Audio(), "label": ClassLabel(names=["no", "yes"]), "caption": Value("string"), "boxes": Sequence(Sequence(Value("float32")))})
    content = {"image": [os.path.abspath(f"parts/{n}.png") for n in range(4)], "audio": [os.path.abspath(f"parts/{n}.wav") for n in range(4)], "label": [0, 1, 1, 0], "caption": [f"caption {n}" for n in range(4)], "boxes": [[[0, 1, 2, n]] for n in range(4)]}
    dataset = Dataset.from_dict(content, features=features)
    os.makedirs("named")
    dataset.to_parquet("named/whole.parquet")
    tell("named", "dataset", format="table", samples=4, texts=sorted(content["caption"]), bytes=sizes(content))
    held = {**content, **{role: [{"bytes": open(path, "rb").read(), "path": os.path.basename(path)} for path in content[role]] for role in ("image", "audio")}}
    dataset = Dataset.from_dict(held, features=features)
    for split, part in {"train": dataset.select(range(3)), "test": dataset.select([3])}.items():
        part.to_parquet(f"hub/data/{split}-00000-of-00001.parquet")
    tell("hub", "dataset", format="table", samples=4, splits={"train": 3, "test": 1}, texts=sorted(content["caption"]), bytes=sizes({role: content[role][3:] + content[role][:3] for role in content}))
    slim = dataset.remove_columns(["image", "audio"])
    slim.to_json("slim.jsonl")
    tell("slim.jsonl", "rows", form="jsonl", rows=plain(slim.to_list()))
    slim.to_json("slim.json", lines=False)
    tell("slim.json", "rows", form="json", rows=plain(slim.to_list()))
    slim.to_json("slim.jsonl.gz", compression="gzip")
    tell("slim.jsonl.gz", "rows", form="jsonl", rows=plain(slim.to_list()))
    slim.to_csv("slim.csv")
    tell("slim.csv", "rows", form="csv", rows=[{"label": str(row["label"]), "caption": row["caption"]} for row in slim.to_list()])
