"""Manifests and Shar of Lhotse."""

import os

from lhotse import CutSet, MonoCut, Recording, RecordingSet, SupervisionSegment, SupervisionSet
from lhotse.shar import SharWriter

from writers.files import sound


def write(tell):
    for number in range(6):
        sound(f"lhotse/audio/{number}.wav", number, 1 + number / 2)
    recordings = RecordingSet.from_recordings(Recording.from_file(f"lhotse/audio/{number}.wav", recording_id=f"r{number}") for number in range(6))
    supervisions = SupervisionSet.from_segments(
        SupervisionSegment(id=f"r{number}-{part}", recording_id=f"r{number}", start=part * 0.5, duration=0.5, text=f"words {number} {part}", language="English", speaker=f"s{number % 2}") for number in range(6) for part in range(2)
    )
    cuts = CutSet.from_manifests(recordings=recordings, supervisions=supervisions)
    length = sum(recording.duration for recording in recordings)
    facts = {"format": "lhotse", "samples": 6, "stated": length}
    words = sorted(segment.text for segment in supervisions)

    recordings.to_file("lhotse/recordings.jsonl.gz")
    supervisions.to_file("lhotse/supervisions.jsonl.gz")
    tell("lhotse", "dataset", format="lhotse", samples=len(supervisions), texts=words, stated=sum(segment.duration for segment in supervisions), seconds=length)
    for form in ("jsonl.gz", "jsonl", "json"):
        os.makedirs(f"cuts-{form}")
        cuts.to_file(f"cuts-{form}/cuts.{form}")
        read = CutSet.from_file(f"cuts-{form}/cuts.{form}")
        tell(f"cuts-{form}/cuts.{form}", "dataset", **{**facts, "samples": len(list(read)), "ids": [cut.id for cut in read]}, lines=words)

    os.makedirs("windows")
    windows = cuts.cut_into_windows(0.7).to_eager()
    mixed = CutSet.from_cuts([windows[0].append(windows[1]), windows[2].pad(duration=3)] + list(windows)[3:])
    mixed.to_file("windows/cuts_train.jsonl.gz")
    tell("windows/cuts_train.jsonl.gz", "dataset", format="lhotse", samples=len(mixed), ids=[cut.id for cut in mixed], stated=sum(cut.duration for cut in mixed if isinstance(cut, MonoCut)))

    os.makedirs("shar")
    with SharWriter("shar", fields={"recording": "flac"}, shard_size=4) as writer:
        for cut in cuts:
            writer.write(cut)
    read = list(CutSet.from_shar(in_dir="shar"))
    tell("shar", "dataset", format="lhotse", samples=len(read), lines=words, stated=sum(cut.duration for cut in read), seconds=sum(cut.load_audio().shape[1] / cut.sampling_rate for cut in read), roles=["recording"])
