"""Bars as sixteen steps: a line as 130 symbols a step, a drum kit as nine classes that are hit or not.

Conventions: a bar holds at most 16 sixteenths, shorter ones are padded with PAD; symbols 0..127 begin a pitch, HOLD
lets it sound on, REST is silence. This module knows no networks and no time: see `zhiyin.encode.scene` for rolls.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput
from zhiyin.units import BoolArray, IntArray

STEPS = 16
HOLD, REST, PAD = 128, 129, 130
SYMBOLS = 130
DRUM_NAMES = ("kick", "snare", "closed hat", "open hat", "low tom", "mid tom", "high tom", "crash", "ride")
DRUM_PITCHES = (36, 38, 42, 46, 43, 47, 50, 49, 51)  # what each class is played with
# GM drum key -> class; shakers and tambourines keep time as a closed hat does, a cowbell as a ride does.
DRUM_CLASSES: dict[int, int] = {
    35: 0, 36: 0, 37: 1, 38: 1, 39: 1, 40: 1, 42: 2, 44: 2, 54: 2, 69: 2, 70: 2, 82: 2, 46: 3, 41: 4, 43: 4, 45: 5,
    47: 5, 48: 6, 50: 6, 49: 7, 52: 7, 55: 7, 57: 7, 51: 8, 53: 8, 56: 8, 59: 8,
}  # fmt: skip
KIT = len(DRUM_NAMES)
_CLASS_OF = np.full(128, -1, np.int64)
_CLASS_OF[list(DRUM_CLASSES)] = list(DRUM_CLASSES.values())


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars of one part.

    steps: (bars, 16) symbols of a line, or (bars, 16, 9) hits of a kit; lengths: (bars,) sixteenths of each, 1..16.
    """

    steps: NDArray[np.uint8]
    lengths: IntArray

    def __post_init__(self) -> None:
        if self.lengths.size and not (self.lengths.min() >= 1 and self.lengths.max() <= STEPS):
            raise InvalidInput(
                f"a bar must hold 1..{STEPS} sixteenths, got {self.lengths.tolist()}: choose bars of one 4/4 at most"
            )

    def __len__(self) -> int:
        return int(self.lengths.size)

    @property
    def is_kit(self) -> bool:
        """Return whether these are drums."""
        return self.steps.ndim == 3

    def take(self, rows: IntArray) -> Bars:
        """Return the chosen bars."""
        return Bars(self.steps[rows], self.lengths[rows])


def line_steps(strike: BoolArray, sound: BoolArray) -> NDArray[np.uint8]:
    """Return (sixteenths,) symbols of the top line of rolls (sixteenths, 128).

    >>> strike = np.zeros((4, 128), bool); sound = strike.copy()
    >>> strike[1, 60] = True; sound[1:3, 60] = True
    >>> line_steps(strike, sound).tolist()
    [129, 60, 128, 129]
    """
    top = np.where(strike.any(axis=1), 127 - strike[:, ::-1].argmax(axis=1), -1)
    goes_on = sound.any(axis=1)
    steps = np.where(top >= 0, top, np.where(goes_on, HOLD, REST))
    return steps.astype(np.uint8)


def kit_steps(strike: BoolArray) -> NDArray[np.uint8]:
    """Return (sixteenths, 9) hits of a roll (sixteenths, 128) of drum keys; keys of no class are left out."""
    hits = np.zeros((len(strike), KIT), np.uint8)
    place, key = np.nonzero(strike)
    named = _CLASS_OF[key] >= 0
    hits[place[named], _CLASS_OF[key[named]]] = 1
    return hits


def cut_bars(steps: NDArray[np.uint8], edges: IntArray) -> Bars:
    """Return the bars between edges (bars + 1,) of steps in a row, each padded to 16."""
    lengths = np.diff(edges)
    fill = 0 if steps.ndim == 2 else PAD
    bars = np.full((lengths.size, STEPS, *steps.shape[1:]), fill, np.uint8)
    for bar, (low, high) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
        bars[bar, : min(high - low, STEPS)] = steps[low : min(high, low + STEPS)]
    return Bars(bars, lengths)


def sounding(steps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (..., 16) the pitch that sounds at each step as far as the bar itself tells, REST where it does not.

    >>> sounding(np.array([[128, 60, 128, 129]], np.uint8)).tolist()
    [[129, 60, 60, 129]]
    """
    is_pitch = steps < HOLD
    place = np.where(is_pitch | (steps >= REST), np.arange(steps.shape[-1]), -1)
    last = np.maximum.accumulate(place, axis=-1)
    found = np.take_along_axis(steps, np.maximum(last, 0), axis=-1)
    return np.where((last >= 0) & (found < HOLD), found, REST).astype(np.uint8)


def shifted(bars: Bars, semitones: int | IntArray) -> Bars:
    """Return a line moved by semitones, one for all or one a bar; pitches that leave 0..127 come back by octaves."""
    if bars.is_kit:
        return bars
    moved = bars.steps.astype(np.int64) + np.asarray(semitones).reshape(-1, 1)
    moved = np.where(moved > 127, 116 + (moved - 116) % 12, np.where(moved < 0, moved % 12, moved))
    return Bars(np.where(bars.steps < HOLD, moved, bars.steps).astype(np.uint8), bars.lengths)


def notes_of_line(bars: Bars) -> list[tuple[int, int, int]]:
    """Return (first sixteenth, sixteenths, pitch) of the notes of bars side by side; holds cross bar lines.

    >>> notes_of_line(cut_bars(np.array([60, 128, 128, 129, 62, 128], np.uint8), np.array([0, 2, 6])))
    [(0, 3, 60), (4, 2, 62)]
    """
    row = np.concatenate([s[:n] for s, n in zip(bars.steps, bars.lengths.tolist(), strict=True)]).tolist()
    notes: list[tuple[int, int, int]] = []
    is_on = False
    for place, symbol in enumerate(row):
        if symbol < HOLD:
            notes.append((place, 1, symbol))
            is_on = True
        elif symbol == HOLD and is_on:
            notes[-1] = (notes[-1][0], notes[-1][1] + 1, notes[-1][2])
        else:
            is_on = False
    return notes
