"""The wish that a tune goes where its words' tones go: up into a higher onset, down into a lower one.

Conventions: steps count from the start of the score; a move is 1 up, -1 down, 0 free, into the note that begins there.
This module knows no words: see `zhiyin.apps.melodise_words`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, FloatArray

AGAINST, STILL = -5.0, -1.5  # nats for a move against the tone, and for none
FAR = 7  # semitones; wider moves are hard to sing on neighbouring syllables
FAR_COST = 0.5  # nats a semitone beyond
_PITCHES = np.arange(128)


@dataclass(frozen=True)
class SungMotion(Unmasked):
    """One part moves into each of its notes as the words there want.

    part: its index; moves: step of the score -> 1 or -1.
    """

    part: int
    moves: Mapping[int, int]
    name: str = "sung tones"
    is_hard: bool = False

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Lean to pitches on the wanted side of the note before, and away from wide leaps."""
        before = cell.struck_before(onset)
        if cell.part != self.part or before is None:
            return None
        step = _PITCHES - before[1]
        bias: FloatArray = -FAR_COST * np.maximum(np.abs(step) - FAR, 0).astype(np.float64)
        wanted = self.moves.get(cell.start + onset, 0)
        if wanted:
            bias += np.where(step * wanted < 0, AGAINST, np.where(step == 0, STILL, 0.0))
        return bias

    def check(self, score: Score) -> Verdict:
        """Count the moves of the part's highest notes that go where they should, of those that go anywhere."""
        notes = score.parts[self.part].notes
        line = Timeline.of(score)
        tops = {int(onset): int(pitch) for onset, pitch in zip(notes.onset, notes.pitch, strict=True)}
        places = sorted(tops)
        good, wrong = 0, []
        for left, right in itertools.pairwise(places):
            wanted = self.moves.get(right // TICKS_PER_STEP, 0)
            moved = tops[right] - tops[left]
            good += wanted * moved > 0
            if wanted * moved < 0:
                wrong.append(int(line.bar_of(right)))
        of = good + len(wrong)
        return Verdict(
            self.name, False, not wrong, f"{good} of {of}", bar_list(sorted(set(wrong))),
            f"{good} of {of} moves of the tune go with the tones of the words.",
            f"旋律 {of} 处升降中有 {good} 处与字调相合。",
        )  # fmt: skip
