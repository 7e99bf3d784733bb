"""Loudness: measure it, and bring sound to a stated loudness under a peak ceiling.

Conventions: LUFS after ITU-R BS.1770-4, integrated and gated; peaks are sample peaks in dBFS.
This module does not know files or scores.
"""

from __future__ import annotations

import warnings

import numpy as np
import pyloudnorm
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from zhiyin.audio.audio import Audio
from zhiyin.errors import InvalidInput
from zhiyin.units import Decibels, FloatArray, Seconds, db_to_gain

BLOCK_S: Seconds = 0.4  # the gating block of BS.1770
LOOK_AHEAD_S: Seconds = 0.004
RELEASE_DB_PER_S = 40.0
MAX_LIMITING_DB: Decibels = 10.0  # more squashes attacks audibly; then we stay below the target
CLOSE_ENOUGH_LU = 0.1
SAFETY_DB: Decibels = 0.01  # rounding to 24 bits must not cross the ceiling


def loudness_lufs(audio: Audio) -> Decibels:
    """Return the integrated loudness in LUFS; minus infinity for silence.

    Raises InvalidInput for sound shorter than one 0.4 s gating block.
    """
    if audio.duration_s < BLOCK_S:
        raise InvalidInput(
            f"loudness needs {BLOCK_S} s of sound or more, got {audio.duration_s:.3f} s: pad it"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # silence: the mean of no blocks, answered below
        measured = float(
            pyloudnorm.Meter(audio.sample_rate).integrated_loudness(audio.samples.T.astype(np.float64))
        )
    return measured if np.isfinite(measured) else -np.inf


def limit(audio: Audio, *, ceiling_db: Decibels) -> Audio:
    """Return the sound with every sample at or below the ceiling: a look-ahead limiter, all channels alike.

    The needed reduction falls off at 40 dB/s after a peak and is eased in over 4 ms before it.
    """
    ceiling = db_to_gain(ceiling_db - SAFETY_DB)
    peaks = np.abs(audio.samples).max(axis=0, initial=0.0).astype(np.float64)  # (frames,)
    if peaks.max(initial=0.0) <= ceiling:
        return audio
    gain = _limiter_gain(
        np.maximum(20.0 * np.log10(np.maximum(peaks, 1e-9) / ceiling), 0.0), audio.sample_rate
    )
    return Audio((audio.samples * gain).astype(np.float32), audio.sample_rate)


def _limiter_gain(excess_db: FloatArray, sample_rate: int) -> FloatArray:
    fall = RELEASE_DB_PER_S / sample_rate * np.arange(excess_db.size)
    held = np.maximum.accumulate(excess_db + fall) - fall  # y[n] = max(x[n], y[n-1] - d), without a loop
    gain = 10.0 ** (-held / 20.0)
    # A minimum over a window, then a mean over the same window: the mean never exceeds the gain needed here.
    window = 2 * int(LOOK_AHEAD_S * sample_rate / 2) + 1
    eased: FloatArray = uniform_filter1d(
        minimum_filter1d(gain, window, mode="nearest"), window, mode="nearest"
    )
    safe: FloatArray = np.minimum(eased, gain)
    return safe


def to_loudness(audio: Audio, lufs: Decibels = -14.0, ceiling_db: Decibels = -1.0) -> Audio:
    """Return the sound at a loudness, its sample peak at or under the ceiling.

    Ends within 0.5 LU of the target unless that would need more than 10 dB of limiting (very sparse, sharp
    sounds); then it stays softer. Raises InvalidInput for silence and for sound shorter than 0.4 s.
    """
    measured = loudness_lufs(audio)
    if measured == -np.inf:
        raise InvalidInput(
            f"sound must not be silent, got {audio.duration_s:.2f} s of silence: check the parts"
        )
    most_db = ceiling_db - audio.peak_db + MAX_LIMITING_DB
    gain_db = min(lufs - measured, most_db)
    result = audio
    for _ in range(6):  # limiting takes loudness away: give it back, a few rounds converge
        scaled = Audio(audio.samples * np.float32(db_to_gain(gain_db)), audio.sample_rate)
        result = limit(scaled, ceiling_db=ceiling_db)
        missing = lufs - loudness_lufs(result)
        if abs(missing) <= CLOSE_ENOUGH_LU or (gain_db + missing > most_db + 1e-9 and gain_db >= most_db):
            break
        gain_db = min(gain_db + missing, most_db)
    return result
