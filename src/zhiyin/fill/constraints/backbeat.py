"""The wish that drums carry the beat: a kick on one, a snare on the backbeats, in styles that dance to it.

Conventions: keys are GM drum keys; backbeats are the second and fourth of four beats, the second of two.
This module does not write fills or hats: it only asks for what a listener taps to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Cell, Score, Timeline
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_STEP, BoolArray

KICKS, SNARES = frozenset({35, 36}), frozenset({37, 38, 39, 40})


def _asked(metre: Metre) -> list[tuple[int, frozenset[int]]]:
    """Return (step in the bar, keys of which one must sound) in order."""
    beat = metre.beat_ticks // TICKS_PER_STEP
    backbeats = {2: (1,), 4: (1, 3)}.get(metre.beats, ())
    return [(0, KICKS), *((b * beat, SNARES) for b in backbeats)]


@dataclass(frozen=True)
class Backbeat(Unmasked):
    """Drum kits play a kick on the first beat and a snare on the backbeats of these cells.

    cells: bars of drum parts in which the kit plays.
    """

    cells: frozenset[Cell]
    name: str = "backbeat"
    is_hard: bool = True

    def _next(self, cell: CellState) -> tuple[int, frozenset[int]] | None:
        """Return the first demand not yet met, or None."""
        if Cell(cell.part, cell.bar) not in self.cells:
            return None
        struck = {(s.onset, s.pitch) for s in cell.sounding}
        for step, keys in _asked(cell.metre):
            if step < cell.length and not any((step, key) in struck for key in keys):
                return step, keys
        return None

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Allow nothing past the next demand until it is met."""
        demand = self._next(cell)
        if demand is None:
            return None
        mask = np.ones(MAX_COLUMN_STEPS + 1, bool)
        mask[demand[0] + 1 :] = False
        mask[END] = False
        return mask

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """At the demanded place allow its keys, and lower ones that may still come before them."""
        demand = self._next(cell)
        if demand is None or onset != demand[0]:
            return None
        mask = np.zeros(128, bool)
        mask[sorted(demand[1])] = True
        mask[: min(demand[1])] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Look in every cell for the kick and the snares."""
        line = Timeline.of(score)
        missing = set[int]()
        for cell in self.cells:
            start = line.bar_start(cell.bar)
            notes = score.parts[cell.part].notes.between(start, line.bar_start(cell.bar + 1))
            struck = {((n.onset - start) // TICKS_PER_STEP, n.pitch) for n in notes}
            demands = _asked(line.metre_at(start))
            if not all(any((step, key) in struck for key in keys) for step, keys in demands):
                missing.add(cell.bar)
        kept = len(self.cells) - len(missing)
        return Verdict(
            self.name, self.is_hard, not missing, f"{kept} of {len(self.cells)} bars", bar_list(sorted(missing)),
            f"{kept} of {len(self.cells)} drum bars have kick and backbeat.",
            f"{len(self.cells)} 个鼓小节中有 {kept} 个有底鼓和反拍军鼓。",
        )  # fmt: skip
