"""Quantising: notes moved to a grid of 24 steps a quarter, with a report of what moved.

Conventions: onsets and ends snap to the nearest step; a note keeps at least one step; velocity snaps to 8 levels.
This module does not find beats: performed music off the beat must be aligned first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiyin.score.note import Notes
from zhiyin.score.score import Score
from zhiyin.units import TICKS_PER_STEP, IntArray

# ppp..fff as MIDI velocities, the middle of each band of 16.
VELOCITY_LEVELS: tuple[int, ...] = (16, 32, 48, 64, 80, 96, 112, 127)


@dataclass(frozen=True, slots=True)
class QuantiseReport:
    """What quantising changed: notes in all, notes moved, the largest and mean move in ticks, notes dropped."""

    notes: int
    moved: int
    max_move_ticks: int
    mean_move_ticks: float
    duplicates_dropped: int


def velocity_to_level(velocity: IntArray) -> IntArray:
    """Return the dynamic level 0..7 nearest to each velocity.

    >>> velocity_to_level(np.array([1, 80, 127])).tolist()
    [0, 4, 7]
    """
    levels: IntArray = np.clip((velocity + 8) // 16 - 1, 0, 7).astype(np.int64)
    return levels


def snap(ticks: IntArray, *, step_ticks: int = TICKS_PER_STEP) -> IntArray:
    """Return the nearest multiple of a step for each tick (halves go up)."""
    snapped: IntArray = (ticks + step_ticks // 2) // step_ticks * step_ticks
    return snapped


def quantise_notes(notes: Notes, *, step_ticks: int = TICKS_PER_STEP) -> tuple[Notes, NDArray[np.int64], int]:
    """Return (quantised notes, how far each onset and end moved, number of exact duplicates dropped)."""
    onset = snap(notes.onset, step_ticks=step_ticks)
    end = np.maximum(snap(notes.offset, step_ticks=step_ticks), onset + step_ticks)
    velocity = np.array(VELOCITY_LEVELS)[velocity_to_level(notes.velocity)]
    moves = np.maximum(np.abs(onset - notes.onset), np.abs(end - notes.offset))
    columns = notes.with_columns(onset=onset, duration=end - onset, velocity=velocity)
    # Two voices on one key are one sound: keep the longer of two notes that start together on a pitch.
    same = (columns.onset[1:] == columns.onset[:-1]) & (columns.pitch[1:] == columns.pitch[:-1])
    keep = np.append(~same, True) if len(notes) else np.empty(0, bool)
    return columns.take(keep), moves, int(np.count_nonzero(~keep))


def quantise(score: Score, *, step_ticks: int = TICKS_PER_STEP) -> tuple[Score, QuantiseReport]:
    """Return the score on the grid and a report. Marks (tempo, key, chord) snap too; metres and sections stay.

    >>> quantise(Score())[1].moved
    0
    """
    parts, moves, dropped = [], [np.empty(0, np.int64)], 0
    for part in score.parts:
        notes, moved, duplicates = quantise_notes(part.notes, step_ticks=step_ticks)
        parts.append(replace(part, notes=notes))
        moves.append(moved)
        dropped += duplicates
    every = np.concatenate(moves)
    chords = tuple(replace(m, tick=int(snap(np.int64(m.tick), step_ticks=step_ticks))) for m in score.chords)  # type: ignore[arg-type]
    report = QuantiseReport(
        notes=int(every.size),
        moved=int(np.count_nonzero(every)),
        max_move_ticks=int(every.max(initial=0)),
        mean_move_ticks=float(every.mean()) if every.size else 0.0,
        duplicates_dropped=dropped,
    )
    return replace(score, parts=tuple(parts), chords=chords), report
