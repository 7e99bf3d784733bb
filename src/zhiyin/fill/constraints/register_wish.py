"""The wish that parts of a span stay between two pitches.

Conventions: MIDI pitches, both ends allowed; drums are left alone. What a plan wants of registers is
`zhiyin.fill.constraints.register`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import ONLY, Claim
from zhiyin.fill.constraints.span import PITCHES, Span, bars_of, verdict
from zhiyin.score import Score
from zhiyin.theory.pitch import pitch_name
from zhiyin.units import BoolArray


@dataclass(frozen=True)
class RegisterWish(Unmasked):
    """Every pitched note struck in the span lies from low to high."""

    span: Span
    low: int
    high: int
    name: str = "pitch range"
    is_hard: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 127:
            raise InvalidInput(
                f"a range must run from a low to a high pitch in MIDI 0..127, got {self.low}..{self.high}"
            )

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        place = f"{pitch_name(self.low)}-{pitch_name(self.high)}"
        return f"range {place}", f"音区 {place}"

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow pitches from low to high."""
        if cell.is_drums or not self.span.has(cell):
            return None
        mask: BoolArray = (self.low <= PITCHES) & (self.high >= PITCHES)
        return mask

    def check(self, score: Score) -> Verdict:
        """Compare the lowest and highest notes."""
        wrong, pitches = list[int](), list[int]()
        for _, notes in self.span.notes(score, drums=False):
            pitches += notes.pitch.tolist()
            wrong += [n.onset for n in notes if n.pitch < self.low or n.pitch > self.high]
        said = f"{pitch_name(min(pitches))}-{pitch_name(max(pitches))}" if pitches else "no notes"
        return verdict(
            self, score, bars_of(score, np.array(wrong, np.int64)),
            found=(said, f"notes lie in {said}" if pitches else said, f"实际音域 {said}" if pitches else "没有音"),
        )  # fmt: skip

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return the pitches allowed."""
        parts = frozenset(self.span.parts_in(score, drums=False))
        return (
            Claim(ONLY, parts, *self.span.edges(score), pitches=frozenset(range(self.low, self.high + 1))),
        )
