"""Loads by Hugging Face's datasets what our export wrote into the folders that write.py made, and says what is not as it should be.

accept.py FOLDER
"""

import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

folder = Path(sys.argv[1]).resolve()
os.environ["HF_HOME"] = str(folder.parent / "accepted")

from datasets import Audio, Image, load_dataset  # noqa: E402

passed = failed = 0


def judge(what, ours, expected):
    global passed, failed
    if ours == expected:
        passed += 1
    else:
        failed += 1
        print(f"{what} is {ours}, and should be {expected}", file=sys.stderr)


for made in json.loads((folder / "made.json").read_text()):
    if made["what"] != "export" or "refused" in made:
        continue
    path = made["path"]
    try:
        splits = load_dataset(made["builder"], data_dir=str(folder / path))
    except Exception as error:
        judge(path, repr(error), "loaded")
        continue
    decode = (Image if made["column"] == "image" else Audio)(decode=False)
    rows = [row for part in splits.values() for row in part.cast_column(made["column"], decode)]
    judge(f"{path}: rows", len(rows), made["rows"])
    judge(f"{path}: splits", {name: len(part) for name, part in splits.items()}, made.get("splits", {"train": made["rows"]}))
    for column, key in (("text", "texts"), ("label", "labels")):
        if key in made:
            judge(f"{path}: {key}", sorted(row[column] for row in rows if row.get(column) is not None), made[key])
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
