"""The wish that hands can play it: what one player strikes together lies within reach.

Conventions: reach is the distance in semitones between the lowest and highest note struck at one moment.
This module does not know fingerings; held notes do not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import BoolArray

ONE_HAND = 16  # a tenth: what most hands can strike
TWO_HANDS = 40
GUITAR = 29  # open low string to the first position of the high one


@dataclass(frozen=True)
class WithinReach(Unmasked):
    """Notes struck together in a part lie within so many semitones.

    reaches: one number a part; 0 leaves a part free.
    """

    reaches: tuple[int, ...]
    name: str = "reach"

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow pitches within reach of what the part already strikes at this onset."""
        reach = self.reaches[cell.part]
        struck = [s.pitch for s in cell.sounding if s.onset == onset]
        if not reach or cell.is_drums or not struck:
            return None
        mask = np.zeros(128, bool)
        mask[max(max(struck) - reach, 0) : min(struck) + reach + 1] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Measure the widest chord struck at once in every part."""
        line = Timeline.of(score)
        wide, bars = 0, set[int]()
        for part, reach in zip(score.parts, self.reaches, strict=True):
            if part.is_drums or not reach or not len(part.notes):
                continue
            first = np.flatnonzero(np.diff(part.notes.onset, prepend=-1))
            span = np.maximum.reduceat(part.notes.pitch, first) - np.minimum.reduceat(part.notes.pitch, first)
            wide = max(wide, int(span.max()))
            bars |= {int(b) for b in np.atleast_1d(line.bar_of(part.notes.onset[first][span > reach]))}
        return Verdict(
            self.name, True, not bars, f"widest chord {wide} semitones", bar_list(sorted(bars)),
            f"The widest chord struck by one hand or player spans {wide} semitones.",
            f"单手（或单人）同时按下的最大跨度为 {wide} 个半音。",
        )  # fmt: skip
