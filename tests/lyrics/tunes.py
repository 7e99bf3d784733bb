"""Tunes for tests of words: written by hand, in ticks of 10,080 a quarter.

Conventions: a row is (quarters, MIDI pitch); pitch 0 is a rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.score import MetreMark, Notes, Part, Score, Section
from zhiyin.theory.metre import Metre

Q = 10_080
PHRASE = [(1, 60), (1, 64), (1, 62), (1, 67), (1, 65), (1, 62), (2, 64)]  # seven notes, the last one long
OTHER = [(1, 67), (1, 64), (1, 69), (1, 67), (1, 64), (1, 60), (2, 62)]


def tune_of(
    rows: Sequence[tuple[float, int]],
    *,
    metre: str = "4/4",
    pickup: float = 0.0,
    sections: Sequence[tuple[float, str]] = (),
    role: str = "melody",
) -> Score:
    """Return a score of one part that plays the rows."""
    at, notes = 0.0, []
    for length, pitch in rows:
        if pitch:
            notes.append((round(at * Q), round(length * Q), pitch))
        at += length
    marks = tuple(Section(round(tick * Q), name) for tick, name in sections)
    return Score(
        "test", (Part("voice", Notes.of(notes), role),), metres=(MetreMark(0, Metre.parse(metre)),), sections=marks,
        pickup_ticks=round(pickup * Q),
    )  # fmt: skip
