"""What the writer of cells reads: chords in force, instruments, keys, what rings in, what was played, what gives way.

Conventions: columns, rows and steps as in `zhiyin.encode.grid_tokens`. This module chooses nothing.
"""

from __future__ import annotations

import numpy as np

from zhiyin.encode.fields import PROGRAM_DRUMS, TIED
from zhiyin.encode.grid_tokens import value_to_chord
from zhiyin.fill.canvas import Canvas
from zhiyin.fill.constraints import Constraint, Sounding
from zhiyin.fill.novelty import Line
from zhiyin.score import Notes
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import Instrument, find_instrument, instrument_for_program
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_STEP


def chord_rows(canvas: Canvas) -> dict[int, list[tuple[int, Chord | None]]]:
    """Return per column the (step, chord) in force, from the chord row as it stands."""
    seg = canvas.tokens.segments
    rows: dict[int, list[tuple[int, Chord | None]]] = {}
    for i in np.flatnonzero(seg.row == 0).tolist():
        chord = value_to_chord(int(seg.value[i]), int(seg.extra[i]) // 2)
        rows.setdefault(int(seg.column[i]), []).append((int(seg.onset[i]), chord))
    return rows


def instrument_of(canvas: Canvas, row: int) -> Instrument:
    """Return the instrument of a row: the one that was asked for, or one of its program."""
    names = canvas.request.instruments
    if row and row - 1 < len(names) and names[row - 1]:
        return find_instrument(names[row - 1])
    program = int(canvas.context.program[row])
    return instrument_for_program(0 if row == 0 else program, is_drums=program == PROGRAM_DRUMS)


def key_at(canvas: Canvas, tick: int) -> Key | None:
    """Return the key in force at a tick; the first one before it begins."""
    found = None
    for mark in canvas.request.score.keys:
        if mark.tick > tick and found is not None:
            break
        found = mark.key
    return found


def ringing_in(kept: Notes, start: int, length: int) -> list[Sounding]:
    """Return kept notes of a part that sound in a column, in steps from its start."""
    begin, end = kept.onset // TICKS_PER_STEP - start, kept.offset // TICKS_PER_STEP - start
    inside = np.flatnonzero((begin < length) & (end > 0))
    return [Sounding(int(begin[i]), int(end[i]), int(kept.pitch[i])) for i in inside]


def line_before(canvas: Canvas, row: int, *, before: int) -> Line:
    """Return the line of a row before a column."""
    seg, line = canvas.tokens.segments, Line()
    mine = (seg.row == row) & (seg.column < before) & (seg.extra & TIED == 0)
    rows = np.flatnonzero(mine)
    onsets = canvas.tokens.starts[seg.column[rows]] + seg.onset[rows]
    for onset, at in zip(onsets.tolist(), rows.tolist(), strict=True):
        line.add(onset, int(seg.value[at]), int(seg.duration[at]))
    return line


def giving_way(constraints: tuple[Constraint, ...]) -> list[tuple[Constraint, ...]]:
    """Return what is asked of a cell try after try: all wishes, then soft ones fall, the last first."""
    levels = [constraints]
    for soft in [c for c in constraints[::-1] if not c.is_hard]:
        levels.append(tuple(c for c in levels[-1] if c is not soft))
    return levels
