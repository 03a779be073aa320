"""Folders of which we write a metadata.jsonl for load_dataset, as a person does from the gallery."""

import json
from pathlib import Path

from writers.files import picture, sound


def write(tell):
    for number in range(6):
        label = "cat" if number % 2 else "dog breed"
        picture(f"out/classes/{label}/ü {number}.png", number)
    tell("out/classes", "export", builder="imagefolder", column="image", rows=6, labels=sorted(["cat", "dog breed"] * 3))
    for split, count in {"train": 4, "test": 2}.items():
        for number in range(count):
            picture(f"out/splits/{split}/cat/{split}{number}.jpg", number)
            picture(f"out/splits/{split}/dog/{split}{number}-d.jpg", 50 + number)
            picture(f"out/parted/{split}/{number}.jpg", 70 + number)
            Path(f"out/parted/{split}/{number}.txt").write_text(f"{split} {number}")
    # load_dataset passes over a metadata.jsonl above folders that it takes for splits.
    tell("out/splits", "export", refused="makes a split of")
    tell("out/parted", "export", parts=["train", "test"], builder="imagefolder", column="image", rows=6, splits={"train": 4, "test": 2}, texts=sorted(f"{split} {number}" for split, count in {"train": 4, "test": 2}.items() for number in range(count)))
    for number in range(5):
        picture(f"out/pairs/{number}.jpg", number)
        if number != 0:
            Path(f"out/pairs/{number}.txt").write_text(f'a "caption", {number}\n')
    tell("out/pairs", "export", builder="imagefolder", column="image", rows=5, texts=[f'a "caption", {number}' for number in range(1, 5)])
    rows = [{"audio_filepath": f"clips/{number}.wav", "duration": sound(f"out/nemo/clips/{number}.wav", number), "text": f"said {number}"} for number in range(4)]
    Path("out/nemo/manifest.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    tell("out/nemo", "export", builder="audiofolder", column="audio", rows=4, texts=[row["text"] for row in rows])
