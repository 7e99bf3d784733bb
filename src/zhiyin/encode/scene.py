"""Scenes: what stands around cells to write, as rolls on a grid of sixteenths, for families that think in rolls.

Conventions: columns side by side as in `zhiyin.encode.sequence.Window`; a sixteenth is 6 steps, a column's last one may
be cut short; notes between sixteenths count to the one they begin in. Row 0 is the chord row and holds no notes.
This module knows no networks: what they answer is a `zhiyin.models.proposal.Proposal`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.context import Context
from zhiyin.encode.fields import DEGREE_NONE, PITCHES, TIED
from zhiyin.encode.grid_tokens import GridTokens, value_to_chord
from zhiyin.encode.sequence import Window, window_starts
from zhiyin.units import BoolArray, IntArray

SIXTEENTH_STEPS = 6
NO_ROOT = 12


@dataclass(frozen=True, eq=False)
class Scene:
    """What a family is told of a window before it proposes notes.

    edges: (columns + 1,) first sixteenth of each column, side by side; starts: (columns,) its first step.
    strike, sound: (rows, sixteenths, 128) whether a note begins, and whether one sounds; False in cells to write.
    chord: (sixteenths, 12) pitch classes under way, none where no chord is known; root: (sixteenths,) its root,
    NO_ROOT for none. tonic, mode, metre, like: (columns,) codes of `zhiyin.encode.fields`; like: slot of an earlier
    column, negative for none. style, mood, tempo: codes. role, program: (rows,) codes. density, polyphony:
    (columns, rows) levels, -1 open; register_pitch: mean pitch, nan open, 0 empty. write: (columns, rows). columns,
    rows: their numbers in the score's grid.
    """

    edges: IntArray
    starts: IntArray
    strike: BoolArray
    sound: BoolArray
    chord: BoolArray
    root: IntArray
    tonic: IntArray
    mode: IntArray
    metre: IntArray
    like: IntArray
    style: int
    mood: int
    tempo: int
    role: IntArray
    program: IntArray
    density: IntArray
    polyphony: IntArray
    register_pitch: NDArray[np.float64]
    write: BoolArray
    columns: IntArray
    rows: IntArray

    @property
    def sixteenths(self) -> int:
        """Return the length of the scene."""
        return int(self.edges[-1])


def scene_of(tokens: GridTokens, context: Context, window: Window) -> Scene:
    """Return the scene of a window of a grid, cells to write left empty."""
    edges = window_edges(tokens, window.columns)
    strike, sound = rolls_of(tokens, window.columns, window.rows)
    column_of = np.repeat(np.arange(window.columns.size), np.diff(edges))
    hidden = window.write[column_of].T  # (rows, sixteenths)
    strike[hidden] = False
    sound[hidden] = False
    chord, root = _chords(tokens, window, edges)
    tonic = context.tonic[window.columns]
    return Scene(
        edges=edges, starts=window_starts(context, window), strike=strike, sound=sound, chord=chord, root=root,
        tonic=np.where(tonic == DEGREE_NONE, DEGREE_NONE, (tonic + window.shift) % 12),
        mode=context.mode[window.columns], metre=context.metre[window.columns], like=_like(context, window),
        style=context.style, mood=context.mood, tempo=context.tempo,
        role=context.role[window.rows], program=context.program[window.rows],
        density=context.density[np.ix_(window.columns, window.rows)],
        polyphony=context.polyphony[np.ix_(window.columns, window.rows)],
        register_pitch=context.register_pitch[np.ix_(window.columns, window.rows)],
        write=window.write, columns=window.columns, rows=window.rows,
    )  # fmt: skip


def window_edges(tokens: GridTokens, columns: IntArray) -> IntArray:
    """Return (columns + 1,) first sixteenth of each column when they stand side by side."""
    lengths = np.diff(tokens.starts)[columns]
    edges: IntArray = np.concatenate(([0], np.cumsum(-(-lengths // SIXTEENTH_STEPS))))
    return edges


def rolls_of(tokens: GridTokens, columns: IntArray, rows: IntArray) -> tuple[BoolArray, BoolArray]:
    """Return (strike, sound), (rows, sixteenths, 128) each, of some cells; a note sounds for one sixteenth at least.

    Row 0, the chord row, stays empty.
    """
    edges = window_edges(tokens, columns)
    strike = np.zeros((rows.size, int(edges[-1]), PITCHES), bool)
    sound = np.zeros_like(strike)
    slot_of_column = np.full(tokens.columns, -1, np.int64)
    slot_of_column[columns] = np.arange(columns.size)
    slot_of_row = np.full(tokens.rows, -1, np.int64)
    slot_of_row[rows] = np.arange(rows.size)
    seg = tokens.segments
    kept = np.flatnonzero((slot_of_column[seg.column] >= 0) & (slot_of_row[seg.row] >= 0) & (seg.row > 0))
    column, row = slot_of_column[seg.column[kept]], slot_of_row[seg.row[kept]]
    first = edges[column] + seg.onset[kept] // SIXTEENTH_STEPS
    # A note that reaches less than half into a sixteenth does not sound there.
    end = edges[column] + (seg.onset[kept] + seg.duration[kept] + SIXTEENTH_STEPS // 2) // SIXTEENTH_STEPS
    end = np.minimum(np.maximum(end, first + 1), edges[column + 1])
    struck = seg.extra[kept] & TIED == 0
    strike[row[struck], first[struck], seg.value[kept][struck]] = True
    for r, low, high, pitch in zip(
        row.tolist(), first.tolist(), end.tolist(), seg.value[kept].tolist(), strict=True
    ):
        sound[r, low:high, pitch] = True
    return strike, sound


def _chords(tokens: GridTokens, window: Window, edges: IntArray) -> tuple[BoolArray, IntArray]:
    """Return ((sixteenths, 12) pitch classes, (sixteenths,) root) of the chord row, also where it is not seen."""
    chord = np.zeros((int(edges[-1]), 12), bool)
    root = np.full(int(edges[-1]), NO_ROOT, np.int64)
    slot_of_column = np.full(tokens.columns, -1, np.int64)
    slot_of_column[window.columns] = np.arange(window.columns.size)
    seg = tokens.segments
    for index in np.flatnonzero((seg.row == 0) & (slot_of_column[seg.column] >= 0)).tolist():
        found = value_to_chord(int(seg.value[index]), int(seg.extra[index]) // 2)
        slot = int(slot_of_column[seg.column[index]])
        low = int(edges[slot] + seg.onset[index] // SIXTEENTH_STEPS)
        high = int(edges[slot] - (-(seg.onset[index] + seg.duration[index]) // SIXTEENTH_STEPS))
        if found is not None:
            chord[low:high, [(p + window.shift) % 12 for p in found.pitch_classes]] = True
            root[low:high] = (found.root + window.shift) % 12
    return chord, root


def _like(context: Context, window: Window) -> IntArray:
    """Return (columns,) the slot of the earlier column that each resembles, negative where none is seen."""
    slots = {int(column): slot for slot, column in enumerate(window.columns.tolist())}
    return np.array([slots.get(int(c), min(int(c), -1)) for c in context.like[window.columns]], np.int64)
