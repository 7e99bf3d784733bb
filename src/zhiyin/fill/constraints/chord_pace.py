"""The wish that harmony keeps its pace: chords last about as long as they did.

Conventions: lengths in steps; a chord may always fill the rest of its bar. The wish is soft: where a bar or a chord
that is due leaves no room, shorter ones stand. This module chooses no chords.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray


@dataclass(frozen=True)
class ChordPace(Unmasked):
    """From a bar on chords last at least so long, or to the end of their bar.

    least: steps; first_bar: the first bar that is asked.
    """

    least: int
    first_bar: int = 0
    name: str = "pace of chords"
    is_hard: bool = False

    def chord_lengths(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow lengths from the least on, and the rest of the bar."""
        if cell.bar < self.first_bar:
            return None
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[min(self.least, cell.length - onset) :] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Measure from each chord mark to the next one in its bar."""
        line = Timeline.of(score)
        ticks = [m.tick for m in score.chords if m.tick >= line.bar_start(self.first_bar)]
        quick = [
            a
            for a, b in itertools.pairwise(ticks)
            if line.bar_of(a) == line.bar_of(b) and b - a < self.least * TICKS_PER_STEP
        ]
        kept = len(ticks) - len(quick)
        return Verdict(
            self.name, False, not quick, f"{kept} of {len(ticks)} chords",
            bar_list(sorted({int(line.bar_of(t)) for t in quick})),
            f"{kept} of {len(ticks)} chords last as long as the piece's do, or to their bar's end.",
            f"{len(ticks)} 个和弦中有 {kept} 个与原曲和弦一样长，或持续到小节末。",
        )  # fmt: skip


def usual_length(score: Score, *, before_bar: int, bars: int = 16) -> int:
    """Return the median length in steps of the chords in the bars before one, cut at bar lines; 0 without chords."""
    line = Timeline.of(score)
    start, end = line.bar_start(max(before_bar - bars, 0)), line.bar_start(before_bar)
    ticks = sorted(
        {m.tick for m in score.chords if start <= m.tick < end}
        | {int(t) for t in line.bar_starts(before_bar)}
    )
    inside = [t for t in ticks if start <= t < end]
    if not any(start <= m.tick < end for m in score.chords):
        return 0
    lengths = np.diff([*inside, end])
    return int(np.median(lengths)) // TICKS_PER_STEP
