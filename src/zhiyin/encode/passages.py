"""Passages: stretches of a score in one metre, as the tune, the ground it stands on and what sounds under it.

Conventions: notes in steps from the start of the score; the tune is the top line of the melody part; a note is named
by (part, row). This module writes nothing: see `zhiyin.encode.backing` for the rolls.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.backing import KINDS, Ground, Notes4, cell_size, skyline, tune_line
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Passage:
    """Bars of one metre.

    first_bar, bars: 0-based, of the score; notes: pitched ones that begin in them; part, row: (notes,) where each
    stands in the score; is_top: (notes,) whether it is the tune; ground: see `Ground`.
    """

    first_bar: int
    bars: int
    notes: Notes4
    part: IntArray
    row: IntArray
    is_top: BoolArray
    ground: Ground


@dataclass(frozen=True, eq=False)
class _Sheet:
    notes: Notes4
    part: IntArray
    row: IntArray
    edges: IntArray
    metre: list[tuple[int, int]]


def tune_part(score: Score) -> int | None:
    """Return the part that has the tune: the first melody part that plays, None where there is none."""
    return next((i for i, p in enumerate(score.parts) if p.role == "melody" and len(p.notes)), None)


def passages(score: Score, *, leave: Collection[int] = ()) -> list[Passage]:
    """Return the passages of a score on the grid; bars that are no whole beats of four cells are left out.

    leave: parts that are neither tune nor backing.
    """
    sheet = _sheet(score, leave)
    found = []
    count = len(sheet.metre)
    first = 0
    while first < count:
        size = int(sheet.edges[first + 1] - sheet.edges[first])
        end = first + 1
        while end < count and sheet.metre[end] == sheet.metre[first] and _length(sheet, end) == size:
            end += 1
        grid = cell_size(sheet.metre[first], size)
        if grid is not None:
            found.append(_passage(score, sheet, first, end, grid))
        first = end
    return found


def _length(sheet: _Sheet, bar: int) -> int:
    return int(sheet.edges[bar + 1] - sheet.edges[bar])


def _sheet(score: Score, leave: Collection[int]) -> _Sheet:
    tune = tune_part(score)
    parts = [i for i, p in enumerate(score.parts) if not p.is_drums and i not in leave and len(p.notes)]
    notes = [score.parts[i].notes for i in parts]

    def joined(arrays: list[IntArray]) -> IntArray:
        return np.concatenate([np.empty(0, np.int64), *arrays])

    part = np.repeat(np.array(parts, np.int64), [len(n) for n in notes])
    line = Timeline.of(score)
    bars = line.bar_count(score.end)
    edges = line.bar_starts(bars)
    marks = [m.metre for m in score.metres]
    ticks = np.array([m.tick for m in score.metres])
    at = np.searchsorted(ticks, edges[:-1], side="right") - 1
    columns = Notes4(
        joined([n.onset for n in notes]) // TICKS_PER_STEP,
        joined([np.maximum(n.duration // TICKS_PER_STEP, 1) for n in notes]),
        joined([n.pitch for n in notes]),
        part == (-1 if tune is None else tune),
    )
    metre = [(marks[i].numerator, marks[i].denominator) for i in at.tolist()]
    row = joined([np.arange(len(n)) for n in notes])
    return _Sheet(columns, part, row, np.asarray(edges) // TICKS_PER_STEP, metre)


def _passage(score: Score, sheet: _Sheet, first: int, end: int, grid: tuple[int, int]) -> Passage:
    size, kind = grid
    start = np.arange(sheet.edges[first], sheet.edges[end], size)
    inside = np.flatnonzero(
        (sheet.notes.onset >= sheet.edges[first]) & (sheet.notes.onset < sheet.edges[end])
    )
    n = sheet.notes
    notes = Notes4(n.onset[inside], n.duration[inside], n.pitch[inside], n.is_tune[inside])
    is_top = skyline(notes)
    tune, is_new = tune_line(notes, is_top, start, cell_steps=size)
    per_bar = _length(sheet, first) // size
    root, chord = _chords(score, start, _tonics(score, start))
    ground = Ground(
        cell_steps=size, start=start, bar=np.arange(start.size) // per_bar, place=np.arange(start.size) % per_bar,
        kind=min(kind, len(KINDS) - 1), root=root, chord=chord, tonic=_tonics(score, start), tune=tune, is_new=is_new,
    )  # fmt: skip
    return Passage(first, end - first, notes, sheet.part[inside], sheet.row[inside], is_top, ground)


def _tonics(score: Score, start: IntArray) -> IntArray:
    if not score.keys:
        return np.zeros(start.size, np.int64)
    ticks = np.array([k.tick for k in score.keys]) // TICKS_PER_STEP
    at = np.maximum(np.searchsorted(ticks, start, side="right") - 1, 0)
    tonics: IntArray = np.array([k.key.tonic for k in score.keys], np.int64)[at]
    return tonics


def _chords(score: Score, start: IntArray, tonic: IntArray) -> tuple[IntArray, BoolArray]:
    """Return ((cells,) root, (cells, 12) pitch classes); where no chord is known the tonic alone."""
    root, held = tonic.copy(), np.zeros((start.size, 12), bool)
    held[np.arange(start.size), tonic] = True
    ticks = np.array([m.tick for m in score.chords], np.int64) // TICKS_PER_STEP
    at = np.searchsorted(ticks, start, side="right") - 1
    for cell in np.flatnonzero(at >= 0).tolist():
        chord = score.chords[int(at[cell])].chord
        if chord is not None:
            root[cell] = chord.root
            held[cell] = False
            held[cell, list(chord.pitch_classes)] = True
    return root, held
