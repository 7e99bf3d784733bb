"""Small scores for the judges' tests, written in quarter notes.

Conventions: a note is (onset, length, pitch) in quarters; 4/4 at 120 unless said.
Does not know: any judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from zhiyin.score import ChordMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.units import quarters_to_ticks

Row = tuple[float, float, int]


def notes_of(rows: Iterable[Row]) -> Notes:
    """Return notes of (onset, length, pitch) rows."""
    return Notes.of([(quarters_to_ticks(o), quarters_to_ticks(d), p) for o, d, p in rows])


def part_of(rows: Iterable[Row], name: str = "part", **fields: Any) -> Part:
    """Return a part of (onset, length, pitch) rows."""
    return Part(name, notes_of(rows), **fields)


def score_of(*parts: Iterable[Row] | Part, **fields: Any) -> Score:
    """Return a score of parts, given as rows or as parts."""
    made = [one if isinstance(one, Part) else part_of(one) for one in parts]
    return Score(parts=tuple(made), **fields)


def steady(pitches: Iterable[int], length: float = 1.0, start: float = 0.0) -> list[Row]:
    """Return one note after another, each so long; a pitch below 0 is a rest."""
    return [(start + i * length, length, p) for i, p in enumerate(pitches) if p >= 0]


def chords_of(*symbols: tuple[float, str]) -> tuple[ChordMark, ...]:
    """Return chord marks of (quarter, symbol); an empty symbol is no chord."""
    return tuple(ChordMark(quarters_to_ticks(at), Chord.parse(s) if s else None) for at, s in symbols)


def wild(seed: int) -> Score:
    """Return three parts and drums of any tones at any sixteenth of twelve bars, with silent bars between."""
    rng = np.random.default_rng(seed)
    parts = []
    for index in range(4):
        onset = rng.choice(np.setdiff1d(np.arange(12 * 16), np.arange(48, 80)), 40, replace=False) / 4
        rows = [(float(o), float(rng.integers(1, 5)) / 4, int(rng.integers(36, 84))) for o in onset]
        kept = [(o, min(d, 12.0 - o) if o < 12 else min(d, 48.0 - o), p) for o, d, p in rows]
        parts.append(part_of(kept, is_drums=index == 3))
    return score_of(*parts)
