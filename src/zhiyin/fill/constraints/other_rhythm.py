"""The wish for another rhythm: attacks come at places where none came before.

Conventions: places are steps of the score; strong beats may stay. This module does not judge which rhythm is better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Cell, Score, Timeline
from zhiyin.units import TICKS_PER_STEP, FloatArray

AGAIN = -6.0  # what an attack at an old place off the first beat costs, in nats


@dataclass(frozen=True, eq=False)
class OtherRhythm(Unmasked):
    """Cells get attacks at other places than before.

    before: cell -> the steps at which it was struck. Soft: where pitches are held, few places may be left.
    """

    before: Mapping[Cell, frozenset[int]]
    name: str = "other rhythm"
    is_hard: bool = False

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Make old places off the first beat less likely."""
        old = self.before.get(Cell(cell.part, cell.bar))
        if not old:
            return None
        bias = np.zeros(MAX_COLUMN_STEPS + 1)
        for step in old:
            if 0 < step - cell.start < cell.length:
                bias[step - cell.start] = AGAIN
        return bias

    def check(self, score: Score) -> Verdict:
        """Compare the places struck in each cell with those before."""
        edges = Timeline.of(score).bar_starts(max((c.bar for c in self.before), default=0) + 1)
        same = []
        for cell, old in self.before.items():
            found = score.parts[cell.part].notes.between(*edges[cell.bar : cell.bar + 2].tolist())
            if {int(t) // TICKS_PER_STEP for t in found.onset} == set(old):
                same.append(cell)
        changed = len(self.before) - len(same)
        return Verdict(
            self.name, False, not same, f"{changed} of {len(self.before)} cells",
            bar_list(sorted({c.bar for c in same})),
            f"{changed} of {len(self.before)} cells have a new rhythm.",
            f"{len(self.before)} 处中有 {changed} 处换了节奏。",
        )  # fmt: skip
