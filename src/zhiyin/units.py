"""Units of time, pitch and level, and the conversions between them.

Conventions: a name carries its unit (`onset_ticks`, `window_s`, `gain_db`); conversions are `a_to_b`.
This module does not know tempo maps or metres: see `zhiyin.score.timeline`.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ticks: TypeAlias = int
Seconds: TypeAlias = float
Hz: TypeAlias = float
Bpm: TypeAlias = float
Decibels: TypeAlias = float
IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
Float32Array: TypeAlias = NDArray[np.float32]
BoolArray: TypeAlias = NDArray[np.bool_]

# 10,080 = 2^5 * 3^2 * 5 * 7: a quarter splits exactly into 2..10, 12, 14..16, 20, 21, 24, 28, 30, 32 parts.
TICKS_PER_QUARTER = 10_080
STEPS_PER_QUARTER = 24
TICKS_PER_STEP = TICKS_PER_QUARTER // STEPS_PER_QUARTER

MIN_BPM, MAX_BPM = 10.0, 400.0


def ticks_to_quarters(ticks: float) -> float:
    """Return quarter notes for ticks.

    >>> ticks_to_quarters(15120)
    1.5
    """
    return ticks / TICKS_PER_QUARTER


def quarters_to_ticks(quarters: float) -> Ticks:
    """Return the nearest tick for a length in quarter notes.

    >>> quarters_to_ticks(1.5)
    15120
    """
    return round(quarters * TICKS_PER_QUARTER)


def steps_to_ticks(steps: int) -> Ticks:
    """Return ticks for grid steps (24 steps a quarter).

    >>> steps_to_ticks(24)
    10080
    """
    return steps * TICKS_PER_STEP


def bpm_to_seconds_per_quarter(bpm: Bpm) -> Seconds:
    """Return the length of a quarter note in seconds.

    >>> bpm_to_seconds_per_quarter(120.0)
    0.5
    """
    return 60.0 / bpm


def midi_to_hz(pitch: float, *, tuning_hz: Hz = 440.0) -> Hz:
    """Return the frequency of a MIDI pitch number in equal temperament.

    >>> midi_to_hz(69)
    440.0
    """
    return float(tuning_hz * 2.0 ** ((pitch - 69.0) / 12.0))


def db_to_gain(level_db: Decibels) -> float:
    """Return the amplitude factor of a level in decibels.

    >>> round(db_to_gain(-6.0), 3)
    0.501
    """
    return float(10.0 ** (level_db / 20.0))


def gain_to_db(gain: float) -> Decibels:
    """Return the level in decibels of an amplitude factor; minus infinity for 0.

    >>> gain_to_db(1.0)
    0.0
    """
    return 20.0 * math.log10(gain) if gain > 0 else -math.inf
