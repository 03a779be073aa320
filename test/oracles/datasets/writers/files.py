"""Small pictures and sounds."""

from pathlib import Path

import numpy as np
import soundfile
from PIL import Image


def picture(path, number=0, size=(24, 16)):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(number).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(noise).save(path)


def sound(path, number=0, seconds=0.5, rate=16_000):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(number).uniform(-0.5, 0.5, int(seconds * rate))
    soundfile.write(path, noise, rate)
    return seconds
