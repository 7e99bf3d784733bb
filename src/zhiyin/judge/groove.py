"""Groove: how alike the onset patterns of bars are, of neighbours and of all pairs.

Conventions: a bar's pattern is a row of places, true where any part, drums included, starts a note; bars of the
commonest length only, since patterns of other lengths have other places. This module does not know beats.
"""

from __future__ import annotations

import numpy as np

from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray

PLACES = 64  # a bar of the Jazz Transformer has 64 positions


def patterns(subject: Subject, places: int | None = None) -> tuple[IntArray, BoolArray]:
    """Return (bar numbers (n,), patterns (n, places)) of the bars of the commonest length.

    places: how many a bar is cut into; 24 a quarter note when None.
    """
    lengths = np.diff(subject.edges)
    if not lengths.size:
        return np.empty(0, np.int64), np.zeros((0, 1), bool)
    values, counts = np.unique(lengths, return_counts=True)
    length = int(values[counts.argmax()])
    size = places or max(length // TICKS_PER_STEP, 1)
    table = np.zeros((lengths.size, size), bool)
    onset, bar = subject.everything.onset, subject.onset_bars
    fits = lengths[bar] == length
    place = (onset - subject.edges[bar])[fits] * size // length
    table[bar[fits], place] = True
    chosen = np.flatnonzero(lengths == length)
    return chosen, table[chosen]


def groove_similarity(a: BoolArray, b: BoolArray) -> float:
    """Return how alike two bars' onset patterns are, 0 (opposite) to 1 (same); a, b: (places,).

    >>> groove_similarity(np.array([1, 0, 1, 0], bool), np.array([1, 0, 0, 0], bool))
    0.75
    """
    return float(1.0 - np.mean(a ^ b))


def consistency(subject: Subject) -> Measure:
    """Return the mean likeness of neighbouring bars at 24 places a quarter."""
    bars, table = patterns(subject)
    together = np.diff(bars) == 1
    if not together.any():
        return Measure.absent("bars")
    differ = (table[1:] ^ table[:-1])[together].mean()
    return Measure(float(1.0 - differ), int(together.sum()))


def similarity(subject: Subject) -> Measure:
    """Return the mean likeness of all pairs of bars at 64 places a bar."""
    _, table = patterns(subject, PLACES)
    bars = len(table)
    if bars < 2:
        return Measure.absent("bars")
    # A place with k onsets over all bars differs in k * (bars - k) pairs.
    onsets = table.sum(axis=0)
    pairs = bars * (bars - 1) // 2
    return Measure(float(1.0 - (onsets * (bars - onsets)).sum() / (pairs * PLACES)), pairs)


GAUGES = (
    Gauge(
        "groove-neighbours", "rhythm", "groove consistency, neighbouring bars", "律动一致度，相邻小节",
        "1 less the mean Hamming distance of neighbouring bars' onset patterns, 24 places a quarter "
        "(Dong et al., MusPy, ISMIR 2020: groove_consistency).",
        "share", consistency, needs=frozenset({"bars"}),
    ),
    Gauge(
        "groove", "rhythm", "groove similarity, all bars", "律动相似度，所有小节",
        "1 less the mean Hamming distance of the onset patterns of all pairs of bars, 64 places a bar "
        "(Wu & Yang, The Jazz Transformer on the Front Line, ISMIR 2020, GS).",
        "share", similarity, needs=frozenset({"bars"}),
    ),
)  # fmt: skip
