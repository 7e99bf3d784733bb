"""Features of lines: contour and patterns of the tune, phrases, parts against each other, drums.

Conventions: as in `zhiyin.judge.features`; every function returns the same number of values for any excerpt.
This module does not know harmony.
"""

from __future__ import annotations

import numpy as np

from zhiyin.judge.features_view import View, shares
from zhiyin.units import FloatArray, IntArray

KICKS, SNARES, HATS = (35, 36), (37, 38, 39, 40), (42, 44, 46, 51, 53, 59)
LONG_REST_STEPS = 12
PATTERN_SIZES = (2, 3, 5)


def contour_features(view: View) -> FloatArray:
    """Return turns, leaps and how they resolve, and how often short patterns of pitch and rhythm return."""
    pitch, onset = view.pitch[view.top], view.onset[view.top]
    step = np.diff(pitch)
    gap = np.diff(onset)
    steps = [_step_features(step), _step_features(np.diff(view.pitch[view.bottom]))]
    return np.concatenate([*steps, _patterns(step), _patterns(gap), _patterns(_joint(step, gap))])


def _step_features(step: IntArray) -> FloatArray:
    """Return shares of repeats, steps, leaps, turns, leaps that turn back, runs; mean rise; longest one-way run."""
    if step.size < 2:
        return np.zeros(9)
    size = np.abs(step)
    leap = size[:-1] > 4
    back = (np.sign(step[1:]) == -np.sign(step[:-1])) & (size[1:] <= 2)
    turn = np.sign(step[1:]) * np.sign(step[:-1]) < 0
    on = np.sign(step[1:]) * np.sign(step[:-1]) > 0
    resolved = float(np.mean(back[leap])) if leap.any() else 0.0
    return np.array([
        np.mean(step == 0), np.mean((size > 0) & (size <= 2)), np.mean(size > 4), np.mean(size > 9), turn.mean(),
        resolved, on.mean(), step.mean(), np.log1p(_longest_run(on)),
    ])  # fmt: skip


