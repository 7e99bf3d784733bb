"""The wish for voices that sing on: a note lasts until the next one, but for breaths where phrases end.

Conventions: a gap is a stretch of a bar in which a voice sounds nothing. The wish is soft: where a voice finds no note
to go on with, it rests. The check counts beats in which nothing sounds at any time.
This module does not know where phrases end: it is told the bars.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Part, Score, Timeline
from zhiyin.units import BoolArray

MOST = 0.02  # share of silent beats that still counts as kept


@dataclass(frozen=True)
class NoGaps(Unmasked):
    """These parts sound in every beat; in bars that end something they may breathe in the second half.

    parts: indices; breaths: bars.
    """

    parts: tuple[int, ...]
    breaths: frozenset[int] = frozenset()
    name: str = "no gaps"
    is_hard: bool = False

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Let nothing begin after what sounds has ended, nor the bar end there; None where all sounds to its end."""
        if cell.part not in self.parts:
            return None
        until = max((note.end for note in cell.sounding), default=0)
        may_breathe = cell.bar in self.breaths and 2 * until >= cell.length
        if until >= cell.length or may_breathe:
            return None
        mask = np.ones(END + 1, bool)
        mask[max(until, 0) + 1 :] = False
        return mask

    def check(self, score: Score) -> Verdict:
        """Count the beats in which a part sounds nothing, second halves of breathing bars left out."""
        line = Timeline.of(score)
        silent, total, bars = 0, 0, set[int]()
        for bar in range(line.bar_count(score.end)):
            start, end = line.bar_start(bar), min(line.bar_start(bar + 1), score.end)
            if bar in self.breaths:
                end = start + (end - start) // 2
            beat = line.metre_at(start).beat_ticks
            for part in (score.parts[index] for index in self.parts):
                empty = [
                    tick for tick in range(start, end, beat) if not _sounds(part, tick, min(tick + beat, end))
                ]
                silent, total = silent + len(empty), total + len(range(start, end, beat))
                bars |= {bar} if empty else set()
        is_kept = silent <= MOST * total
        where = "" if is_kept else bar_list(sorted(bars))
        return Verdict(
            self.name, False, is_kept, f"{silent} of {total} beats silent", where,
            f"Voices are silent in {silent} of their {total} beats, breaths where phrases end left out.",
            f"除乐句末的换气外，各声部共 {total} 拍中有 {silent} 拍无声。",
        )  # fmt: skip


def _sounds(part: Part, start: int, end: int) -> bool:
    notes = part.notes
    return bool(((notes.onset < end) & (notes.offset > start)).any())
