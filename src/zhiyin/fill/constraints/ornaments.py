"""The wish that added notes are ornaments: neighbours and passing notes beside the notes they adorn.

Conventions: held notes are those of the cell's hold; an added note leans towards a step from the held one before or
behind it. This module does not choose where ornaments stand: see `zhiyin.fill.acts.vary`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.score import Cell, Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, FloatArray

WIDEST = 4  # semitones from a neighbour that is adorned
STEPWISE = 2.0  # what a step of one or two semitones gains, in nats


@dataclass(frozen=True, eq=False)
class Ornaments(Unmasked):
    """Added notes lie within a third of the held note before or behind them.

    holds: cell -> what is held there.
    """

    holds: Mapping[Cell, Hold]
    name: str = "ornaments"

    def _near(self, cell: CellState, onset: int) -> list[int]:
        """Return the pitches of the held notes before and behind a place."""
        hold = self.holds.get(Cell(cell.part, cell.bar))
        if hold is None:
            return []
        step = cell.start + onset
        before = [n for n in hold.notes if n[0] < step][-1:]
        behind = [n for n in hold.notes if n[0] > step][:1]
        return [n[2] for n in (*before, *behind)]

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow pitches within a third of a neighbour, but not the neighbour before itself."""
        near = self._near(cell, onset)
        if not near:
            return None
        pitches = np.arange(128)
        mask: BoolArray = np.min([np.abs(pitches - p) for p in near], axis=0) <= WIDEST
        mask[near[0]] = False
        chord = cell.chord_at(onset)
        classes = set() if cell.key is None else set(cell.key.pitch_classes)
        classes |= set() if chord is None else set(chord.pitch_classes)
        in_key = mask & np.isin(pitches % 12, sorted(classes))
        return in_key if in_key.any() else mask

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Make steps likelier than thirds."""
        near = self._near(cell, onset)
        if not near:
            return None
        away = np.min([np.abs(np.arange(128) - p) for p in near], axis=0)
        bias: FloatArray = np.where((away == 1) | (away == 2), STEPWISE, 0.0)
        return bias

    def check(self, score: Score) -> Verdict:
        """Measure each added note against the notes that were held around it."""
        line = Timeline.of(score)
        wide, added = set[int](), 0
        for cell, hold in self.holds.items():
            held = {(o, p) for o, _, p in hold.notes}
            notes = score.parts[cell.part].notes.between(
                line.bar_start(cell.bar), line.bar_start(cell.bar + 1)
            )
            for note in notes:
                step = note.onset // TICKS_PER_STEP
                if (step, note.pitch) in held or not held:
                    continue
                added += 1
                around = [p for o, p in held if o == max((o for o, _ in held if o < step), default=-1)]
                around += [p for o, p in held if o == min((o for o, _ in held if o > step), default=-1)]
                if around and min(abs(note.pitch - p) for p in around) > WIDEST:
                    wide.add(cell.bar)
        return Verdict(
            self.name, True, not wide, f"{added} added", bar_list(sorted(wide)),
            f"{added} notes were added, each within a third of one it adorns.",
            f"添加了 {added} 个装饰音，都在所饰之音三度以内。",
        )  # fmt: skip
