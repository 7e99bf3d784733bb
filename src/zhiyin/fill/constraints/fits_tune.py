"""The wish that chords fit a tune that stands: where a chord begins, the tune's note belongs to it.

Conventions: only notes struck where a chord begins are asked; what passes between is the tune's affair. Soft.
This module does not choose among fitting chords.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import NO_CHORD, PITCHES, VALUES
from zhiyin.encode.grid_tokens import value_to_chord
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import BoolArray


@dataclass(frozen=True)
class FitsTune(Unmasked):
    """Chords hold the note that a part strikes as they begin.

    part: index of the tune; first_bar: the first bar that is asked.
    """

    part: int
    first_bar: int = 0
    name: str = "chords fit the tune"
    is_hard: bool = False

    def chord_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow chords that hold what the tune strikes there."""
        struck = [pitch for step, pitch in cell.line_of(self.part) if step == cell.start + onset]
        if not struck or cell.bar < self.first_bar:
            return None
        mask = np.zeros(VALUES, bool)
        for value in range(PITCHES, NO_CHORD):
            chord = value_to_chord(value)
            mask[value] = chord is not None and struck[-1] % 12 in chord.pitch_classes
        return mask

    def check(self, score: Score) -> Verdict:
        """Compare each chord mark with the highest note that the tune strikes at its tick."""
        line = Timeline.of(score)
        start = line.bar_start(self.first_bar)
        top: dict[int, int] = {}
        for note in score.parts[self.part].notes:
            top[note.onset] = max(note.pitch, top.get(note.onset, 0))
        asked = [m for m in score.chords if m.tick >= start and m.tick in top and m.chord is not None]
        wrong = [m for m in asked if m.chord and top[m.tick] % 12 not in m.chord.pitch_classes]
        kept = len(asked) - len(wrong)
        return Verdict(
            self.name, False, not wrong, f"{kept} of {len(asked)} chords",
            bar_list(sorted({int(line.bar_of(m.tick)) for m in wrong})),
            f"{kept} of {len(asked)} chords hold the tune's note as they begin.",
            f"{len(asked)} 个和弦中有 {kept} 个在开始处含有旋律音。",
        )  # fmt: skip
