"""Echoes: what a row did next, at this place, in the bar before and in the bar that this one resembles.

Conventions: an echo is (onset, value, step, duration) of the first segment after a place in an earlier column of the
same row: END where none follows, "not told" codes where the window holds no such column. A place is an onset and how
many of the cell's segments at that onset stand before. Values are as the model sees them, transposed.
This module does not say which bars resemble each other: see `zhiyin.encode.context`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import numpy as np

from zhiyin.encode.fields import ECHO_FIELDS, END, NO_LAST, NO_STEP, PITCHES, REACH, UNKNOWN
from zhiyin.units import IntArray

_CHORD = 64  # segments of one onset told apart
_CELL = (END + 1) * _CHORD
START = -1  # the place before a cell's first segment
NOT_TOLD = np.array([UNKNOWN[name] for name in ECHO_FIELDS[:4]], np.int64)
_OVER = np.array([END, *NOT_TOLD[1:].tolist()], np.int64)  # the earlier bar has nothing more


def references(columns: IntArray, like: IntArray) -> IntArray:
    """Return (columns, 2) window slots of the bar before and of the resembled bar, -1 where not in the window.

    columns: increasing columns of a window; like: (columns,) the column that each resembles, or -1.

    >>> references(np.array([0, 4, 5]), np.array([-1, 0, 1])).tolist()
    [[-1, -1], [-1, 0], [1, -1]]
    """
    slots = np.arange(columns.size)
    follows = np.concatenate(([False], np.diff(columns) == 1))
    at = np.minimum(np.searchsorted(columns, like), columns.size - 1)
    is_seen = (like >= 0) & (columns[at] == like) & (at < slots)
    found: IntArray = np.stack((np.where(follows, slots - 1, -1), np.where(is_seen, at, -1)), 1)
    return found


def places(column: IntArray, row: IntArray, onset: IntArray) -> IntArray:
    """Return each segment's place in its cell: onset * 64 + how many at that onset stand before."""
    is_new = np.ones(column.size, bool)
    is_new[1:] = (np.diff(column) != 0) | (np.diff(row) != 0) | (np.diff(onset) != 0)
    first = np.maximum.accumulate(np.where(is_new, np.arange(column.size), 0)) if column.size else is_new
    within = np.minimum(np.arange(column.size) - first, _CHORD - 1)
    found: IntArray = onset * _CHORD + within
    return found


def echo_fields(
    segments: tuple[IntArray, IntArray, IntArray, IntArray, IntArray],
    *,
    refs: IntArray,
    rows: int,
    cell_last: IntArray,
    segment_last: IntArray,
) -> IntArray:
    """Return the echo fields of all CELL events, by column then row, and then of the segments, (events, 8).

    segments: column, row, onset, value, duration in the order of `Segments`; cell_last, segment_last: the pitch that
    stands before what follows each event.
    """
    column, row, onset, value, duration = segments
    place = places(column, row, onset)
    key = (column * rows + row) * _CELL + place
    cells_c, cells_r = np.divmod(np.arange(len(refs) * rows), rows)
    of_c, of_r = np.concatenate((cells_c, column)), np.concatenate((cells_r, row))
    asked = np.concatenate((np.full(cells_c.size, START), place))
    last = np.concatenate((cell_last, segment_last))
    told = []
    for ref in refs[of_c].T:
        base = (ref * rows + of_r) * _CELL
        index = np.searchsorted(key, base + asked, side="right")
        at = np.minimum(index, max(key.size - 1, 0))
        is_found = (ref >= 0) & (index < key.size)
        if key.size:
            is_found &= key[at] < base + _CELL
            found = np.stack((onset[at], value[at], step_codes(value[at], last), duration[at]), 1)
        else:
            found = np.zeros((ref.size, 4), np.int64)
        codes = np.where(is_found[:, None], found, np.where(ref[:, None] >= 0, _OVER, NOT_TOLD))
        told.append(codes)
    return np.concatenate(told, 1)


def step_codes(value: IntArray, last: IntArray) -> IntArray:
    """Return the codes of steps from the pitch before to a value, NO_STEP where either is no pitch.

    >>> step_codes(np.array([64, 64, 130]), np.array([60, NO_LAST, 60])).tolist()
    [29, 51, 51]
    """
    is_pitched = (value < PITCHES) & (last < NO_LAST)
    steps: IntArray = np.where(is_pitched, np.clip(value - last, -REACH, REACH) + REACH, NO_STEP)
    return steps


class EchoBook:
    """The cells of a window as they are written, to tell echoes one event at a time."""

    def __init__(
        self, segments: tuple[IntArray, IntArray, IntArray, IntArray, IntArray], refs: IntArray
    ) -> None:
        self._refs = refs.tolist()
        self._cells: dict[tuple[int, int], tuple[list[int], list[tuple[int, int, int]]]] = {}
        column, row, onset, value, duration = segments
        place = places(column, row, onset)
        rows = zip(*(a.tolist() for a in (column, row, place, onset, value, duration)), strict=True)
        for c, r, p, o, v, d in rows:
            keys, notes = self._cells.setdefault((c, r), ([], []))
            keys.append(p)
            notes.append((o, v, d))

    def put(self, column: int, row: int, notes: Iterable[tuple[int, int, int]]) -> None:
        """Set a cell's (onset, value, duration) segments."""
        ordered = sorted(notes)
        onsets = np.array([n[0] for n in ordered], np.int64)
        same = np.zeros_like(onsets)
        self._cells[column, row] = (places(same, same, onsets).tolist(), ordered)

    def place(self, notes: list[tuple[int, int, int]]) -> int:
        """Return the place of the last of a cell's notes."""
        onset = notes[-1][0]
        return onset * _CHORD + min(sum(n[0] == onset for n in notes) - 1, _CHORD - 1)

    def told(self, column: int, row: int, *, place: int, last: int) -> list[int]:
        """Return the eight echo fields of an event at a place of a cell; last: the pitch before it."""
        codes: list[int] = []
        for ref in self._refs[column]:
            if ref < 0:
                codes += NOT_TOLD.tolist()
                continue
            keys, notes = self._cells.get((ref, row), ([], []))
            index = bisect_right(keys, place)
            if index == len(keys):
                codes += _OVER.tolist()
                continue
            onset, value, duration = notes[index]
            codes += [onset, value, step_code(value, last), duration]
        return codes


def step_code(value: int, last: int) -> int:
    """Return the code of one step, as `step_codes` does."""
    if value >= PITCHES or last >= NO_LAST:
        return NO_STEP
    return min(max(value - last, -REACH), REACH) + REACH
