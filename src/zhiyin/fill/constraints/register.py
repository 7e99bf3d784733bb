"""The wish that a part stays where the plan put it: within reach of a middle pitch, bar by bar.

Conventions: the middle is a MIDI pitch, nan where the plan leaves it open; the wish is soft, so its check reports
and never refuses. This module does not know instruments' ranges: see `InRange`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import BoolArray

# Semitones to each side: 19 of 20 notes of people's tunes lie within 16 of the mean of the piece, and 19 of 20 of
# their accompaniments within 14 of the mean of the bar (romantic piano, songs, dances, quartets, folk, pop; valid).
WIDTH, BACKING_WIDTH = 16, 14


@dataclass(frozen=True)
class NearRegister(Unmasked):
    """Notes lie near the middle that the plan gives their part and bar.

    middle: (bars, parts) MIDI pitch, nan or 0 where open; widths: semitones to each side, one a part.
    """

    middle: NDArray[np.float64] = field(repr=False)
    widths: tuple[int, ...]
    name: str = "register"
    is_hard: bool = False

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow pitches near the middle."""
        if cell.is_drums or cell.bar >= len(self.middle):
            return None
        middle = float(self.middle[cell.bar, cell.part])
        if not middle > 0:
            return None
        near: BoolArray = np.abs(np.arange(128) - middle) <= self.widths[cell.part]
        return near

    def check(self, score: Score) -> Verdict:
        """Count notes further from the middle of their bar than the width."""
        line = Timeline.of(score)
        total, far, bars = 0, 0, set[int]()
        for index, part in enumerate(score.parts):
            if part.is_drums or not len(part.notes):
                continue
            bar = np.minimum(line.bar_of(part.notes.onset), len(self.middle) - 1)
            middle = self.middle[bar, index]
            wrong = (middle > 0) & (np.abs(part.notes.pitch - np.nan_to_num(middle)) > self.widths[index])
            total, far = total + len(part.notes), far + int(wrong.sum())
            bars |= set(bar[wrong].tolist())
        return Verdict(
            self.name, False, far == 0, f"{total - far} of {total} notes", bar_list(sorted(bars)),
            f"{total - far} of {total} notes lie in the planned register.",
            f"{total} 个音中有 {total - far} 个在规划的音区之内。",
        )  # fmt: skip
