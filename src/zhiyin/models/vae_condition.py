"""What the prior over bar latents is told of a bar: harmony, length, place, mode, wishes, role, style, bars around.

Conventions: pitch classes are counted from the tonic of the key's signature (C for no sharps or flats), as the bars
are. One vector of numbers a bar; what is not known is zero with its flag zero. This module knows no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.bar_steps import HOLD, STEPS
from zhiyin.encode.fields import STYLE_SLOTS
from zhiyin.models.vae_config import ROLES
from zhiyin.units import BoolArray, Float32Array, IntArray

NO_ROOT = 12
PHRASE = 8  # bars after which the place begins again
_CHORD = 4 * 12
_LENGTH, _PLACE, _LEFT, _MODE, _WISHES = STEPS + 1, PHRASE, PHRASE, 2, 4
PLAIN = _CHORD + _LENGTH + _PLACE + _LEFT + _MODE + _WISHES + len(ROLES) + STYLE_SLOTS
MIDDLE, OCTAVES = 60.0, 24.0  # pitch wishes are told from middle C, in two octaves
DENSITY = 4.0  # attacks a quarter that count as 1


@dataclass(frozen=True, eq=False)
class BarFacts:
    """Facts of bars side by side, (bars, ...) each.

    chords: (bars, 2, 12) pitch classes of each half; roots: (bars, 2), NO_ROOT for none; lengths: sixteenths; minor: 1
    minor, 0 major, -1 unknown; place: bars since the phrase or piece began; left: bars to come behind it, -1 unknown;
    density: attacks a quarter, nan open; register: mean pitch, nan open.
    """

    chords: BoolArray
    roots: IntArray
    lengths: IntArray
    minor: IntArray
    place: IntArray
    left: IntArray
    density: NDArray[np.float64]
    register: NDArray[np.float64]


def condition(facts: BarFacts, *, role: int, style: int) -> Float32Array:
    """Return (bars, PLAIN) what is told of bars; role: index of ROLES; style: code, STYLE_SLOTS - 1 for none."""
    bars = facts.lengths.size
    root = np.zeros((bars, 2, 13), np.float32)
    np.put_along_axis(root, facts.roots[:, :, None], 1.0, axis=2)
    left = _one_hot(np.clip(facts.left, 0, PHRASE - 1), PHRASE) * (facts.left >= 0)[:, None]
    mode = np.stack((facts.minor == 1, facts.minor >= 0), axis=1)
    density = np.where(np.isnan(facts.density), 0.0, facts.density / DENSITY)
    register = np.where(np.isnan(facts.register), 0.0, (facts.register - MIDDLE) / OCTAVES)
    wishes = np.stack((density, ~np.isnan(facts.density), register, ~np.isnan(facts.register)), axis=1)
    same = np.zeros((bars, len(ROLES) + STYLE_SLOTS), np.float32)
    same[:, role] = 1.0
    same[:, len(ROLES) + style] = 1.0
    told = (
        facts.chords.reshape(bars, 24), root[:, :, :12].reshape(bars, 24), _one_hot(facts.lengths, _LENGTH),
        _one_hot(facts.place % PHRASE, PHRASE), left, mode, wishes, same,
    )  # fmt: skip
    return np.concatenate(told, axis=1).astype(np.float32)


def attacks_a_quarter(steps: NDArray[np.uint8], lengths: IntArray) -> NDArray[np.float64]:
    """Return (bars,) how many steps a quarter begin something, of a line (bars, 16) or a kit (bars, 16, 9)."""
    struck = steps.any(axis=2) if steps.ndim == 3 else steps < HOLD
    rate: NDArray[np.float64] = struck.sum(axis=1) / (lengths / 4)
    return rate


def mean_pitch(steps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return (bars,) the mean of the pitches that begin in bars of a line, nan for none and for a kit."""
    if steps.ndim == 3:
        return np.full(len(steps), np.nan)
    begins = steps < HOLD
    count = begins.sum(axis=1)
    total = np.where(begins, steps, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _one_hot(values: IntArray, size: int) -> Float32Array:
    return np.eye(size, dtype=np.float32)[values]
