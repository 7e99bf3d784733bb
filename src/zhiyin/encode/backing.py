"""Backings: what sounds under a tune, as rolls told from the chord's root, for families that change a piece's style.

Conventions: time in cells of a quarter of a beat, whole beats of four cells; row 0 of a roll is the chord's root two
octaves below middle C or so (LOW); a note between cells counts to the one it begins in. Drums are left out.
This module knows no networks and no styles: see `zhiyin.models.restyle`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.units import BoolArray, IntArray

LOW, ROWS = 24, 72  # the pitch of row 0 under a chord on C, and how many rows there are
CELLS = 4  # a beat
LOWEST, HIGHEST = 30, 90  # what lies outside is moved by octaves: every chord's rows reach so far
NONE = -1
OVERLAP = 3  # steps: legato is no second voice
# Kinds of metre: beats a bar as cells count them, and whether a beat is three eighths.
KINDS: tuple[str, ...] = ("two", "three", "four", "compound", "other")
MOST_BEATS = 6  # a place in the bar is told up to this many beats


@dataclass(frozen=True, eq=False)
class Notes4:
    """Notes of a stretch in columns.

    onset, duration: steps; pitch: 0..127; is_tune: whether the note belongs to the tune's part.
    """

    onset: IntArray
    duration: IntArray
    pitch: IntArray
    is_tune: BoolArray


@dataclass(frozen=True, eq=False)
class Ground:
    """What does not change with the style: the grid, the chords, the key and the tune.

    cell_steps: steps a cell; start: (cells,) first step of each; bar: (cells,) bar of the stretch; place: (cells,) cell
    within its bar; kind: index into KINDS; root: (cells,) pitch class; chord: (cells, 12) pitch classes that it holds;
    tonic: (cells,) pitch class; tune: (cells,) pitch that sounds in the tune or NONE; is_new: (cells,) whether it
    begins there.
    """

    cell_steps: int
    start: IntArray
    bar: IntArray
    place: IntArray
    kind: int
    root: IntArray
    chord: BoolArray
    tonic: IntArray
    tune: IntArray
    is_new: BoolArray

    @property
    def cells(self) -> int:
        """Return the length in cells."""
        return int(self.start.size)

    @property
    def lift(self) -> IntArray:
        """Return (cells,) the pitch of row 0."""
        lift: IntArray = LOW + np.where(self.root > 6, self.root - 12, self.root)
        return lift


def cell_size(metre: tuple[int, int], bar_steps: int) -> tuple[int, int] | None:
    """Return (steps a cell, index into KINDS) of bars of a metre, None where they are no whole beats of four cells.

    >>> cell_size((3, 8), 36), cell_size((3, 4), 72), cell_size((5, 8), 60)
    ((3, 1), (6, 1), None)
    """
    beats, unit = metre
    if (beats in (3, 9) and unit != 8) or metre == (3, 8):
        size, kind = 24 * 4 // unit // CELLS, "three"
    elif unit == 8 and beats in (6, 12):
        size, kind = 6, "compound"
    elif unit in (1, 2) and beats in (2, 4) and metre != (2, 2):
        size, kind = 12, "four"
    else:
        size = 6
        kind = {48: "two", 96: "four"}.get(bar_steps, "other")
    if size < 1 or bar_steps % (size * CELLS):
        return None
    return size, KINDS.index(kind)


def skyline(notes: Notes4) -> BoolArray:
    """Return which notes of the tune's part are the tune: the highest that begin, nothing higher sounding on."""
    top = np.zeros(notes.onset.size, bool)
    rows = np.flatnonzero(notes.is_tune)
    order = rows[np.lexsort((notes.pitch[rows], notes.onset[rows]))]
    high, until = 0, 0
    for place, i in enumerate(order.tolist()):
        onset, pitch = int(notes.onset[i]), int(notes.pitch[i])
        is_last = place + 1 == order.size or int(notes.onset[order[place + 1]]) != onset
        if is_last and (pitch >= high or onset + OVERLAP >= until):
            top[i] = True
            high, until = pitch, onset + int(notes.duration[i])
    return top


def tune_line(
    notes: Notes4, top: BoolArray, start: IntArray, *, cell_steps: int
) -> tuple[IntArray, BoolArray]:
    """Return ((cells,) pitch of the tune or NONE, (cells,) whether it begins there)."""
    line, is_new = np.full(start.size, NONE, np.int64), np.zeros(start.size, bool)
    for i in np.flatnonzero(top)[np.argsort(notes.onset[top], kind="stable")].tolist():
        first, end = _span(notes, i, int(start[0]), cell_steps, start.size)
        line[first:end] = notes.pitch[i]
        if first < end:
            is_new[first] = True
    return line, is_new


def rolls(notes: Notes4, keep: BoolArray, ground: Ground) -> tuple[BoolArray, BoolArray]:
    """Return (strike, sound), (cells, ROWS) each, of some of the notes."""
    strike = np.zeros((ground.cells, 128), bool)
    sound = np.zeros_like(strike)
    for i in np.flatnonzero(keep).tolist():
        first, end = _span(notes, i, int(ground.start[0]), ground.cell_steps, ground.cells)
        pitch = folded(int(notes.pitch[i]))
        strike[first : min(first + 1, end), pitch] = True
        sound[first:end, pitch] = True
    rows = ground.lift[:, None] + np.arange(ROWS)
    return np.take_along_axis(strike, rows, 1), np.take_along_axis(sound, rows, 1)


def folded(pitch: int) -> int:
    """Return the pitch moved by octaves into what rolls hold.

    >>> folded(21), folded(60), folded(100)
    (33, 60, 88)
    """
    while pitch < LOWEST:
        pitch += 12
    while pitch > HIGHEST:
        pitch -= 12
    return pitch


def _span(notes: Notes4, i: int, origin: int, size: int, cells: int) -> tuple[int, int]:
    """Return the cells [first, end) that a note sounds in, one at least; empty outside the stretch."""
    first = (int(notes.onset[i]) - origin) // size
    end = max((int(notes.onset[i] + notes.duration[i]) - origin + size // 2) // size, first + 1)
    return max(first, 0), min(end, cells) if first >= 0 else 0


def roll_notes(strike: BoolArray, hold: BoolArray, ground: Ground) -> list[tuple[int, int, int]]:
    """Return (onset, duration, pitch) in steps of rolls of (cells, ROWS), by onset and pitch.

    hold: whether a pitch that sounds in the cell before goes on; a note ends where it is struck again.
    """
    absolute = _absolute(strike, ground), _absolute(hold & ~strike, ground)
    found = []
    for first, pitch in np.argwhere(absolute[0]).tolist():
        gone = np.flatnonzero(~absolute[1][first + 1 :, pitch])
        end = first + 1 + (int(gone[0]) if gone.size else ground.cells - first - 1)
        onset = int(ground.start[first])
        found.append((onset, int(ground.start[0]) + end * ground.cell_steps - onset, pitch))
    return found


def _absolute(roll: BoolArray, ground: Ground) -> BoolArray:
    wide: NDArray[np.bool_] = np.zeros((ground.cells, 128), bool)
    np.put_along_axis(wide, ground.lift[:, None] + np.arange(ROWS), roll, 1)
    return wide
