"""The wish for other harmony: bars get chords that they did not have.

Conventions: the chords before are (step of the score, chord) in force; a chord in another inversion is the same chord.
This module does not judge which chords are better.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import VALUES
from zhiyin.encode.grid_tokens import chord_to_value
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import ChordMark, Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.units import TICKS_PER_STEP, BoolArray

LEAST = 0.5  # share of the bars that must begin on another chord


@dataclass(frozen=True)
class OtherChords(Unmasked):
    """At least half of these bars begin on a chord that they did not begin on before.

    before: the chord marks as they were; bars: which bars are to change.
    """

    before: tuple[ChordMark, ...]
    bars: frozenset[int]
    name: str = "other chords"

    def chord_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Forbid the chord that stood at this place."""
        if cell.bar not in self.bars:
            return None
        old = _in_force(self.before, (cell.start + onset) * TICKS_PER_STEP)
        if old is None:
            return None
        mask = np.ones(VALUES, bool)
        mask[chord_to_value(old)] = False
        return mask

    def check(self, score: Score) -> Verdict:
        """Compare root and quality at the first beat of each bar."""
        line = Timeline.of(score)
        same = []
        for bar in sorted(self.bars):
            was = [m.chord for m in self.before if m.tick <= line.bar_start(bar)][-1:]
            now = [m.chord for m in score.chords if m.tick <= line.bar_start(bar)][-1:]
            names = [None if not c or c[0] is None else (c[0].root, c[0].quality) for c in (was, now)]
            if names[0] == names[1]:
                same.append(bar)
        changed = len(self.bars) - len(same)
        return Verdict(
            self.name, True, changed >= LEAST * len(self.bars), f"{changed} of {len(self.bars)} bars", bar_list(same),
            f"{changed} of {len(self.bars)} bars begin on another chord than before.",
            f"{len(self.bars)} 小节中有 {changed} 小节换了和弦。",
        )  # fmt: skip


def _in_force(marks: tuple[ChordMark, ...], tick: int) -> Chord | None:
    at = bisect_right([m.tick for m in marks], tick) - 1
    return marks[at].chord if at >= 0 else None
