"""Hymns and part-songs in four voices on the chorales' grid, to learn from beside them; none that is measured on.

Conventions: (steps, 4) ids as in `zhiyin.models.chorale_recall`; a piece that shares a run of 12 intervals with any
voice of a held-out chorale is left out. This module knows staves with two voices each, not divided choirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import load_corpus, piece_to_score
from zhiyin.models.chorale_recall import HIGHEST, LOWEST, VOICES, Store, recall_all
from zhiyin.score import Part, Score
from zhiyin.train.chorale_data import Chorale, id_pitches, pitch_ids
from zhiyin.units import TICKS_PER_QUARTER, IntArray

SETS = ("open_hymnal", "pd_songs")
RUN = 12
DISTINCT = 4
STEPS = (64, 700)  # shortest and longest piece taken
SOUNDING = 0.85  # share of voice-frames that must sound
TWO_VOICED = 0.85  # share of frames in which each of two staves holds one or two voices
APART = 0.5  # share of frames in which the two voices of a staff differ
_LOW = np.array([54, 47, 42, LOWEST])
_HIGH = np.array([HIGHEST, 79, 74, 69])
_IN_RANGE = 0.97


def interval_runs(line: IntArray, length: int = RUN) -> set[tuple[int, ...]]:
    """Return the runs of intervals of a line of MIDI pitches (below 0 a rest), repeated notes left out.

    Runs of fewer than DISTINCT different intervals are scales and trills, and prove nothing.
    """
    intervals = np.diff(line[line >= 0])
    intervals = intervals[intervals != 0].tolist()
    runs = (tuple(intervals[i : i + length]) for i in range(len(intervals) - length + 1))
    return {run for run in runs if len(set(run)) >= DISTINCT}


def held_out_runs(chorales: Sequence[IntArray]) -> set[tuple[int, ...]]:
    """Return the runs of every voice of the held-out chorales, (steps, 4) ids each."""
    return {run for ids in chorales for v in range(VOICES) for run in interval_runs(id_pitches(ids[:, v]))}


def load_more(corpus: Path, store: Store, held_out: Sequence[IntArray]) -> list[Chorale]:
    """Return the pieces of a built corpus that sing in four parts, with what they recall from the chorales."""
    banned = held_out_runs(held_out)
    found = []
    view = load_corpus(corpus, sets=SETS)
    for index in range(len(view)):
        pitches = four_voices(piece_to_score(view, index))
        if pitches is None or any(interval_runs(pitches[:, v]) & banned for v in range(VOICES)):
            continue
        ids = pitch_ids(pitches)
        found.append(Chorale(ids, recall_all(ids, store)))
    return found


def four_voices(score: Score) -> IntArray | None:
    """Return a score as (steps, 4) MIDI pitches on a grid of sixteenths, -1 a rest; None if it is not in four parts."""
    parts = [part for part in score.parts if len(part.notes.onset) and not part.is_drums]
    if not 1 <= len(parts) <= 6:
        return None
    step = grid_step(parts)
    length = int(max((p.notes.onset + p.notes.duration).max() for p in parts) // step) + 1
    if not STEPS[0] <= length <= 900:
        return None
    columns = [sounding(part, step, length) for part in parts]
    is_line = [np.mean([len(set(frame)) > 1 for frame in column]) < 0.05 for column in columns]
    voices = (
        _from_parts(columns[:4]) if len(columns) >= 4 and all(is_line[:4]) else _from_staves(columns[-2:])
    )
    return None if voices is None else in_range(voices)


def grid_step(parts: Sequence[Part]) -> int:
    """Return the ticks of one step: a sixteenth where quarters are the beat, else as much of the beat."""
    durations = np.concatenate([part.notes.duration for part in parts])
    middle = float(np.median(durations))
    if middle >= 2 * TICKS_PER_QUARTER:
        return TICKS_PER_QUARTER // 2
    is_quick = middle <= TICKS_PER_QUARTER // 2 and np.mean(durations <= TICKS_PER_QUARTER // 4) > 0.25
    return TICKS_PER_QUARTER // (8 if is_quick else 4)


def sounding(part: Part, step: int, length: int) -> list[list[int]]:
    """Return the pitches that sound at the start of each step."""
    frames: list[list[int]] = [[] for _ in range(length)]
    notes = part.notes
    first, end = -(-notes.onset // step), -(-(notes.onset + notes.duration) // step)
    for a, b, pitch in zip(first.tolist(), end.tolist(), notes.pitch.tolist(), strict=True):
        for t in range(a, min(b, length)):
            frames[t].append(pitch)
    return frames


def _from_parts(columns: Sequence[list[list[int]]]) -> IntArray | None:
    voices = np.array([[max(frame, default=-1) for frame in column] for column in columns]).T
    heights = [voices[voices[:, v] >= 0, v].mean() for v in range(VOICES) if (voices[:, v] >= 0).any()]
    falls = len(heights) == VOICES and all(np.diff(heights) < 0)
    return voices if falls else None


def _from_staves(columns: Sequence[list[list[int]]]) -> IntArray | None:
    if len(columns) != 2:
        return None
    voices = np.full((len(columns[0]), VOICES), -1)
    good = total = 0
    for t, (upper, lower) in enumerate(zip(*columns, strict=True)):
        total += bool(upper or lower)
        good += 1 <= len(set(upper)) <= 2 and 1 <= len(set(lower)) <= 2
        if upper:
            voices[t, :2] = max(upper), min(upper)
        if lower:
            voices[t, 2:] = max(lower), min(lower)
    apart = min(np.mean(voices[:, 0] != voices[:, 1]), np.mean(voices[:, 2] != voices[:, 3]))
    return voices if total and good / total >= TWO_VOICED and apart >= APART else None


def in_range(voices: IntArray) -> IntArray | None:
    """Return the piece without silent ends, moved as little as brings each voice into its range; None if none does."""
    heard = np.flatnonzero((voices >= 0).any(1))
    if not heard.size:
        return None
    voices = voices[heard[0] : heard[-1] + 1]
    if np.mean(voices >= 0) < SOUNDING or not STEPS[0] <= len(voices) <= STEPS[1]:
        return None
    for shift in sorted(range(-7, 8), key=abs):
        moved = np.where(voices >= 0, voices + shift, -1)
        fits = (moved >= _LOW) & (moved <= _HIGH)
        if all(fits[voices[:, v] >= 0, v].mean() > _IN_RANGE for v in range(VOICES)):
            return np.where((moved < LOWEST) | (moved > HIGHEST), -1, moved)
    return None
