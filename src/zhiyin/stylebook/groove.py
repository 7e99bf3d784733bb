"""Groove: a written score as a band plays it — swing of eighths or sixteenths, drummers' measured timing.

Conventions: same notes, same order of attacks within a part; shifts stay under half a sixteenth; the end stays.
This module does not change velocities: the arranger has set them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiyin.score import Notes, Part, Score
from zhiyin.stylebook.book import Style
from zhiyin.stylebook.feel import MACHINE, feel_at
from zhiyin.stylebook.kit import DRUMS
from zhiyin.units import TICKS_PER_QUARTER, IntArray

SIXTEENTH = TICKS_PER_QUARTER // 4
LIMIT_MILLIQUARTERS = 45.0
SPREAD_SHARE = 0.25  # of the measured spread: one drummer is steadier than all of them together
_ROW_OF_KEY = {key: name for name, key in reversed(DRUMS.items())}


def with_groove(score: Score, style: Style, rng: np.random.Generator) -> Score:
    """Return the score swung as the style swings, its drums placed as measured drummers place them."""
    compound = any(mark.metre.is_compound for mark in score.metres)
    end = score.end
    parts = []
    for part in score.parts:
        onset = part.notes.onset.copy()
        if style.swing and not compound:
            onset = swung(onset, amount=style.swing, unit=style.swing_unit)
        if part.is_drums and style.feel != MACHINE:
            onset = onset + _drummed(part, style, rng, bar_ticks=score.metres[0].metre.bar_ticks)
        parts.append(replace(part, notes=_moved(part.notes, onset, end)))
    return replace(score, parts=tuple(parts), length_ticks=end)


def swung(onset: IntArray, *, amount: float, unit: int) -> IntArray:
    """Return onsets with the second of every pair of eighths (or sixteenths) late: 1 is a full triplet feel.

    >>> swung(np.array([0, 5040, 7560]), amount=1.0, unit=8).tolist()
    [0, 6720, 8400]
    """
    pair = TICKS_PER_QUARTER if unit == 8 else TICKS_PER_QUARTER // 2
    base, inside = np.divmod(onset, pair)
    late = 0.5 + amount / 6
    bent = np.interp(inside, (0, pair / 2, pair), (0, late * pair, pair))
    result: IntArray = base * pair + np.rint(bent).astype(np.int64)
    return result


def _drummed(part: Part, style: Style, rng: np.random.Generator, *, bar_ticks: int) -> IntArray:
    """Return the shift of every stroke in ticks: the measured lag of its place and a share of the spread."""
    shifts = np.zeros(len(part.notes), np.int64)
    for index, note in enumerate(part.notes):
        found = feel_at(style.feel, _ROW_OF_KEY.get(note.pitch, ""), note.onset % bar_ticks)
        if found is None or note.onset % SIXTEENTH:
            continue
        early = found.offset + SPREAD_SHARE * float(rng.normal(0.0, found.offset_spread))
        shifts[index] = round(
            float(np.clip(early, -LIMIT_MILLIQUARTERS, LIMIT_MILLIQUARTERS)) * TICKS_PER_QUARTER / 1000
        )
    return shifts


def _moved(notes: Notes, onset: IntArray, end: int) -> Notes:
    """Return notes at other onsets, their ends kept where they can be."""
    onset = np.clip(onset, 0, max(0, end - 1))
    until = np.maximum(np.minimum(notes.offset, end), onset + 1)
    return notes.with_columns(onset=onset, duration=until - onset)
