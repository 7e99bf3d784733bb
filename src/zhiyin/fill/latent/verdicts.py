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
from zhiyin.score import Score, Timeline

ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Between(Unmasked):
    """Tells how far the new bars of each part lie from those of every piece.

    sides: {part: bars of every piece, at the first one's pitch}; first: 0-based bar where they stand; weights: one a
    piece; shifts: semitones that each of the others was moved by; asked: the weights as they were typed, none when
    they were left out.
    """

    sides: Mapping[int, tuple[Bars, ...]]
    first: int
    weights: tuple[float, ...]
    shifts: tuple[int, ...]
    asked: tuple[float, ...] = ()
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
        taken_en, taken_zh = f"Weights {shown}", f"权重 {shown}"
        if self.asked and abs(sum(self.asked) - 1.0) > ROUNDING:
            typed = " : ".join(f"{w:g}" for w in self.asked)
            taken_en = f"Weights {typed} do not add up to 1 and were taken as shares {shown}"
            taken_zh = f"权重 {typed} 之和不是 1，按比例 {shown} 计"
        return Verdict(
            self.name, False, True, measured, "",
            f"{taken_en}; the other pieces were moved by {moved} semitones; sixteenths that differ from each "
            f"piece: {measured}.",
            f"{taken_zh}；其他曲移 {moved} 个半音；与各曲不同的十六分位：{measured}。",
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class ReadOnSixteenths(Unmasked):
    """Tells how many attacks were read at the nearest sixteenth, how many notes left out: it knows no others.

    moved: attacks that stood between sixteenths; dropped: notes struck together with the one of their line.
    """

    moved: int
    dropped: int = 0
    name: str = "read-on-sixteenths"
    is_hard: bool = False

    def check(self, score: Score) -> Verdict:
        """Tell the number that came in."""
        return Verdict(
            self.name, False, self.moved == 0 and self.dropped == 0,
            f"{self.moved} attacks" + (f", {self.dropped} notes left out" if self.dropped else ""), "",
            f"{self.moved} attacks of the pieces stood between sixteenths and were read at the nearest one"
            + (f"; {self.dropped} notes under the line of their part were left out." if self.dropped else "."),
            f"原曲有 {self.moved} 个起音不在十六分位上，按最近的位置读入"
            + (f"；另有 {self.dropped} 个与旋律线同时的音未读入。" if self.dropped else "。"),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class WhoWrote(Unmasked):
    """Tells which parts lie between the pieces and which were written anew to them, and by whom.

    blended: {part: role}; anew: parts; span: bars from 0.
    """

    blended: Mapping[int, str]
    anew: tuple[int, ...]
    span: range
    name: str = "who wrote"
    is_hard: bool = False

    def check(self, score: Score) -> Verdict:
        """Name the parts from 1 and the writers of the notes in the span."""
        mixed = ", ".join(f"{part + 1} ({role})" for part, role in self.blended.items())
        others = ", ".join(str(part + 1) for part in self.anew)
        by = " + ".join(self._writers(score)) or "-"
        tail = ("; no part was written anew.", "；没有另写的声部。")
        if self.anew:
            tail = (
                f"; written anew to them by {by}: part {others}.",
                f"；由 {by} 配合新写：第 {others} 声部。",
            )
        return Verdict(
            self.name, False, True, f"between the pieces: {mixed}; anew: {others or 'none'}", "",
            f"Between the pieces lies part {mixed}{tail[0]}", f"介于各曲之间的是第 {mixed} 声部{tail[1]}",
        )  # fmt: skip

    def _writers(self, score: Score) -> list[str]:
        line, found = Timeline.of(score), set[int]()
        start, end = line.bar_start(self.span.start), line.bar_start(self.span.stop)
        for part in self.anew:
            origin = score.parts[part].notes.between(start, end).origin
            found |= set() if origin is None else set(origin.tolist())
        names = [score.provenance[i] for i in sorted(found) if 0 <= i < len(score.provenance)]
        return list(dict.fromkeys(one.name for one in names if one.kind == "model"))
