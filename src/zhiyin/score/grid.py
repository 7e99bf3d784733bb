"""The grid: a score cut into cells, one part in one bar.

Conventions: rows are part indices, columns are 0-based bars; a note belongs to the bar of its onset.
This module does not encode: see `zhiyin.encode`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.note import Notes
from zhiyin.score.score import Score
from zhiyin.score.timeline import Timeline
from zhiyin.units import IntArray

CHORD_ROW = -1


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One part (index, or CHORD_ROW) in one bar."""

    part: int
    bar: int


@dataclass(frozen=True)
class Grid:
    """Bars of a score and which notes fall in which.

    bar_ticks: (bars + 1,) first tick of each bar and the end of the last.
    """

    score: Score
    bar_ticks: IntArray

    @classmethod
    def of(cls, score: Score, *, bars: int | None = None) -> Grid:
        """Return the grid of a score, up to its last sounding bar or `bars`."""
        line = Timeline.of(score)
        count = line.bar_count(score.end) if bars is None else bars
        return cls(score, line.bar_starts(count))

    @property
    def bars(self) -> int:
        """Return the number of columns."""
        return len(self.bar_ticks) - 1

    def notes(self, cell: Cell) -> Notes:
        """Return the notes that start in a cell."""
        self._check(cell)
        return self.score.parts[cell.part].notes.between(*self.bar_ticks[cell.bar : cell.bar + 2].tolist())

    def block(self, parts: range | list[int], bars: range) -> frozenset[Cell]:
        """Return the cells of a block of parts and bars."""
        return frozenset(Cell(part, bar) for part in parts for bar in bars)

    def replace_cells(self, cells: frozenset[Cell], notes: dict[int, Notes]) -> Score:
        """Return the score with the notes that start in `cells` replaced by `notes` (part -> notes)."""
        parts = list(self.score.parts)
        for index, part in enumerate(parts):
            bars = np.array(sorted(cell.bar for cell in cells if cell.part == index), np.int64)
            column = np.searchsorted(self.bar_ticks, part.notes.onset, side="right") - 1
            kept = part.notes.take(~np.isin(column, bars))
            parts[index] = replace(part, notes=Notes.concat([kept, notes.get(index, Notes())]))
        return self.score.with_parts(parts)

    def _check(self, cell: Cell) -> None:
        if not (0 <= cell.part < len(self.score.parts) and 0 <= cell.bar < self.bars):
            raise InvalidInput(
                f"cell must lie in {len(self.score.parts)} parts x {self.bars} bars, got {cell.part} x {cell.bar}"
            )
