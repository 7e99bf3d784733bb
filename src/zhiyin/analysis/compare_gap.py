"""Bars inserted or removed in the middle: found where all other bars are equal, and lined up by an empty gap.

Conventions: bars count from 0; the shorter score is opened where the longer one has bars of its own.
This module does not compare bars that changed: see `compare.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhiyin.score import Grid, Score
from zhiyin.units import IntArray, Ticks

Content = tuple[frozenset[tuple[int, int, int]], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Bars that one score has and the other has not: the first (from 0), how many, and whether they are new."""

    bar: int
    count: int
    is_inserted: bool


def find_gap(a: Score, b: Score, *, pairs: Sequence[tuple[int | None, int | None]]) -> Gap | None:
    """Return the bars inserted or removed before the end, None unless all bars before and after them are equal.

    pairs: parts of a and b that belong together; the others do not count.
    """
    rows = [
        _contents(score, [pair[side] for pair in pairs if None not in pair])
        for side, score in enumerate((a, b))
    ]
    short, long = sorted(rows, key=len)
    if len(short) == len(long):
        return None
    first = next((bar for bar, one in enumerate(short) if one != long[bar]), len(short))
    count = len(long) - len(short)
    return (
        None
        if first == len(short) or short[first:] != long[first + count :]
        else Gap(first, count, short is rows[0])
    )


def opened(score: Score, bar: int, *, ticks: Ticks) -> Score:
    """Return a score with everything from a bar on moved later; marks at tick 0 stay."""
    start = int(Grid.of(score).bar_ticks[bar])
    parts = [
        part.with_notes(part.notes.with_columns(onset=np.where(part.notes.onset >= start, part.notes.onset + ticks,
                                                               part.notes.onset)))
        for part in score.parts
    ]  # fmt: skip

    def moved(marks: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(m, tick=m.tick + ticks) if m.tick >= start and m.tick else m for m in marks)

    fields: dict[str, Any] = {
        name: moved(getattr(score, name)) for name in ("tempos", "metres", "keys", "chords", "sections")
    }
    return replace(score, parts=tuple(parts), length_ticks=score.end + ticks, **fields)


def lined_up(a: Score, b: Score, gap: Gap) -> tuple[Score, Score] | None:
    """Return both scores with the shorter one opened at the gap, None when their bars then differ in length."""
    short, long = (a, b) if gap.is_inserted else (b, a)
    edges = Grid.of(long).bar_ticks
    widened = opened(short, gap.bar, ticks=int(edges[gap.bar + gap.count] - edges[gap.bar]))
    if not np.array_equal(Grid.of(widened).bar_ticks, edges):
        return None
    return (widened, long) if gap.is_inserted else (long, widened)


def _contents(score: Score, parts: Sequence[int | None]) -> list[Content]:
    """Return what the chosen parts play in each bar, by places in the bar."""
    edges = Grid.of(score).bar_ticks
    rows: list[list[set[tuple[int, int, int]]]] = [[set() for _ in parts] for _ in range(len(edges) - 1)]
    for index, part in enumerate(parts):
        assert part is not None
        notes = score.parts[part].notes
        bars: IntArray = np.searchsorted(edges, notes.onset, side="right") - 1
        for bar, note in zip(bars.tolist(), notes, strict=True):
            rows[bar][index].add((note.onset - int(edges[bar]), note.duration, note.pitch))
    return [tuple(map(frozenset, row)) for row in rows]
