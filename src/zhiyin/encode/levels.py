"""Texture levels: few steps of density, polyphony and register that a cell can be asked for.

Conventions: density counts attacks a quarter, polyphony notes an attack, register the mean pitch; level 0 is
an empty cell in all three. The edges are part of the checkpoint format.
This module does not read scores: it is given counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiyin.encode.fields import TEMPO_EDGES_BPM
from zhiyin.units import IntArray

DENSITY_EDGES = (0.0, 0.35, 0.7, 1.2, 1.8, 2.8, 4.2)  # attacks a quarter
POLYPHONY_EDGES = (0.0, 1.05, 1.6, 2.5, 3.5)  # notes an attack
REGISTER_EDGES = (0.0, 39.0, 48.0, 57.0, 66.0, 75.0, 84.0)  # MIDI pitch


def _level(values: ArrayLike, edges: tuple[float, ...]) -> IntArray:
    numbers: NDArray[np.float64] = np.asarray(values, np.float64)
    levels: IntArray = np.searchsorted(np.array(edges), numbers, side="left").astype(np.int64)
    return levels


def density_level(attacks_per_quarter: ArrayLike) -> IntArray:
    """Return the level 0 (empty) .. 7 of a density.

    >>> density_level([0.0, 1.0, 2.0, 8.0]).tolist()
    [0, 3, 5, 7]
    """
    return _level(attacks_per_quarter, DENSITY_EDGES)


def polyphony_level(notes_per_attack: ArrayLike) -> IntArray:
    """Return the level 0 (empty) .. 5 of a polyphony.

    >>> polyphony_level([0.0, 1.0, 3.0, 6.0]).tolist()
    [0, 1, 4, 5]
    """
    return _level(notes_per_attack, POLYPHONY_EDGES)


def register_level(mean_pitch: ArrayLike) -> IntArray:
    """Return the level 0 (empty) .. 7 of a mean pitch.

    >>> register_level([0.0, 36.0, 60.0, 90.0]).tolist()
    [0, 1, 4, 7]
    """
    return _level(mean_pitch, REGISTER_EDGES)


def tempo_level(bpm: ArrayLike) -> IntArray:
    """Return the level 0..11 of a tempo in quarter notes a minute.

    >>> tempo_level([40, 120, 220]).tolist()
    [0, 7, 11]
    """
    return np.searchsorted(np.array(TEMPO_EDGES_BPM), np.asarray(bpm, np.float64), side="right").astype(
        np.int64
    )
