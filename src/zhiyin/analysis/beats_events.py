"""Events: notes struck together as one moment, and how much each moment sounds like a beat.

Conventions: times in seconds from the score's start; notes in the order of `columns_of(score, with_drums=True)`.
This module does not know tempo, beats or bars: it looks at each moment beside its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d

from zhiyin.analysis.columns import Columns, columns_of
from zhiyin.score import Score, Timeline
from zhiyin.units import FloatArray, IntArray, Seconds

# Notes closer than this to the one before belong to one chord, rolled or not, up to the span in all.
CHORD_GAP_S: Seconds = 0.035
CHORD_SPAN_S: Seconds = 0.11
NEIGHBOURS = 17  # events that an event is compared with
KICKS, SNARES, CRASHES = (35, 36), (38, 40), (49, 55, 57)
FEATURES = (
    "notes", "velocity", "bass", "length", "gap_after", "gap_before", "new_pitches", "kick", "snare", "crash",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Events:
    """The moments of a score in time order.

    time_s: (events,) mean onset; event: (notes,) the moment of each note; features: (events, FEATURES), each
    relative to its neighbours; onset_s, offset_s: (notes,); notes: the score's columns, drums included.
    """

    time_s: FloatArray
    event: IntArray
    features: FloatArray
    onset_s: FloatArray
    offset_s: FloatArray
    notes: Columns
    is_drum: IntArray

    def __len__(self) -> int:
        return int(self.time_s.size)


def events_of(score: Score) -> Events:
    """Return the moments of a score, with what distinguishes each from its neighbours."""
    notes, line = columns_of(score, with_drums=True), Timeline.of(score)
    onset_s, offset_s = line.ticks_to_seconds(notes.onset), line.ticks_to_seconds(notes.offset)
    is_drum = np.array([p.is_drums for p in score.parts], np.int64)[notes.part]
    event = group_onsets(onset_s, notes.pitch + 128 * notes.part)
    count = int(event.max(initial=-1)) + 1
    time_s = np.bincount(event, weights=onset_s, minlength=count) / np.maximum(np.bincount(event), 1)
    bare = Events(time_s, event, np.empty((count, 0)), onset_s, offset_s, notes, is_drum)
    return Events(time_s, event, _features(bare), onset_s, offset_s, notes, is_drum)


def group_onsets(onset_s: FloatArray, key: IntArray) -> IntArray:
    """Return the moment of each note: notes close in time share one unless a key (part and pitch) comes twice.

    >>> group_onsets(np.array([0.0, 0.02, 0.5]), np.array([60, 64, 60])).tolist()
    [0, 0, 1]
    """
    event = np.zeros(onset_s.size, np.int64)
    number, start, last = -1, -np.inf, -np.inf
    keys: set[int] = set()
    for row in np.argsort(onset_s, kind="stable").tolist():
        time, own = float(onset_s[row]), int(key[row])
        if time - last > CHORD_GAP_S or time - start > CHORD_SPAN_S or own in keys:
            number, start, keys = number + 1, time, set()
        event[row], last = number, time
        keys.add(own)
    return event


def _features(events: Events) -> FloatArray:
    """Return (events, FEATURES), centred on the neighbours, clipped to -2..2."""
    if not len(events):
        return np.empty((0, len(FEATURES)))
    pitched = np.flatnonzero(events.is_drum == 0)
    velocity = _extreme(events, events.notes.velocity, np.arange(events.event.size), np.maximum, 0)
    length = _extreme(events, events.offset_s - events.onset_s, pitched, np.maximum, 0.0)
    lowest = _extreme(events, events.notes.pitch, pitched, np.minimum, 128)
    gaps = np.diff(events.time_s)
    after, before = np.append(gaps, gaps[-1:].max(initial=0.5)), np.append(gaps[:1].max(initial=0.5), gaps)
    columns = [
        _relative(np.log1p(np.bincount(events.event))),
        _relative(velocity) / 12,
        -_relative(np.where(lowest < 128, lowest, np.nan)) / 10,
        _relative(np.log(np.maximum(length, 0.02))),
        _relative(np.log(np.maximum(after, 0.02))),
        _relative(np.log(np.maximum(before, 0.02))),
        _relative(_new_pitches(events)),
        *(_struck(events, keys) for keys in (KICKS, SNARES, CRASHES)),
    ]
    table: FloatArray = np.clip(np.column_stack(columns), -2, 2)
    return table


def _extreme(
    events: Events, values: FloatArray | IntArray, rows: IntArray, ufunc: np.ufunc, blank: float
) -> FloatArray:
    """Return the largest or smallest value among the given notes of each event, `blank` where there are none."""
    found = np.full(len(events), float(blank))
    ufunc.at(found, events.event[rows], values[rows].astype(np.float64))
    return found


def _relative(values: FloatArray) -> FloatArray:
    """Return values less the mean of their neighbours; 0 where unknown."""
    known = ~np.isnan(values)
    filled = np.where(known, values, values[known].mean() if known.any() else 0.0)
    centred: FloatArray = np.where(known, filled - uniform_filter1d(filled, NEIGHBOURS, mode="nearest"), 0.0)
    return centred


def _struck(events: Events, keys: tuple[int, ...]) -> FloatArray:
    """Return 1 where one of the drum keys is struck."""
    rows = np.flatnonzero((events.is_drum == 1) & np.isin(events.notes.pitch, keys))
    return np.minimum(np.bincount(events.event[rows], minlength=len(events)), 1).astype(np.float64)


def _new_pitches(events: Events) -> FloatArray:
    """Return how many pitch classes of each event were not struck in the two events before it."""
    classes = np.zeros((len(events) + 2, 12), bool)
    rows = events.is_drum == 0
    classes[events.event[rows] + 2, events.notes.pitch[rows] % 12] = True
    fresh: FloatArray = (classes[2:] & ~classes[1:-1] & ~classes[:-2]).sum(1).astype(np.float64)
    return fresh