def _longest_run(flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int(np.diff(edges)[::2].max(initial=0))


def _joint(step: IntArray, gap: IntArray) -> IntArray:
    joint: IntArray = (np.clip(step, -30, 30) + 30) * 1024 + np.minimum(gap, 1023)
    return joint


def _patterns(values: IntArray) -> FloatArray:
    """Return for 2, 3 and 5 values in a row: different patterns over all, and the share of the commonest."""
    found: list[float] = []
    for size in PATTERN_SIZES:
        count = values.size - size + 1
        if count < 1:
            found += [1.0, 1.0]
            continue
        rows = np.lib.stride_tricks.sliding_window_view(values, size)
        _, seen = np.unique(rows, axis=0, return_counts=True)
        found += [seen.size / count, seen.max() / count]
    return np.array(found)


def phrase_features(view: View) -> FloatArray:
    """Return rests and long notes of the top line by bar, and how full each bar is beside the fullest."""
    onset, end = view.onset[view.top], (view.onset + view.duration)[view.top]
    rests = np.zeros(view.bars)
    held = np.zeros(view.bars)
    if onset.size > 1:
        gap = onset[1:] - end[:-1]
        np.add.at(rests, onset[1:][gap >= LONG_REST_STEPS] // view.bar_steps, 1.0)
        np.maximum.at(held, onset // view.bar_steps, view.duration[view.top] / view.bar_steps)
    counts = np.bincount(view.onset // view.bar_steps, minlength=view.bars).astype(float)
    return np.concatenate([np.minimum(rests, 1), held, counts / max(counts.max(), 1.0), [np.mean(rests > 0)]])


def part_features(view: View) -> FloatArray:
    """Return how parts share the work, attack together, move against each other, double and hold their notes."""
    parts = np.unique(view.part[view.pitched])
    bars = [np.unique(view.onset[view.part == p] // view.bar_steps).size / view.bars for p in parts]
    notes = np.array([np.sum(view.part == p) for p in parts], float)
    share = notes / max(notes.sum(), 1.0)
    alone = np.array([1.0 - _chordal(view, int(p)) for p in parts]) if parts.size else np.zeros(1)
    fixed = [np.mean(bars or [0]), np.min(bars or [0]), np.max(share, initial=0), np.min(share, initial=1),
             alone.mean(), alone.min()]  # fmt: skip
    return np.concatenate([fixed, _together(view), _outer_motion(view), _legato(view)])


def _chordal(view: View, part: int) -> float:
    """Return the share of a part's notes that begin with others of the part."""
    _, counts = np.unique(view.onset[view.part == part], return_counts=True)
    return float(counts[counts > 1].sum() / max(counts.sum(), 1))


def _together(view: View) -> FloatArray:
    """Return how many parts attack together (1, 2, 3, all), and how many notes double another at the octave."""
    rows = view.pitched
    pairs = np.unique(np.stack([view.onset[rows], view.part[rows]]), axis=1)
    _, counts = np.unique(pairs[0], return_counts=True)
    parts = max(np.unique(view.part[rows]).size, 1)
    key = view.onset[rows] * 12 + view.pitch[rows] % 12
    doubled = 1.0 - np.unique(key).size / max(key.size, 1)
    key = view.onset[rows] * 128 + view.pitch[rows]
    unison = 1.0 - np.unique(key).size / max(key.size, 1)
    sizes = shares(np.minimum(counts, 4) - 1, 4)
    return np.concatenate([sizes, [np.mean(counts == parts) if counts.size else 0.0, doubled, unison]])


def _outer_motion(view: View) -> FloatArray:
    """Return shares of contrary, similar, oblique, parallel motion of outer voices; parallel fifths and octaves."""
    heard = view.roll.any(axis=0)
    low = view.roll.argmax(axis=0)[heard]
    high = 127 - view.roll[::-1].argmax(axis=0)[heard]
    rows = np.flatnonzero((np.diff(low) != 0) | (np.diff(high) != 0)) if low.size else np.empty(0, np.int64)
    if not rows.size:
        return np.zeros(7)
    a, b = np.diff(low)[rows], np.diff(high)[rows]
    gap = (high - low)[rows] % 12
    both = (a != 0) & (b != 0)
    parallel = both & (a == b)
    two = (high - low)[rows] > 0
    return np.array([
        np.mean(both & (np.sign(a) != np.sign(b))), np.mean(both & (np.sign(a) == np.sign(b))), np.mean(~both),
        np.mean(parallel & two), np.mean(parallel & two & (gap == 7)), np.mean(parallel & two & (gap == 0)),
        np.mean(rows.size / max(low.size, 1)),
    ])  # fmt: skip


def _legato(view: View) -> FloatArray:
    """Return over parts: shares of notes held to the next attack of their part, cut short, held over it."""
    held: list[IntArray] = []
    for rows in view.part_tops:
        gap = np.diff(view.onset[rows])
        held.append(np.sign(view.duration[rows][:-1] - gap))
    signs = np.concatenate([*held, np.empty(0, np.int64)])
    return shares(signs.astype(np.int64) + 1, 3)


def drum_features(view: View) -> FloatArray:
    """Return whether drums play, how much, and where in the bar kick, snare and cymbals fall."""
    rows = view.drums
    share = rows.size / max(view.onset.size, 1)
    rate = np.log1p(rows.size * 24 / view.excerpt.length)
    found = [np.array([float(rows.size > 0), share, rate])]
    place = view.onset[rows] % view.bar_steps * 16 // view.bar_steps
    for keys in (KICKS, SNARES, HATS):
        chosen = np.isin(view.pitch[rows], keys)
        found += [shares(place[chosen], 16), np.array([np.mean(chosen) if rows.size else 0.0])]
    return np.concatenate(found)
