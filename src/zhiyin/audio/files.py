"""Sound files: WAV and FLAC, 24 bits, written whole or not at all.

Conventions: a file's ending chooses its format; the same audio and tags give the same bytes.
This module does not know loudness or scores.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from zhiyin.audio.audio import Audio
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile

AUDIO_ENDINGS: dict[str, str] = {".wav": "WAV", ".flac": "FLAC"}
TAG_NAMES = ("title", "artist", "album", "comment", "copyright", "date", "genre", "license")
MAX_READ_FRAMES = 192_000 * 3600  # an hour at the highest rate: keeps a lying header from filling the memory


def audio_to_bytes(audio: Audio, *, ending: str, tags: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return a sound file's bytes; ending is `.wav` or `.flac`, tags are (name, text) pairs.

    Raises InvalidInput for another ending, an unknown tag, or samples beyond full scale.
    """
    if ending not in AUDIO_ENDINGS:
        raise InvalidInput(f"audio file must end in {' or '.join(AUDIO_ENDINGS)}, got {ending!r}: rename it")
    if audio.peak > 1.0:
        raise InvalidInput(
            f"samples must stay within full scale, got a peak of {audio.peak_db:+.2f} dBFS: "
            "use zhiyin.audio.loudness.to_loudness first"
        )
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", audio.sample_rate, audio.channels, subtype="PCM_24", format=AUDIO_ENDINGS[ending]
    ) as file:
        for name, text in tags:
            if name not in TAG_NAMES:
                raise InvalidInput(f"tag must be one of {', '.join(TAG_NAMES)}, got {name!r}")
            setattr(file, name, text)
        file.write(_to_24_bits(audio))
    return buffer.getvalue()


def _to_24_bits(audio: Audio) -> NDArray[np.int32]:
    """Return (frames, channels) whole numbers whose upper 24 bits are the samples: every format rounds alike."""
    steps = np.rint(audio.samples.T.astype(np.float64) * 2.0**23)
    return np.clip(steps, -(2**23), 2**23 - 1).astype(np.int32) << 8


def write_audio(audio: Audio, path: str | Path, tags: Iterable[tuple[str, str]] = ()) -> None:
    """Write a 24-bit `.wav` or `.flac` file; a failure leaves no half-written file.

    tags: (name, text) pairs, names of TAG_NAMES. Raises InvalidInput as `audio_to_bytes` does.
    """
    path = Path(path)
    data = audio_to_bytes(audio, ending=path.suffix.lower(), tags=tags)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_audio(path: str | Path) -> Audio:
    """Return the sound of a file (WAV, FLAC, and what else libsndfile reads).

    Raises NotFound when there is no file, UnreadableFile when it is not sound or too long.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound(f"audio file must exist, got {str(path)!r}: check the path")
    try:
        with soundfile.SoundFile(path) as file:
            if file.frames > MAX_READ_FRAMES:
                raise UnreadableFile(
                    path, "header", f"{file.frames} frames, at most {MAX_READ_FRAMES} allowed"
                )
            samples, rate = file.read(dtype="float32", always_2d=True), file.samplerate
    except soundfile.LibsndfileError as error:
        raise UnreadableFile(path, "header", f"not a readable sound file ({error.error_string})") from error
    return Audio(np.ascontiguousarray(samples.T), int(rate))
