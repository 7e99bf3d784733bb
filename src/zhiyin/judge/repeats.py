"""Repetition and silence: bars written twice, bars stuck in a row, bars and beats in which nothing sounds.

Conventions: two bars are identical when every part has the same notes at the same places, loudness aside.
This module does not judge whether a repeat is welcome.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from zhiyin.analysis.columns import spread
from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.units import TICKS_PER_QUARTER, BoolArray, IntArray


def bar_contents(subject: Subject) -> list[bytes]:
    """Return what starts in each bar as bytes, empty for a bar in which nothing starts."""
    notes, bar = subject.everything, subject.onset_bars
    place = notes.onset - subject.edges[bar] if len(notes) else notes.onset
    table = np.stack([bar, notes.part, place, notes.pitch, notes.offset - notes.onset], axis=1)
    table = table[np.lexsort(table.T[::-1])]
    borders = np.searchsorted(table[:, 0], np.arange(subject.bars + 1))
    return [table[low:high, 1:].tobytes() for low, high in pairwise(borders.tolist())]


def repeated(subject: Subject) -> Measure:
    """Return the share of bars with notes that are identical to an earlier bar."""
    seen: set[bytes] = set()
    copies, sounding = list[int](), 0
    for bar, content in enumerate(bar_contents(subject)):
        sounding += bool(content)
        if content and content in seen:
            copies.append(bar)
        seen.add(content)
    if not sounding:
        return Measure.absent("notes")
    return Measure(len(copies) / sounding, sounding, tuple(copies[:8]))


def stuck(subject: Subject) -> Measure:
    """Return the most identical bars in a row; 1 when no bar equals its neighbour."""
    longest = run = first = 0
    before = b""
    for bar, content in enumerate(bar_contents(subject)):
        run = (run + 1 if content == before else 1) if content else 0
        before = content
        if run > longest:
            longest, first = run, bar - run + 1
    if not longest:
        return Measure.absent("notes")
    return Measure(float(longest), subject.bars, (first,) if longest > 1 else ())


def is_sounding(subject: Subject, edges: IntArray) -> BoolArray:
    """Return (windows,) whether anything sounds between each two edges."""
    notes = subject.everything
    _, window, overlap = spread(notes.onset, notes.offset, edges)
    sounding: BoolArray = np.bincount(window[overlap > 0], minlength=max(len(edges) - 1, 0)) > 0
    return sounding


def empty_bars(subject: Subject) -> Measure:
    """Return the share of bars in which nothing sounds."""
    if not len(subject.everything):
        return Measure.absent("notes")
    sounding = is_sounding(subject, subject.edges)
    return Measure(float(1 - sounding.mean()), subject.bars, tuple(np.flatnonzero(~sounding)[:8].tolist()))


def empty_beats(subject: Subject) -> Measure:
    """Return the share of quarter notes, up to the last sound, in which nothing sounds."""
    if not len(subject.everything):
        return Measure.absent("notes")
    end = int(subject.everything.offset.max())
    edges = np.arange(0, end + TICKS_PER_QUARTER, TICKS_PER_QUARTER)
    return Measure(float(1 - is_sounding(subject, edges).mean()), len(edges) - 1)


_NEEDS = frozenset({"notes"})
GAUGES = (
    Gauge(
        "bar-repeats", "repeats", "bars identical to an earlier one", "与前面相同的小节",
        "Share of bars with notes that equal an earlier bar in every part (own measure).",
        "share", repeated, needs=_NEEDS,
    ),
    Gauge(
        "identical-run", "repeats", "most identical bars in a row", "连续相同小节数",
        "Length of the longest run of bars that equal the bar before (own measure).",
        "bars", stuck, low=1.0, high=float("inf"), needs=_NEEDS,
    ),
    Gauge(
        "empty-bars", "repeats", "empty bars", "空小节",
        "Share of bars in which nothing sounds (Dong et al., MuseGAN, AAAI 2018: EB, of the whole score).",
        "share", empty_bars, better="lower", needs=_NEEDS,
    ),
    Gauge(
        "empty-beats", "repeats", "empty beats", "空拍",
        "Share of quarter notes up to the last sound in which nothing sounds (MusPy: empty_beat_rate, without the beat "
        "it counts after the end).",
        "share", empty_beats, needs=_NEEDS,
    ),
)  # fmt: skip
