"""Hugging Face's ImageFolder and AudioFolder, as load_dataset reads them."""

import csv
import json
from collections import Counter
from pathlib import Path

import pyarrow
import pyarrow.parquet
from datasets import Audio, Image, load_dataset

from writers.files import picture, sound

MEDIA = {"imagefolder": ("image", Image(decode=False)), "audiofolder": ("audio", Audio(decode=False))}


def loaded(tell, path, builder, **facts):
    column, feature = MEDIA[builder]
    splits = load_dataset(builder, data_dir=path)
    labels, texts = Counter(), []
    for rows in splits.values():
        for row in rows.cast_column(column, feature):
            if row.get("label") is not None:
                name = rows.features["label"].int2str(row["label"]) if hasattr(rows.features["label"], "int2str") else row["label"]
                labels[name] += 1
            if "text" in row:
                texts.append(row["text"])
    read = {"samples": sum(len(rows) for rows in splits.values()), "splits": {name: len(rows) for name, rows in splits.items()}, "labels": labels, "texts": sorted(texts)}
    if list(splits) == ["train"]:
        # So load_dataset calls what has no splits.
        read["splits"] = {"none": read["samples"]}
    tell(path, "dataset", **{"format": builder, **read, **facts})


def write(tell):
    for split, labels in {"train": "cat cat dog dog dog", "test": "cat dog"}.items():
        for number, label in enumerate(labels.split()):
            picture(f"classes/{split}/{label}/{split}{number}.png", hash_of(split, number))
    loaded(tell, "classes", "imagefolder")

    for split, count in {"train": 4, "validation": 2, "test": 1}.items():
        for number in range(count):
            picture(f"captions/{split}/deep/{split}-{number}.jpg", hash_of(split, number))
        Path(f"captions/{split}/metadata.jsonl").write_text("".join(json.dumps({"file_name": f"deep/{split}-{number}.jpg", "text": f"{split} “{number}”\nçà"}) + "\n" for number in range(count)))
    loaded(tell, "captions", "imagefolder")

    # Splits of which loaders know other names, and names that only look like one.
    for folder, count in {"training": 3, "dev": 2, "evaluation": 1}.items():
        for number in range(count):
            picture(f"names/{folder}/latest-{number}.png", hash_of(folder, number))
    # Any folder is an ImageFolder to who asks for one, with these folders for labels: splits are compared alone.
    loaded(tell, "names", "imagefolder", format=None, labels=None)

    seconds = sum(sound(f"speech/data/clip {number}.wav", number, 0.25 * (number + 1)) for number in range(4))
    with open("speech/metadata.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file_name", "text", "speaker"])
        rows.writerows([f"data/clip {number}.wav", f'said, "{number}"', f"s{number % 2}"] for number in range(4))
    loaded(tell, "speech", "audiofolder", seconds=seconds)

    for number in range(3):
        picture(f"columns/images/{number}.png", number)
    table = pyarrow.table({"file_name": [f"images/{number}.png" for number in range(3)], "text": ["one", "two", "three"]})
    pyarrow.parquet.write_table(table, "columns/metadata.parquet")
    loaded(tell, "columns", "imagefolder")


def hash_of(split, number):
    return sum(map(ord, split)) * 100 + number
