"""The wish that a passage stays in a scale or mode.

Conventions: pitched parts only; a note counts where it is struck. This module does not read words: see
`zhiyin.theory.scale_words`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import ONLY, Claim, pitches_of
from zhiyin.fill.constraints.span import Span, bars_of, classes_mask, verdict
from zhiyin.score import Score
from zhiyin.theory.scale import Scale
from zhiyin.units import BoolArray


@dataclass(frozen=True)
class InScale(Unmasked):
    """Every pitched note of the span belongs to the scale."""

    span: Span
    scale: Scale
    name: str = "scale"
    is_hard: bool = True

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        return f"scale {self.scale.name}", f"音阶 {self.scale.name}"

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the notes of the scale."""
        if cell.is_drums or not self.span.has(cell):
            return None
        return classes_mask(self.scale.pitch_classes)

    def check(self, score: Score) -> Verdict:
        """Count the notes whose pitch class is none of the scale's."""
        total, wrong = 0, list[int]()
        tones = {(self.scale.tonic + step) % 12 for step in self.scale.steps}
        for _, notes in self.span.notes(score, drums=False):
            total += len(notes)
            wrong += [note.onset for note in notes if note.pitch % 12 not in tones]
        share = f"{total - len(wrong)} of {total} notes"
        return verdict(
            self, score, bars_of(score, np.array(wrong, np.int64)),
            found=(share, f"{share} belong to it", f"{total} 个音中有 {total - len(wrong)} 个属于该音阶"),
        )  # fmt: skip

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return that only its notes are struck."""
        start, end = self.span.edges(score)
        parts = frozenset(self.span.parts_in(score, drums=False))
        return (Claim(ONLY, parts, start, end, pitches=pitches_of(self.scale.pitch_classes)),)
