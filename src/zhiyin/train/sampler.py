"""Sampling: windows of real pieces turned into fill tasks, augmented.

Conventions: the rng is an argument; a task is a name of TASKS; given columns may include earlier ones that the
window resembles. This module knows no tensors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhiyin.encode import Context, GridTokens, Sequence, Window, build_sequence
from zhiyin.encode.beats import BeatGrid
from zhiyin.encode.context import NOT_TOLD
from zhiyin.encode.fields import MAX_ROWS, PROGRAM_DRUMS, UNKNOWN
from zhiyin.errors import InvalidInput
from zhiyin.units import BoolArray, IntArray

# Task -> share of training windows. "nothing" writes all parts, "chords" the chord row under given parts.
TASKS: dict[str, float] = {
    "nothing": 0.25, "continue": 0.27, "accompany": 0.16, "melodise": 0.05, "harmonise": 0.05,
    "infill": 0.12, "block": 0.05, "cells": 0.05,
}  # fmt: skip
_LOW_PITCH, _HIGH_PITCH = 12, 115


@dataclass(frozen=True, eq=False)
class TrainPiece:
    """One piece ready to sample from.

    weight: how often it is drawn, relative to others; name: set and piece id; attribution: whom to credit;
    beats: its grid cut at every beat, where the windows are to be laid out so.
    """

    name: str
    style: str
    tokens: GridTokens
    context: Context
    weight: float = 1.0
    attribution: str = ""
    beats: BeatGrid | None = None


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """Bounds of a window and the order of its cells."""

    max_events: int = 512
    max_columns: int = 24
    max_rows: int = 7
    order: str = "bar"


def sample_task(rng: np.random.Generator) -> str:
    """Return a task name drawn by its share."""
    names = list(TASKS)
    shares = np.array([TASKS[name] for name in names])
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]


def sample_sequence(
    piece: TrainPiece, task: str, rng: np.random.Generator, *, limits: WindowLimits, augment: bool = True
) -> Sequence | None:
    """Return one window of a piece as a fill task, or None when the piece cannot serve the task."""
    if task not in TASKS:
        raise InvalidInput(f"task must be one of {', '.join(TASKS)}, got {task!r}")
    rows = _choose_rows(piece, task, rng, limits=limits, augment=augment)
    if rows is None:
        return None
    columns, extra = _choose_columns(piece, rows, rng, limits=limits)
    write = _choose_cells(piece, task, rows, columns.size - extra, rng)
    write = np.concatenate((np.zeros((extra, rows.size), bool), write))
    shift = _choose_shift(piece, columns, rng) if augment else 0
    context = _hide(piece.context, rng) if augment else piece.context
    window = Window(columns, rows, write, shift, limits.order)
    tokens, longest = piece.tokens, 2 * limits.max_events
    if piece.beats is not None:
        tokens, context = piece.beats.tokens, piece.beats.context(context)
        window, longest = piece.beats.window(window), 2 * longest
    sequence = build_sequence(tokens, context, window)
    return sequence if len(sequence) <= longest and sequence.is_target.any() else None


def _choose_rows(
    piece: TrainPiece, task: str, rng: np.random.Generator, *, limits: WindowLimits, augment: bool
) -> IntArray | None:
    parts = np.flatnonzero(np.bincount(piece.tokens.segments.row, minlength=piece.tokens.rows)[1:]) + 1
    has_chords = bool(np.any(piece.tokens.segments.row == 0))
    if task == "harmonise" and not (has_chords and parts.size):
        return None
    if task in ("accompany", "melodise") and parts.size < 2:
        return None
    if not parts.size:
        return np.array([0]) if has_chords and task in ("nothing", "continue", "infill") else None
    most = min(limits.max_rows, MAX_ROWS) - 1
    if parts.size > most:
        parts = np.sort(rng.choice(parts, most, replace=False))
    if augment and parts.size > 2 and rng.random() < 0.2:
        parts = np.sort(rng.choice(parts, int(rng.integers(2, parts.size)), replace=False))
    use_chords = has_chords and (task == "harmonise" or not augment or rng.random() < 0.85)
    chosen: IntArray = np.concatenate(([0], parts)) if use_chords else parts
    return chosen


def _choose_columns(
    piece: TrainPiece, rows: IntArray, rng: np.random.Generator, *, limits: WindowLimits
) -> tuple[IntArray, int]:
    """Return (columns, how many at the front are earlier columns that the window resembles)."""
    tokens = piece.tokens
    seen = np.isin(tokens.segments.row, rows)
    events = np.bincount(tokens.segments.column[seen], minlength=tokens.columns) + rows.size
    before = np.concatenate(([0], np.cumsum(events)))
    wanted = int(rng.choice([4, 8, 16, limits.max_columns]))
    start = int(rng.integers(0, max(tokens.columns - min(wanted, tokens.columns) + 1, 1)))
    budget = limits.max_events
    fit = int(np.searchsorted(before, before[start] + budget, side="right")) - 1
    stop = max(min(start + wanted, fit, tokens.columns), start + 1)
    columns = np.arange(start, stop)
    like = piece.context.like[columns]
    early = np.unique(like[(like >= 0) & (like < start)])[:8]
    room = budget - (before[stop] - before[start])
    early = early[np.cumsum(events[early]) <= room] if early.size and rng.random() < 0.7 else early[:0]
    return np.concatenate((early, columns)), int(early.size)


def _choose_cells(
    piece: TrainPiece, task: str, rows: IntArray, columns: int, rng: np.random.Generator
) -> BoolArray:
    write = np.zeros((columns, rows.size), bool)
    is_chords = rows == 0
    parts = np.flatnonzero(~is_chords)
    write_chords = rng.random() < 0.3
    if task == "harmonise":
        write[:, is_chords] = True
    elif task in ("accompany", "melodise"):
        lead = _lead_row(piece, rows)
        if task == "melodise":
            write[:, lead] = True
        else:
            others = parts[parts != lead]
            few = rng.choice(others, int(rng.integers(1, others.size + 1)), replace=False)
            write[:, few] = True
    elif task in ("continue", "infill"):
        first = (
            int(rng.integers(0, columns))
            if task == "infill"
            else int(rng.integers(1, columns))
            if columns > 1
            else 0
        )
        last = min(first + int(rng.integers(1, 5)), columns) if task == "infill" else columns
        write[first:last] = True
    elif task == "block":
        some = rng.random(rows.size) < 0.5
        some[int(rng.integers(rows.size))] = True
        first = int(rng.integers(0, columns))
        write[first : first + int(rng.integers(1, columns + 1)), some] = True
    elif task == "cells":
        write[:] = rng.random(write.shape) < rng.uniform(0.1, 0.6)
    else:
        write[:] = True
    if task in ("nothing", "continue", "infill") and parts.size and not write_chords:
        write[:, is_chords] = False
    return write


def _lead_row(piece: TrainPiece, rows: IntArray) -> int:
    """Return the slot of the melody row, or of the first part."""
    roles = piece.context.role[rows]
    melody = np.flatnonzero(roles == 0)
    return int(melody[0]) if melody.size else int(np.flatnonzero(rows != 0)[0])


def _choose_shift(piece: TrainPiece, columns: IntArray, rng: np.random.Generator) -> int:
    """Return a transposition -6..5 (seldom an octave more) that keeps pitches in a playable range."""
    seg = piece.tokens.segments
    low, high = np.searchsorted(seg.column, (columns[0], columns[-1] + 1))
    row, value = seg.row[low:high], seg.value[low:high]
    is_pitch = (row > 0) & (piece.context.program[row] != PROGRAM_DRUMS)
    shift = int(rng.integers(-6, 6)) + int(rng.choice([0, 0, 0, 0, 0, 0, 0, 0, -12, 12]))
    if not is_pitch.any():
        return shift % 12
    down, up = int(value[is_pitch].min()) - _LOW_PITCH, _HIGH_PITCH - int(value[is_pitch].max())
    return shift if -down <= shift <= up else max(min(shift % 12, up), -down)


def _hide(context: Context, rng: np.random.Generator) -> Context:
    """Return the context with wishes left open at random, so that the model can do without each."""
    shape = context.density.shape
    keep_cells = rng.random(shape) < rng.choice([0.0, 0.5, 1.0], p=[0.35, 0.25, 0.4])
    shows = rng.random(3) < 0.8
    is_untold = rng.random() < 0.1  # style and mood together, as guidance asks the model
    tempo = context.tempo + int(rng.choice([-1, 0, 0, 0, 1]))
    changed: dict[str, Any] = {
        "density": np.where(keep_cells & shows[0], context.density, -1),
        "polyphony": np.where(keep_cells & shows[1], context.polyphony, -1),
        "register_pitch": np.where(keep_cells & shows[2], context.register_pitch, np.nan),
        "style": UNKNOWN["style"] if is_untold or rng.random() < 0.05 else context.style,
        "mood": UNKNOWN["mood"] if is_untold or rng.random() < 0.25 else context.mood,
        "tempo": int(np.clip(tempo, 0, 11)) if rng.random() < 0.8 else UNKNOWN["tempo"],
    }
    if rng.random() < 0.1:
        size = context.section_pos.size
        changed["section_pos"] = changed["section_left"] = np.full(size, UNKNOWN["section_pos"])
        changed["piece_pos"] = changed["piece_left"] = np.full(size, UNKNOWN["piece_pos"])
    changed["like"] = np.where(_untold_columns(context.like.size, rng), NOT_TOLD, context.like)
    return replace(context, **changed)


def _untold_columns(columns: int, rng: np.random.Generator) -> BoolArray:
    """Return which columns are not told what they resemble: all of a window, none, or each by chance."""
    share = float(rng.choice([0.0, 0.3, 1.0], p=[0.55, 0.15, 0.3]))
    untold: BoolArray = rng.random(columns) < share
    return untold
