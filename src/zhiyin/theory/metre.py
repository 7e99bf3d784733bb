"""Metres: how a bar splits into beats and which beats are strong.

Conventions: lengths are ticks (10,080 a quarter); 6/8, 9/8, 12/8 beat in dotted quarters.
This module does not know where bars lie in a piece: see `zhiyin.score.timeline`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiyin.errors import InvalidInput
from zhiyin.units import TICKS_PER_QUARTER, Ticks


@dataclass(frozen=True, slots=True)
class Metre:
    """A time signature.

    >>> Metre(6, 8).beat_ticks, Metre.parse("3/4").bar_ticks
    (15120, 30240)
    """

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= 256:
            raise InvalidInput(f"metre numerator must be 1..256, got {self.numerator}: write e.g. 3/4")
        if self.denominator not in (1, 2, 4, 8, 16, 32, 64, 128):
            raise InvalidInput(f"metre denominator must be a power of two up to 128, got {self.denominator}")

    @classmethod
    def parse(cls, text: str) -> Metre:
        """Return the metre of a text such as `3/4`, `6/8`, `C`, `C|`."""
        text = {"C": "4/4", "C|": "2/2", "c": "4/4"}.get(text.strip(), text.strip())
        match = re.fullmatch(r"(\d{1,3})\s*/\s*(\d{1,3})", text)
        if not match:
            raise InvalidInput(f"metre must look like 3/4, got {text!r}")
        return cls(int(match.group(1)), int(match.group(2)))

    @property
    def bar_ticks(self) -> Ticks:
        """Return the length of a bar in ticks."""
        return self.numerator * TICKS_PER_QUARTER * 4 // self.denominator

    @property
    def is_compound(self) -> bool:
        """Return whether beats split in three (6/8, 9/8, 12/8, 6/4 ...)."""
        return self.numerator in (6, 9, 12, 15, 18) and self.denominator >= 4 and self != Metre(6, 4)

    @property
    def beat_ticks(self) -> Ticks:
        """Return the length of the felt beat in ticks."""
        unit = TICKS_PER_QUARTER * 4 // self.denominator
        return 3 * unit if self.is_compound else unit

    @property
    def beats(self) -> int:
        """Return the number of felt beats in a bar (2 for 6/8)."""
        return self.bar_ticks // self.beat_ticks

    def strong_ticks(self) -> tuple[Ticks, ...]:
        """Return the onsets in the bar that carry weight: the downbeat, and mid-bar for an even number of beats.

        >>> Metre(4, 4).strong_ticks(), Metre(3, 4).strong_ticks()
        ((0, 20160), (0,))
        """
        if self.beats >= 4 and self.beats % 2 == 0:
            return tuple(range(0, self.bar_ticks, 2 * self.beat_ticks))
        return (0,)

    def weight(self, offset_ticks: Ticks) -> float:
        """Return the metrical weight of a place in the bar: 1 downbeat, then 0.75, 0.5, 0.25, 0.1."""
        if offset_ticks == 0:
            return 1.0
        if offset_ticks in self.strong_ticks():
            return 0.75
        if offset_ticks % self.beat_ticks == 0:
            return 0.5
        half = self.beat_ticks // (3 if self.is_compound else 2)
        return 0.25 if offset_ticks % half == 0 else 0.1

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"
