"""Bars out of beats: which beats are downbeats and how many beats a bar has.

Conventions: beats in seconds; a bar has two, three or four beats; a bar may be cut short or drawn out at a cost.
This module does not find beats (beats_track.py) and does not know the written bars.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.beats_events import FEATURES, Events
from zhiyin.analysis.columns import spread
from zhiyin.units import BoolArray, FloatArray, IntArray

BAR_LENGTHS = (2, 3, 4)
BAR_LENGTHS_WITH_DRUMS = (3, 4)  # a backbeat repeats every two beats and is written in four
IRREGULAR_BAR = 8.0  # cost of a bar cut short or drawn out, in nats
BEAT_FEATURES = (*FEATURES, "struck", "harmony_change", "held_over")
# Log odds of a downbeat, fitted by logistic regression on 125 training pieces performed as in benchmarks/beats.py
# (drums by hand). "notes" is negative because a bass alone opens the bars of marches and waltzes.
DOWNBEAT_WEIGHTS = np.array([-1.7, 0.7, 0.4, 0.7, 0.0, 0.05, 0.3, 0.6, -1.0, 0.8, -0.2, 0.65, -2.0])
DOWNBEAT_BIAS = 0.2  # above the odds of any beat, so that bars are not as long as they can be
MOST_ODDS = 4.0


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars found: downbeats (indices of beats), beats a bar, and the sum of their log odds."""

    downbeats: IntArray
    beats: int
    evidence: float


def find_bars(events: Events, beat_s: FloatArray) -> Bars:
    """Return the bars that the beats form best; the last beat only closes the one before."""
    odds = downbeat_odds(beat_features(events, beat_s[:-1], np.diff(beat_s)))
    lengths = BAR_LENGTHS_WITH_DRUMS if events.is_drum.any() else BAR_LENGTHS
    found = {beats: _best_positions(odds, beats) for beats in lengths}
    beats = max(found, key=lambda n: found[n][0])
    value, position = found[beats]
    downbeats = np.flatnonzero(position == 0)
    return Bars(downbeats if downbeats.size else np.array([0]), beats, value)


def downbeat_odds(features: FloatArray) -> FloatArray:
    """Return the log odds that each beat opens a bar; the bias lies between those of two and three beats a bar."""
    odds: FloatArray = np.clip(features @ DOWNBEAT_WEIGHTS + DOWNBEAT_BIAS, -MOST_ODDS, MOST_ODDS)
    return odds


def beat_features(events: Events, beat_s: FloatArray, period_s: FloatArray) -> FloatArray:
    """Return (beats, BEAT_FEATURES): those of the moment struck on each beat, then of what sounds around it."""
    at = np.searchsorted(events.time_s, beat_s)
    low, high = np.maximum(at - 1, 0), np.minimum(at, len(events) - 1)
    nearer = np.where(np.abs(events.time_s[low] - beat_s) <= np.abs(events.time_s[high] - beat_s), low, high)
    struck = np.abs(events.time_s[nearer] - beat_s) <= 0.12 * period_s
    own = np.where(struck[:, None], events.features[nearer], 0.0)
    rest = (
        struck.astype(np.float64),
        _harmony_change(events, beat_s, period_s),
        _held_over(events, beat_s, period_s),
    )
    table: FloatArray = np.column_stack([own, *rest])
    return table


def _harmony_change(events: Events, beat_s: FloatArray, period_s: FloatArray) -> FloatArray:
    """Return 1 minus the likeness of the pitch classes in the beat before and the beat after, less its mean."""
    edges = np.concatenate((beat_s[:1] - period_s[:1], beat_s, beat_s[-1:] + period_s[-1:]))
    rows = events.is_drum == 0
    ms = [np.rint(1000 * a).astype(np.int64) for a in (events.onset_s[rows], events.offset_s[rows], edges)]
    note, window, overlap = spread(*ms)
    cell = window * 12 + events.notes.pitch[rows][note] % 12
    profile = np.bincount(cell, weights=overlap, minlength=12 * (edges.size - 1)).reshape(-1, 12)
    norm = np.linalg.norm(profile, axis=1)
    both = norm[1:] * norm[:-1]
    alike = np.where(both > 0, (profile[1:] * profile[:-1]).sum(1) / np.maximum(both, 1e-9), 1.0)
    change: FloatArray = np.mean(alike) - alike
    return change


def _held_over(events: Events, beat_s: FloatArray, period_s: FloatArray) -> FloatArray:
    """Return the share of notes sounding at each beat that began well before it and go on well after."""
    margin = 0.15 * period_s
    begun = np.searchsorted(np.sort(events.onset_s), beat_s - margin)
    ended = np.searchsorted(np.sort(events.offset_s), beat_s + margin)
    started = np.searchsorted(np.sort(events.onset_s), beat_s + margin)
    held = np.maximum(begun - ended, 0)
    share: FloatArray = held / np.maximum(started - ended, 1)
    return np.clip(share, 0.0, 1.0)


def _best_positions(odds: FloatArray, count: int) -> tuple[float, IntArray]:
    """Return (sum of the odds of downbeats, position in the bar of each beat) of the best bars of one length."""
    gain = np.append(1.0, np.zeros(count - 1))
    value = odds[:1] * gain if odds.size else np.zeros(count)
    came = np.zeros((odds.size, count), np.int64)
    usual = np.roll(np.arange(count), 1)  # position 0 follows the last one
    for beat in range(1, odds.size):
        before, ways = usual.copy(), value[usual]
        early = int(value.argmax())
        if value[early] - IRREGULAR_BAR > ways[0]:
            before[0], ways[0] = early, value[early] - IRREGULAR_BAR
        if value[-1] - IRREGULAR_BAR > ways[-1]:
            before[-1], ways[-1] = count - 1, value[-1] - IRREGULAR_BAR
        came[beat] = before
        value = ways + odds[beat] * gain
    position = np.zeros(odds.size, np.int64)
    now = int(value.argmax())
    for beat in range(odds.size - 1, -1, -1):
        position[beat] = now
        now = int(came[beat, now])
    return float(value.max()), position


def is_compound(phase: FloatArray, is_ternary: BoolArray) -> bool:
    """Return whether beats split in three by nature (6/8) and not by swing, which leaves out the second third.

    phase: (onsets,) in beats from the first beat; is_ternary: (spans,).
    """
    span = np.clip(phase.astype(np.int64), 0, is_ternary.size - 1)
    inside = phase - span
    inner = (inside > 0.15) & (inside < 0.85)
    second = inner & (np.abs(inside - 1 / 3) < 0.09) & is_ternary[span]
    third = inner & (np.abs(inside - 2 / 3) < 0.09) & is_ternary[span]
    split = np.unique(span[inner])
    if not split.size or is_ternary[split].mean() < 0.6:
        return False
    return bool(second.sum() > 0.25 * third.sum())
