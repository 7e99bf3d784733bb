"""Lines: every single voice of a score as intervals and length ratios, which neither key nor tempo changes.

Conventions: a line is one note a moment; a note's length reaches to the next onset; steps of 1/24 quarter.
This module does not compare lines: see `zhiyin.rights.index` and `zhiyin.rights.search`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from zhiyin.score import Part, Score
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray

Intervals = NDArray[np.int8]
Ratios = NDArray[np.uint8]

WIDEST = 60  # semitones; wider leaps count as this
MOST = 16  # ratios p/q with p, q up to this have codes of their own
OTHER = 200  # codes of other ratios: OTHER + half octaves of the ratio, clipped to +-40
NO_RATIO = 0  # the first interval of a line has no length before it
FEWEST_NOTES = 13  # shorter lines hold no 12-gram
ALIKE = 0.8  # a voice of which so much lies in the part's top line is that line
GRAM = 4  # intervals in the small grams that tell repetition from invention

_CODES = {
    (p, q): code
    for code, (p, q) in enumerate(
        ((p, q) for p in range(1, MOST + 1) for q in range(1, MOST + 1) if gcd(p, q) == 1), start=1
    )
}
_TABLE = np.zeros((MOST + 1, MOST + 1), np.uint8)
for (_p, _q), _code in _CODES.items():
    _TABLE[_p, _q] = _code


@dataclass(frozen=True, eq=False)
class Line:
    """One note a moment: onset in steps, pitch as MIDI number.

    part: index into the score's parts; kind: "top" for the part's highest notes, "voice" for one written voice.
    """

    part: int
    kind: str
    onset: IntArray
    pitch: IntArray

    @property
    def intervals(self) -> Intervals:
        """Return the (notes - 1,) steps between notes in semitones, clipped to +-WIDEST."""
        return np.clip(np.diff(self.pitch), -WIDEST, WIDEST).astype(np.int8)

    @property
    def ratios(self) -> Ratios:
        """Return the (notes - 1,) codes of each length over the one before; the first is NO_RATIO."""
        return ratio_codes(np.diff(self.onset))


def ratio_codes(length: IntArray) -> Ratios:
    """Return the code of each length over the one before it; equal codes up to 16/16 mean equal ratios.

    >>> ratio_codes(np.array([24, 24, 12])).tolist() == [0, ratio_code(1, 1), ratio_code(1, 2)]
    True
    """
    if length.size == 0:
        return np.empty(0, np.uint8)
    now, before = length[1:], length[:-1]
    shared = np.maximum(np.gcd(now, before), 1)
    p, q = now // shared, before // shared
    is_simple = (p <= MOST) & (q <= MOST)
    half_octaves = np.rint(2 * np.log2(np.maximum(now, 1) / np.maximum(before, 1))).astype(np.int64)
    other = OTHER + np.clip(half_octaves, -40, 40)
    codes = np.where(is_simple, _TABLE[np.minimum(p, MOST), np.minimum(q, MOST)], other)
    return np.concatenate(([NO_RATIO], codes)).astype(np.uint8)


def ratio_code(now: int, before: int) -> int:
    """Return the code of one length over the one before it.

    >>> ratio_code(24, 12) == ratio_code(2, 1)
    True
    """
    shared = gcd(now, before) or 1
    simple = _CODES.get((now // shared, before // shared))
    return int(ratio_codes(np.array([before, now]))[1]) if simple is None else simple


def lines_of(score: Score, *, fewest: int = FEWEST_NOTES) -> list[Line]:
    """Return the lines of a score's pitched parts: each part's top line, and its voices where they differ.

    The score should be quantised; lines of fewer than `fewest` notes and exact repeats of a line are left out.
    """
    found: dict[bytes, Line] = {}
    for index, part in enumerate(score.parts):
        if part.is_drums or not len(part.notes):
            continue
        for line in _lines_of_part(index, part):
            if line.pitch.size >= fewest:
                found.setdefault(line.intervals.tobytes() + line.ratios.tobytes(), line)
    return list(found.values())


def top_line_of(index: int, part: Part) -> Line:
    """Return the highest note at each onset of a part; notes are sorted by (onset, pitch)."""
    notes = part.notes
    last = np.append(notes.onset[1:] != notes.onset[:-1], True) if len(notes) else np.empty(0, bool)
    return Line(index, "top", notes.onset[last] // TICKS_PER_STEP, notes.pitch[last].astype(np.int64))


def _lines_of_part(index: int, part: Part) -> list[Line]:
    top = top_line_of(index, part)
    voice = part.notes.voice
    if voice is None or np.all(voice == voice[0]):
        return [top]
    held = top.onset * 128 + top.pitch
    lines = [top]
    for number in np.unique(voice).tolist():
        notes = part.notes.take(voice == number)
        line = top_line_of(index, part.with_notes(notes))
        if np.isin(line.onset * 128 + line.pitch, held).mean() < ALIKE:
            lines.append(Line(index, "voice", line.onset, line.pitch))
    return lines


def is_plain(intervals: IntArray) -> BoolArray:
    """Return which rows of (grams, size) intervals are commonplaces: scales, repeated notes, patterns that go round.

    Plain: fewer than 3 different intervals, or a pattern of 1, 2 or 3 intervals over and over.
    >>> is_plain(np.array([[2, 2, 1, 2, 2, 2], [4, 3, 5, 4, 3, 5], [2, -1, 3, -4, 2, 2]])).tolist()
    [True, True, False]
    """
    ordered = np.sort(intervals, axis=1)
    plain: BoolArray = 1 + np.count_nonzero(np.diff(ordered, axis=1), axis=1) < 3
    for period in (1, 2, 3):
        plain |= np.all(intervals[:, period:] == intervals[:, :-period], axis=1)
    return plain


def is_telling(intervals: Intervals | IntArray) -> bool:
    """Return whether a run is more than a figure: half of its 4-grams are new when they come, a third of it moves.

    An Alberti bass, an ostinato or roots struck four times a bar, shared with a piece, are no evidence of copying; a
    tune is.
    >>> is_telling(np.array([7, -3, 3, -7] * 6)), is_telling(np.arange(23))
    (False, True)
    """
    if len(intervals) < GRAM:
        return False
    if 3 * np.count_nonzero(intervals) < len(intervals):
        return False
    grams = {bytes(g) for g in np.lib.stride_tricks.sliding_window_view(np.asarray(intervals, np.int8), GRAM)}
    return 2 * len(grams) >= len(intervals) - GRAM + 1
