"""COCO, as pycocotools reads it."""

import json
import os

import numpy as np
from pycocotools import mask
from pycocotools.coco import COCO

from writers.files import picture


def write(tell):
    os.makedirs("coco/annotations")
    for split, count in {"train": 4, "val": 2}.items():
        images, annotations = [], []
        for number in range(count):
            picture(f"coco/{split}/{number}.jpg", number + 100 * count, (40, 30))
            images.append({"id": number + 1, "file_name": f"{number}.jpg", "width": 40, "height": 30})
            drawn = np.zeros((30, 40), np.uint8)
            drawn[5:20, 3 : 10 + number] = 1
            packed = mask.encode(np.asfortranarray(drawn))
            plain = {"size": [30, 40], "counts": [lengths for lengths in runs(drawn)]}
            shapes = [([[1, 1, 20, 1, 20.5, 15, 1, 15]], 0), (plain, 1), ({"size": packed["size"], "counts": packed["counts"].decode()}, 0)]
            for segmentation, crowd in shapes:
                rle = packed if crowd or isinstance(segmentation, dict) else mask.merge(mask.frPyObjects(segmentation, 30, 40))
                annotations.append({"id": len(annotations) + 1, "image_id": number + 1, "category_id": 3 + 4 * crowd, "segmentation": segmentation, "area": float(mask.area(rle)), "bbox": [float(value) for value in mask.toBbox(rle)], "iscrowd": crowd})
        path = f"coco/annotations/instances_{split}.json"
        with open(path, "w") as file:
            json.dump({"images": images, "annotations": annotations, "categories": [{"id": 3, "name": "cat"}, {"id": 7, "name": "crowd"}]}, file)
    drawn, samples, splits = {}, 0, {}
    for split in ("train", "val"):
        read = COCO(f"coco/annotations/instances_{split}.json")
        splits[split] = len(read.imgs)
        for number, image in read.imgs.items():
            found = read.loadAnns(read.getAnnIds([number]))
            drawn[f"coco/{split}/{image['file_name']}"] = [{"label": read.cats[one["category_id"]]["name"], "box": one["bbox"], **({"outline": [float(value) for value in mask.toBbox(read.annToRLE(one))]} if isinstance(one["segmentation"], list) else {})} for one in found]
    tell("coco", "dataset", format="coco", samples=sum(splits.values()), splits=splits, drawn=drawn, slack=0.03)


def runs(drawn):
    """Uncompressed run lengths, down the columns, of nothing first."""
    flat = drawn.T.reshape(-1)
    edges = np.flatnonzero(np.diff(flat)) + 1
    bounds = np.concatenate([[0], edges, [flat.size]])
    lengths = np.diff(bounds).tolist()
    return lengths if flat[0] == 0 else [0, *lengths]
