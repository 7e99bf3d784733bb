"""What an act has to hold: locks and whatever of a cell lies outside the scope.

Conventions: locks are in the person's ticks, scopes and holds on the grid; an aspect that is locked inside a bar is
held for the whole bar. This module writes nothing: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.fill.desk import Desk
from zhiyin.fill.scope import Scope, Stretch
from zhiyin.score import CHORD_ROW, Cell, Lock, Timeline
from zhiyin.score.quantise import snap
from zhiyin.units import TICKS_PER_STEP, Ticks

# Which aspect of the notes a lock of the score holds; words stay under their notes only if rhythm does.
_HELD_AS = {"rhythm": "rhythm", "pitch": "pitch", "lyric": "rhythm"}


def unlocked(desk: Desk, scope: Scope) -> Scope:
    """Return the scope without what is locked whole. Raises InvalidInput when nothing is left."""
    left = list(scope.stretches)
    for lock in desk.own.locks:
        if lock.aspect in ("notes", "harmony"):
            start, end = _on_grid(desk, lock)
            left = [piece for stretch in left for piece in _without(stretch, start, end, rows=_rows(lock))]
    if not left:
        raise InvalidInput(
            f"something of the scope must be free, all of it is locked ({len(desk.own.locks)} locks): "
            "unlock some of it or choose other bars"
        )
    return Scope(tuple(left))


def _rows(lock: Lock) -> frozenset[int] | None:
    """Return the rows that a whole lock closes, None for all."""
    if lock.aspect == "harmony":
        return frozenset({CHORD_ROW})
    return None if lock.part < 0 else frozenset({lock.part})


def _on_grid(desk: Desk, lock: Lock) -> tuple[Ticks, Ticks]:
    start, end = snap(desk.warp.to_frame([lock.start, lock.end])).tolist()
    return start, max(end, start + TICKS_PER_STEP)


def _without(stretch: Stretch, start: Ticks, end: Ticks, *, rows: frozenset[int] | None) -> Iterable[Stretch]:
    if (rows is not None and stretch.part not in rows) or end <= stretch.start or stretch.end <= start:
        yield stretch
        return
    if stretch.start < start:
        yield Stretch(stretch.part, stretch.start, start)
    if end < stretch.end:
        yield Stretch(stretch.part, end, stretch.end)


def holds_of(desk: Desk, scope: Scope) -> dict[Cell, Hold]:
    """Return what each touched cell holds: notes outside the scope, and aspects that locks name."""
    line = Timeline.of(desk.frame)
    holds: dict[Cell, Hold] = {}
    for cell in scope.cells(desk.frame):
        if cell.part == CHORD_ROW:
            continue
        start, end = line.bar_start(cell.bar), line.bar_start(cell.bar + 1)
        aspect = _aspect(desk, cell.part, start, end)
        free = scope.within(cell.part, start, end)
        played = notes = desk.frame.parts[cell.part].notes.between(start, end)
        if aspect is None:
            if free == [(start, end)]:
                continue
            outside = [not any(a <= t < b for a, b in free) for t in notes.onset.tolist()]
            notes, aspect = notes.take(np.array(outside, bool)), "notes"
        else:
            _refuse_gap(desk, cell, aspect, is_whole=free == [(start, end)])
            free = []
        rows = tuple((n.onset // TICKS_PER_STEP, n.duration // TICKS_PER_STEP, n.pitch) for n in notes)
        open_steps = tuple((a // TICKS_PER_STEP, b // TICKS_PER_STEP) for a, b in free)
        # Where something was taken out of a gap, something is to be put in.
        fills = tuple(
            steps
            for (a, b), steps in zip(free, open_steps, strict=True)
            if ((played.onset >= a) & (played.onset < b)).any()
        )
        holds[cell] = Hold(rows, aspect, open_steps, fills)
    return holds


def _refuse_gap(desk: Desk, cell: Cell, aspect: str, *, is_whole: bool) -> None:
    """Raise InvalidInput for a lock of one aspect in a bar of which only a stretch may change."""
    if not is_whole:
        raise InvalidInput(
            f"a bar in which one aspect is locked must be written whole, got a stretch of bar {cell.bar + 1} of "
            f"{desk.own.parts[cell.part].name!r} with its {aspect} locked: choose whole bars or unlock it"
        )


def _aspect(desk: Desk, part: int, start: Ticks, end: Ticks) -> str | None:
    """Return which aspect of a cell a lock holds; rhythm and pitch together are not left to this module."""
    found = set()
    for lock in desk.own.locks:
        a, b = _on_grid(desk, lock)
        if lock.aspect in _HELD_AS and lock.part in (-1, part) and a < end and start < b:
            found.add(_HELD_AS[lock.aspect])
    if found == {"rhythm", "pitch"}:
        return "notes"
    return next(iter(found), None)
