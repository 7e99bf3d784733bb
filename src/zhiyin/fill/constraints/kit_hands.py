"""The wish that one drummer can play it: two hands, two feet, a groove of few sounds, colours where fills stand.

Conventions: bass drums (35, 36) and the pedalled hat (44) belong to the feet, all other keys to the hands; crashes,
splashes and toms are colours. Drum parts only. This module does not know which groove a style plays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import BoolArray

FEET = frozenset({35, 36, 44})
CRASHES = frozenset({49, 52, 55, 57})
COLOURS = CRASHES | {41, 43, 45, 47, 48, 50}
HANDS = 2


@dataclass(frozen=True)
class KitHands(Unmasked):
    """At most two sounds of the hands at once, in the parts told; colours only in bars of fills.

    parts: indices of drum parts; fills: bars in which toms and crashes may sound; a crash may also open bar `first`.
    """

    parts: frozenset[int]
    fills: frozenset[int]
    first: int = 0
    name: str = "two hands"

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow feet when both hands are busy, and colours in their bars."""
        if cell.part not in self.parts:
            return None
        mask = np.ones(128, bool)
        if cell.bar not in self.fills:
            mask[sorted(COLOURS)] = False
            if cell.bar == self.first and onset == 0:
                mask[49] = True
        busy = [s.pitch for s in cell.sounding if s.onset == onset and s.pitch not in FEET]
        if len(busy) >= HANDS:
            mask[:] = False
            mask[sorted(FEET)] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Count strikes of hands at each tick."""
        line, broken, most = Timeline.of(score), set[int](), 0
        for index in self.parts:
            notes = score.parts[index].notes
            hands = notes.take(~np.isin(notes.pitch, sorted(FEET)))
            ticks, counts = np.unique(hands.onset, return_counts=True)
            most = max(most, int(counts.max(initial=0)))
            broken |= {int(line.bar_of(int(t))) for t in ticks[counts > HANDS]}
        return Verdict(
            self.name, True, not broken, f"at most {most} at once", bar_list(sorted(broken)),
            f"Hands strike at most {most} things at once, two can.", f"双手同时最多敲 {most} 件，可敲两件。",
        )  # fmt: skip
