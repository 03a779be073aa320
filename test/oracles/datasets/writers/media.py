"""Sounds of libsndfile and pictures of Pillow, with what these read of them."""

import os

import numpy as np
import soundfile
from PIL import Image

CONTAINERS = {"WAV": "wav", "WAVEX": "wav", "RF64": "wav", "W64": None, "AIFF": "aiff", "AU": "au", "CAF": "caf", "FLAC": "flac", "OGG": "ogg", "MP3": "mp3"}
SUBTYPES = {"PCM_16", "PCM_24", "PCM_32", "PCM_U8", "PCM_S8", "FLOAT", "DOUBLE", "ULAW", "ALAW", "VORBIS", "OPUS", "MPEG_LAYER_III", "IMA_ADPCM", "MS_ADPCM", "GSM610", "ALAC_16", "ALAC_24"}
DEPTHS = {"PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "PCM_U8": 8, "PCM_S8": 8, "FLOAT": 32, "DOUBLE": 64}


def write(tell):
    os.makedirs("sounds")
    random = np.random.default_rng(3)
    for form, container in CONTAINERS.items():
        for subtype in soundfile.available_subtypes(form):
            for rate, channels in ((16_000, 1), (48_000, 2)):
                path = f"sounds/{form}-{subtype}-{rate}.{form.lower()}"
                if subtype not in SUBTYPES or container is None or not soundfile.check_format(form, subtype) or (subtype == "MPEG_LAYER_III" and form != "MP3") or (subtype == "GSM610" and channels > 1):
                    continue
                with soundfile.SoundFile(path, "w", rate, channels, subtype, format=form) as file:
                    file.write(random.uniform(-0.4, 0.4, (rate * 5 // 4, channels)))
                read = soundfile.info(path)
                tell(path, "media", kind="audio", container=container, duration=read.frames / read.samplerate, sampleRate=48_000 if subtype == "OPUS" else read.samplerate, channels=read.channels, bitDepth=DEPTHS.get(subtype), slack=0.1 if subtype == "MPEG_LAYER_III" else 0.0015 if subtype in ("VORBIS", "OPUS") else 0.03 if "ADPCM" in subtype or "GSM" in subtype or "ALAC" in subtype else 1e-6)
    write_pictures(tell, random)


def write_pictures(tell, random):
    os.makedirs("stills")
    colour = Image.fromarray(random.integers(0, 256, (30, 41, 3), np.uint8))
    frames = [Image.fromarray(random.integers(0, 256, (30, 41, 3), np.uint8)) for _ in range(3)]
    deep = Image.fromarray(random.integers(0, 60_000, (30, 41)).astype(np.uint16))
    turned = Image.Exif()
    turned[0x0112] = 6
    for name, image, options in (
        ("a.png", colour, {}), ("deep.png", deep, {}), ("palette.png", colour.quantize(16), {}), ("bit.png", colour.convert("1"), {}), ("alpha.png", colour.convert("RGBA"), {}), ("grey-alpha.png", colour.convert("LA"), {}),
        ("moving.png", colour, {"save_all": True, "append_images": frames}), ("a.jpg", colour, {}), ("grey.jpg", colour.convert("L"), {}), ("cmyk.jpg", colour.convert("CMYK"), {}), ("progressive.jpg", colour, {"progressive": True}),
        ("turned.jpg", colour, {"exif": turned}), ("turned.png", colour, {"exif": turned}), ("turned.webp", colour, {"exif": turned}), ("a.webp", colour, {}), ("lossless.webp", colour.convert("RGBA"), {"lossless": True}), ("moving.webp", colour, {"save_all": True, "append_images": frames}),
        ("a.gif", colour, {}), ("moving.gif", colour, {"save_all": True, "append_images": frames}), ("a.bmp", colour, {}), ("a.tif", colour, {}), ("pages.tif", colour, {"save_all": True, "append_images": frames}), ("deflate.tif", colour, {"compression": "tiff_adobe_deflate"}), ("deep.tif", deep, {}), ("float.tif", colour.convert("F"), {}),
        ("a.jp2", colour, {}), ("a.ppm", colour, {}), ("a.pgm", colour.convert("L"), {}), ("a.avif", colour, {}), ("alpha.avif", colour.convert("RGBA"), {}), ("moving.avif", colour, {"save_all": True, "append_images": frames}), ("a.ico", colour, {"sizes": [(16, 16)]}),
    ):
        image.save(f"stills/{name}", **options)
        with Image.open(f"stills/{name}") as read:
            tell(f"stills/{name}", "media", kind="image", container={"JPEG2000": "jp2", "PPM": "pnm"}.get(read.format, read.format.lower()), width=read.size[0], height=read.size[1], frames=None if read.format == "AVIF" else getattr(read, "n_frames", 1), orientation=read.getexif().get(0x0112, 1), alpha=None if read.format in ("JPEG2000", "ICO", "GIF", "AVIF") else read.mode in ("RGBA", "LA"))
