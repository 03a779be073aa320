"""Writes datasets, recordings, tables, arrays and media by their own libraries, and tells in made.json what their own loaders read of them.

write.py FOLDER
"""

import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

folder = Path(sys.argv[1])
folder.mkdir(parents=True)
os.environ["HF_HOME"] = str(folder.resolve().parent / "hf")
os.chdir(folder)

from writers import arrays, exports, folders, media, pictures, recordings, shards, speech, tables  # noqa: E402

made = []


def tell(path, what, **facts):
    made.append({"path": str(path), "what": what, **facts})


for module in (folders, tables, shards, speech, pictures, recordings, arrays, media, exports):
    module.write(tell)
Path("made.json").write_text(json.dumps(made))
