"""The files of one piece, written into a folder, and what its sound measures.

Conventions: loudness and peak are measured on the file that was written, not on what was meant.
This module makes no files itself: see `zhiyin.render.export`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress
from zhiyin.audio import Audio
from zhiyin.audio.files import read_audio
from zhiyin.audio.loudness import loudness_lufs
from zhiyin.render.base import Synth
from zhiyin.render.export import KINDS, export_bundle
from zhiyin.score import Score


@dataclass(frozen=True, slots=True)
class Sound:
    """What a sound measures: the bank that played, length, integrated loudness, sample peak, rate and channels."""

    bank: str
    seconds: float
    lufs: float
    peak_dbfs: float
    sample_rate: int
    channels: int

    def to_json(self) -> dict[str, Any]:
        """Return the measures as plain values."""
        return asdict(self)


def measure_sound(audio: Audio, bank: str) -> Sound:
    """Return what a sound measures."""
    return Sound(
        bank, round(audio.duration_s, 3), round(loudness_lufs(audio), 2), round(audio.peak_db, 2),
        audio.sample_rate, audio.channels,
    )  # fmt: skip


def write_bundle(
    score: Score,
    folder: Path,
    *,
    performed: Score,
    synth: Synth,
    kinds: Collection[str] = KINDS,
    progress: Progress,
) -> tuple[tuple[Path, ...], Sound | None]:
    """Write a piece's files and return their paths and what its sound measures (None without sound)."""
    total = len(kinds)

    def tell(kind: str, share: float) -> None:
        progress(kind, round(share * total), total)

    written = export_bundle(score, folder, performed=performed, synth=synth, kinds=kinds, progress=tell)
    sound = measure_sound(read_audio(written["audio.wav"]), synth.name) if "audio.wav" in written else None
    return tuple(written.values()), sound
