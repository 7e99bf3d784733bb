"""What a report says of bars between pieces: how near to each they came, and what was read onto sixteenths.

Conventions: nothing here is a wish that could be broken; verdicts tell what was measured on the finished score.
This module writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.bar_steps import Bars
from zhiyin.fill.constraints.base import Unmasked, Verdict
from zhiyin.fill.latent.path import unlike
from zhiyin.fill.latent.reading import read_part
from zhiyin.score import Score


@dataclass(frozen=True, eq=False)
class Between(Unmasked):
    """Tells how far the new bars of each part lie from those of every piece.

    sides: {part: bars of every piece, at the first one's pitch}; first: 0-based bar where they stand; weights: one a
    piece; shifts: semitones that each of the others was moved by.
    """

    sides: Mapping[int, tuple[Bars, ...]]
    first: int
    weights: tuple[float, ...]
    shifts: tuple[int, ...]
    name: str = "between"
    is_hard: bool = False

    def check(self, score: Score) -> Verdict:
        """Measure the share of sixteenths in which the new bars differ from each piece's."""
        words = []
        for part, sides in self.sides.items():
            bars = range(self.first, self.first + len(sides[0]))
            now = read_part(score, part, bars=bars, sharps=0).bars
            far = [float(np.mean(unlike(now, side))) for side in sides]
            words.append(f"{score.parts[part].name}: {', '.join(f'{100 * one:.0f}%' for one in far)}")
        measured = "; ".join(words)
        shown = " : ".join(f"{w:g}" for w in self.weights)
        moved = ", ".join(f"{s:+d}" for s in self.shifts)
        return Verdict(
            self.name, False, True, measured, "",
            f"Weights {shown}; the other pieces were moved by {moved} semitones; sixteenths that differ from each "
            f"piece: {measured}.",
            f"权重 {shown}；其他曲移 {moved} 个半音；与各曲不同的十六分位：{measured}。",
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class ReadOnSixteenths(Unmasked):
    """Tells how many attacks were read at the nearest sixteenth, because the family knows no others."""

    moved: int
    name: str = "read-on-sixteenths"
    is_hard: bool = False

    def check(self, score: Score) -> Verdict:
        """Tell the number that came in."""
        return Verdict(
            self.name, False, self.moved == 0, f"{self.moved} attacks", "",
            f"{self.moved} attacks of the pieces stood between sixteenths and were read at the nearest one.",
            f"原曲有 {self.moved} 个起音不在十六分位上，按最近的位置读入。",
        )  # fmt: skip
