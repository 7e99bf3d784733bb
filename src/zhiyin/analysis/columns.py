"""Columns shared by every analysis: all notes of a score in one table, cut by bars or beats.

Conventions: ticks; drum parts are left out unless asked for, since drum keys are not pitches.
This module does not judge music: it only lines notes up with time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Columns:
    """Every note of a score: equal-length arrays, in the order of parts.

    onset, offset: ticks; part: index into the score's parts.
    """

    onset: IntArray
    offset: IntArray
    pitch: IntArray
    velocity: IntArray
    part: IntArray

    def __len__(self) -> int:
        return int(self.onset.size)


@dataclass(frozen=True, eq=False)
class Beats:
    """The felt beats of a score.

    edges: (beats + 1,) ticks; weight: (beats,) 1 downbeat, 0.75 mid-bar, 0.5 other; bar: (beats,) bar numbers.
    """

    edges: IntArray
    weight: FloatArray
    bar: IntArray


def columns_of(score: Score, *, with_drums: bool = False) -> Columns:
    """Return the notes of all parts as columns, drums only on request."""
    chosen = [(i, p.notes) for i, p in enumerate(score.parts) if with_drums or not p.is_drums]
    empty = np.empty(0, np.int64)

    def joined(name: str) -> IntArray:
        return np.concatenate([empty, *(getattr(notes, name) for _, notes in chosen)])

    part = np.repeat(np.array([i for i, _ in chosen], np.int64), [len(notes) for _, notes in chosen])
    onset = joined("onset")
    return Columns(onset, onset + joined("duration"), joined("pitch"), joined("velocity"), part)


def spread(onset: IntArray, offset: IntArray, edges: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return (note row, window, overlap in ticks) for every window [edges[i], edges[i+1]) that a note sounds in.

    >>> [a.tolist() for a in spread(np.array([0]), np.array([30]), np.array([0, 20, 40]))]
    [[0, 0], [0, 1], [20, 10]]
    """
    last = len(edges) - 2
    if last < 0 or not onset.size:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
    first = np.clip(np.searchsorted(edges, onset, side="right") - 1, 0, last)
    final = np.clip(np.searchsorted(edges, offset, side="left") - 1, first, last)
    count = final - first + 1
    row = np.repeat(np.arange(onset.size), count)
    window = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count) + first[row]
    overlap = np.minimum(offset[row], edges[window + 1]) - np.maximum(onset[row], edges[window])
    return row, window, np.maximum(overlap, 0)


def bar_edges(score: Score) -> IntArray:
    """Return the first tick of every bar and the end of the last: (bars + 1,)."""
    line = Timeline.of(score)
    return line.bar_starts(line.bar_count(score.end))


def beats_of(score: Score) -> Beats:
    """Return the felt beats of a score; the beats of a short bar are counted from its start.

    In a pick-up bar they are counted back from its end, so that its last beat leads into the downbeat.
    """
    bars = bar_edges(score)
    if len(bars) < 2:
        return Beats(bars, np.empty(0), np.empty(0, np.int64))
    starts, lengths = bars[:-1], np.diff(bars)
    metres = [mark.metre for mark in score.metres]
    which = np.searchsorted([mark.tick for mark in score.metres], starts, side="right") - 1
    beat = np.array([m.beat_ticks for m in metres], np.int64)[which]
    count = np.maximum(-(-lengths // beat), 1)
    bar = np.repeat(np.arange(len(starts)), count)
    place = np.arange(bar.size) - np.repeat(np.cumsum(count) - count, count)
    edges = np.append(starts[bar] + place * beat[bar], bars[-1])
    rest = int(lengths[0] % beat[0]) if score.pickup_ticks else 0
    if rest:
        edges[:-1][(bar == 0) & (place > 0)] += rest - int(beat[0])
    is_halved = np.array([m.beats >= 4 and m.beats % 2 == 0 for m in metres])[which][bar]
    weight = np.where(place == 0, 1.0, np.where(is_halved & (place % 2 == 0), 0.75, 0.5))
    if score.pickup_ticks:
        weight[bar == 0] = 0.5
    return Beats(edges, weight, bar)


def strong_onsets(score: Score) -> IntArray:
    """Return the ticks of all strong beats: downbeats and mid-bars."""
    beats = beats_of(score)
    ticks: IntArray = beats.edges[:-1][beats.weight >= 0.75]
    return ticks


def pitch_class_profiles(notes: Columns, edges: IntArray) -> FloatArray:
    """Return how many quarters each pitch class sounds in each window: (windows, 12)."""
    row, window, overlap = spread(notes.onset, notes.offset, edges)
    cell = window * 12 + notes.pitch[row] % 12
    flat = np.bincount(cell, weights=overlap / TICKS_PER_QUARTER, minlength=12 * max(len(edges) - 1, 0))
    profiles: FloatArray = flat.astype(np.float64).reshape(-1, 12)
    return profiles


def top_line(onset: IntArray, pitch: IntArray) -> NDArray[np.bool_]:
    """Return a mask of the highest note at each onset (one a moment)."""
    order = np.lexsort((pitch, onset))
    is_last = np.append(np.diff(onset[order]) != 0, True) if onset.size else np.empty(0, bool)
    mask = np.zeros(onset.size, bool)
    mask[order[is_last]] = True
    return mask
