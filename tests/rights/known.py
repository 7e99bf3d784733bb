"""A tune of our own and a small library that holds it, for tests of originality.

Conventions: 32 notes over 8 bars of 3/4; `known_tune` is what the library knows.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from zhiyin.rights.hashed import keep_runs
from zhiyin.rights.index import Piece, build_index
from zhiyin.rights.storage import Library
from zhiyin.rights.texture import TEXTURE_SIZE, TEXTURE_WINDOW, TUNE_SIZE, TUNE_WINDOW
from zhiyin.score import MetreMark, Notes, Part, Score
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_STEP

QUARTER = 24  # steps
# Written for this test: D minor, never the same four intervals twice.
PITCHES = (62, 65, 64, 69, 67, 62, 70, 69, 65, 67, 64, 60, 62, 69, 74, 72, 65, 70, 67, 69, 62, 64, 61, 62, 57, 65, 70,
           64, 67, 61, 69, 62)  # fmt: skip
LENGTHS = (24, 12, 12, 24, 24, 12, 12, 24, 12, 12, 48, 24, 12, 12, 24, 24, 36, 12, 24, 24, 24, 24, 12, 12, 24, 24, 12,
           12, 12, 12, 24, 24)  # fmt: skip


def line_notes(pitches: tuple[int, ...], lengths: tuple[int, ...], *, shift: int = 0, pace: int = 1) -> Notes:
    """Return notes one after another; lengths in steps, times pace."""
    length = np.array(lengths) * pace
    onset = np.cumsum(length) - length
    size = onset.size
    return Notes(
        onset * TICKS_PER_STEP, length * TICKS_PER_STEP, np.array(pitches) + shift, np.full(size, 80)
    )


def known_tune(*, shift: int = 0, pace: int = 1) -> Notes:
    """Return the tune, moved by semitones and slowed down by a whole factor."""
    return line_notes(PITCHES, LENGTHS, shift=shift, pace=pace)


def score_of(*tunes: Notes) -> Score:
    """Return a score in 3/4 with a part for each tune."""
    parts = (Part(f"Part {i + 1}", tune, role="melody") for i, tune in enumerate(tunes))
    return Score("Tune", tuple(parts), metres=(MetreMark(0, Metre(3, 4)),))


@cache
def known_library() -> Library:
    """Return a library of one piece: the tune."""
    index = build_index([(Piece("own", "1", "tune", "Known tune", "Nobody"), score_of(known_tune()))])
    return Library(
        index, keep_runs([], size=TEXTURE_SIZE, window=TEXTURE_WINDOW),
        keep_runs([], size=TUNE_SIZE, window=TUNE_WINDOW), (), {"pieces": 1},
    )  # fmt: skip
