"""Shards of webdataset and of TFRecord."""

import os
from collections import Counter
from glob import glob

import numpy as np
import webdataset as wds
from tfrecord.reader import tfrecord_loader
from tfrecord.writer import TFRecordWriter

from writers.files import picture


def read(pattern):
    return list(wds.WebDataset(sorted(glob(pattern)), shardshuffle=False, empty_check=False))


def write(tell):
    picture("one.jpg", 1)
    image = open("one.jpg", "rb").read()
    for split, count in {"train": 25, "val": 4}.items():
        os.makedirs(f"shards/{split}")
        with wds.ShardWriter(f"shards/{split}/%06d.tar", maxcount=10, verbose=0) as sink:
            for number in range(count):
                sink.write({"__key__": f"{split}-{number:06d}", "jpg": image, "cls": number % 3, "txt": f"{split} {number}", "json": {"n": number}})
    samples = read("shards/*/*.tar")
    tell("shards", "dataset", format="webdataset", samples=len(samples), roles=["jpg"], splits=Counter(sample["__key__"].split("-")[0] for sample in samples), texts=sorted(sample["txt"].decode() for sample in samples))

    os.makedirs("packed")
    with wds.TarWriter("packed/a.tar.gz", compress=True) as sink:
        for number in range(6):
            sink.write({"__key__": f"some/deep.dir/{number}", "seg.png": image, "input.jpg": image, "npy": np.arange(number), "pyd": {"a": 1}})
        sink.write({"__key__": "some/" + "long/" * 30 + "é", "seg.png": image, "input.jpg": image, "npy": np.arange(3), "pyd": {}})
    samples = read("packed/*.tar.gz")
    tell("packed", "dataset", format="webdataset", samples=len(samples), ids=[sample["__key__"] for sample in samples], roles=["input.jpg", "seg.png"])

    os.makedirs("records")
    for split, count in {"train": 20, "test": 3}.items():
        for shard in range(2):
            writer = TFRecordWriter(f"records/{split}.tfrecord-{shard:05d}-of-00002")
            for number in range(count):
                writer.write({"image": (image, "byte"), "label": (number % 2, "int"), "score": ([number / 2, 1.0], "float"), "text": (f"{split} {shard} {number}".encode(), "byte")})
            writer.close()
    loaded = [row for path in sorted(glob("records/*")) for row in tfrecord_loader(path, None)]
    tell("records", "dataset", format="tfrecord", samples=len(loaded), splits={"train": 40, "test": 6}, texts=sorted(bytes(row["text"]).decode() for row in loaded), labels=Counter(str(int(row["label"][0])) for row in loaded))
