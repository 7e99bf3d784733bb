"""Hands on a piano: how wide one hand reaches, how many keys it holds, and how often no hand could.

Conventions: a part "X, upper" or "X, right hand" is one hand, as are the only two piano parts of a score, and voices
0-3 and 4-7 of a joined part; any other piano part is shared between two hands in the best way at each onset. The pedal
is not known: held means sounding.
This module does not know fingerings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.judge.base import Gauge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.score import Notes, Part
from zhiyin.score.hands import LOWER, UPPER, hand_of
from zhiyin.units import BoolArray, FloatArray, IntArray

WIDEST, FINGERS = 16, 5  # a major tenth; five notes a hand
HIGH_SHARE = 95  # the percentile told of spans and counts
PIANOS = range(8)  # GM programs
ONE_HAND = (UPPER, LOWER, ", right hand", ", left hand")


@dataclass(frozen=True, eq=False)
class Grip:
    """What a hand holds at each onset: tick, span in semitones, keys."""

    tick: IntArray
    span: IntArray
    keys: IntArray


def held_keys(notes: Notes) -> tuple[IntArray, BoolArray]:
    """Return (onsets, held (onsets, 128)): the keys down at each onset."""
    ticks = np.unique(np.concatenate([notes.onset, notes.offset]))
    change = np.zeros((len(ticks), 128), np.int64)
    np.add.at(change, (np.searchsorted(ticks, notes.onset), notes.pitch), 1)
    np.add.at(change, (np.searchsorted(ticks, notes.offset), notes.pitch), -1)
    at_onset = np.isin(ticks, notes.onset)
    held: BoolArray = change.cumsum(axis=0)[at_onset] > 0
    return ticks[at_onset], held


def one_hand(notes: Notes) -> Grip:
    """Return the grip of notes that one hand plays."""
    ticks, held = held_keys(notes)
    low, high = held.argmax(axis=1), 127 - held[:, ::-1].argmax(axis=1)
    return Grip(ticks, high - low, held.sum(axis=1))


def two_hands(notes: Notes) -> Grip:
    """Return the grip of the busier hand when two share the notes in the best way at each onset."""
    ticks, held = held_keys(notes)
    best = {row.tobytes(): best_split(np.flatnonzero(row)) for row in held}
    grips = np.array([best[row.tobytes()] for row in held], np.int64).reshape(-1, 2)
    return Grip(ticks, grips[:, 0], grips[:, 1])


def best_split(pitches: IntArray) -> tuple[int, int]:
    """Return (widest span, most keys) of the split into two hands that is easiest to hold.

    >>> best_split(np.array([36, 48, 60, 64, 67, 72]))
    (12, 4)
    """
    options = []
    for cut in range(len(pitches) + 1):
        sides = [side for side in (pitches[:cut], pitches[cut:]) if len(side)]
        span, keys = max(int(s[-1] - s[0]) for s in sides), max(len(s) for s in sides)
        options.append((span > WIDEST or keys > FINGERS, span, keys))
    _, span, keys = min(options)
    return span, keys


def grips(subject: Subject) -> list[Grip]:
    """Return the grips of every hand or pair of hands at a piano."""
    parts = [p for p in subject.score.parts if not p.is_drums and p.program in PIANOS and len(p.notes)]
    if len(parts) == 2:
        return [one_hand(part.notes) for part in parts]
    return [grip for part in parts for grip in _part_grips(part)]


def _part_grips(part: Part) -> list[Grip]:
    if part.name.endswith(ONE_HAND):
        return [one_hand(part.notes)]
    if part.notes.voice is not None:
        hands = hand_of(part.notes.voice)
        if 0 < hands.sum() < len(hands):
            return [one_hand(part.notes.take(hands == hand)) for hand in (0, 1)]
    return [two_hands(part.notes)]


def _percentile(subject: Subject, field: str) -> Measure:
    found = grips(subject)
    if not found:
        return Measure.absent("keyboard")
    values: FloatArray = np.concatenate([getattr(g, field) for g in found]).astype(np.float64)
    return Measure(float(np.percentile(values, HIGH_SHARE)), len(values))


def unplayable(subject: Subject) -> Measure:
    """Return the share of onsets at which a hand would need more than a tenth or five fingers."""
    found = grips(subject)
    if not found:
        return Measure.absent("keyboard")
    tick = np.concatenate([g.tick for g in found])
    wrong = np.concatenate([(g.span > WIDEST) | (g.keys > FINGERS) for g in found])
    bars = np.unique(np.searchsorted(subject.edges, tick[wrong], side="right") - 1)[:8]
    return Measure(float(wrong.mean()), len(wrong), tuple(bars.tolist()))


_NEEDS = frozenset({"keyboard"})
GAUGES = (
    Gauge(
        "hand-span", "playing", "wide grips of one hand", "单手大跨度",
        "95th percentile of one hand's span at the piano over onsets (own measure).",
        "semitones", lambda s: _percentile(s, "span"), high=127.0, needs=_NEEDS,
    ),
    Gauge(
        "hand-keys", "playing", "full grips of one hand", "单手多音",
        "95th percentile of the keys one hand holds at the piano over onsets (own measure).",
        "keys", lambda s: _percentile(s, "keys"), low=1.0, high=128.0, needs=_NEEDS,
    ),
    Gauge(
        "hands-unplayable", "playing", "grips no hand can hold", "弹不下的和音",
        "Share of onsets at the piano where a hand would need more than a major tenth or five fingers (own measure).",
        "share", unplayable, better="lower", needs=_NEEDS,
    ),
)  # fmt: skip
