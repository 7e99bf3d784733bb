"""The value that carries sound.

Conventions: float32 samples (channels, frames), full scale 1.0; the array is read-only.
This module does not know files, loudness or scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.units import Decibels, Float32Array, Seconds, gain_to_db

MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 192_000
MAX_CHANNELS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Sound: samples (channels, frames) and their rate in hertz.

    Raises InvalidInput unless the samples are 2-D and finite, 1..8 channels, rate 8000..192000 Hz.
    >>> Audio(np.zeros((2, 22050), np.float32), 44100).duration_s
    0.5
    """

    samples: Float32Array
    sample_rate: int

    def __post_init__(self) -> None:
        samples = np.asarray(self.samples, np.float32).view()
        if samples.ndim != 2 or not 1 <= samples.shape[0] <= MAX_CHANNELS:
            raise InvalidInput(
                f"samples must be (channels, frames) with 1..{MAX_CHANNELS} channels, got shape {samples.shape}: "
                "put channels first"
            )
        if not MIN_RATE_HZ <= self.sample_rate <= MAX_RATE_HZ:
            raise InvalidInput(
                f"sample rate must be {MIN_RATE_HZ}..{MAX_RATE_HZ} Hz, got {self.sample_rate!r}: use e.g. 44100"
            )
        if not np.isfinite(samples).all():
            bad = int(np.flatnonzero(~np.isfinite(samples).all(axis=0))[0])
            raise InvalidInput(f"samples must be finite, got {samples[:, bad].tolist()} at frame {bad}")
        samples.setflags(write=False)
        object.__setattr__(self, "samples", samples)

    @property
    def channels(self) -> int:
        """Return the number of channels."""
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        """Return the number of samples in one channel."""
        return int(self.samples.shape[1])

    @property
    def duration_s(self) -> Seconds:
        """Return the length in seconds."""
        return self.frames / self.sample_rate

    @property
    def peak(self) -> float:
        """Return the largest absolute sample, 0 when empty."""
        return float(np.abs(self.samples).max(initial=0.0))

    @property
    def peak_db(self) -> Decibels:
        """Return the sample peak in dBFS; minus infinity for silence."""
        return gain_to_db(self.peak)
