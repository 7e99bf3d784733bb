"""The wish that a passage resembles another one: a section of the piece or a person's example.

Conventions: likeness is the mean of two shares: of onsets that both have (Jaccard), and of common onsets whose top
notes lie within two semitones after the transposition; 0 to 1. A request can also be told which bars to resemble
(`like_bars`). This module does not search for likeness: places are compared one to one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import ONLY, ONLY_AT, Claim
from zhiyin.fill.constraints.span import PITCHES, Span, all_onsets, bars_of, must_strike, step_of, verdict
from zhiyin.score import Notes, Score
from zhiyin.units import TICKS_PER_STEP, BoolArray, FloatArray, IntArray, Ticks

NEAR = 2  # semitones
NUDGE = 2.0  # nats towards what the example does


@dataclass(frozen=True)
class SimilarTo(Unmasked):
    """One part of a span resembles an example at least so much.

    start: tick at which the example is laid; example: (ticks from there, pitch) of its top notes, transposed already;
    least: 0 nothing shared to 1 the same; source: 0-based first bar of the section it comes from, -1 for none.
    """

    span: Span
    start: Ticks
    example: tuple[tuple[Ticks, int], ...]
    least: float = 0.6
    source: int = -1
    name: str = "similar"
    is_hard: bool = False

    def __post_init__(self) -> None:
        if not self.example:
            raise InvalidInput(
                "an example to resemble must hold notes, got none: name bars in which the part plays"
            )
        if not 0 < self.least <= 1:
            raise InvalidInput(f"likeness must be above 0 and at most 1, got {self.least:g}: write e.g. 0.6")

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        en, zh = (
            ("an example", "示例")
            if self.source < 0
            else (f"bar {self.source + 1} on", f"第{self.source + 1}小节起")
        )
        return f"likeness {self.least:g} to {en}", f"与{zh}相似 {self.least:g}"

    def _steps(self, cell: CellState) -> dict[int, int]:
        found = {step_of(cell, self.start + tick): pitch for tick, pitch in self.example}
        return {step: pitch for step, pitch in found.items() if 0 <= step < cell.length}

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Where the wish is hard, strike where the example does."""
        if not self.is_hard or not self.span.has(cell):
            return None
        steps, mask = self._steps(cell), all_onsets()
        if not steps:
            return None  # the example rests here: whether this bar does is for others to say
        mask[:END] = False
        mask[list(steps)] = True
        rung = max(
            (note.end for note in cell.sounding if note.onset < 0), default=0
        )  # kept notes ring on so far
        owed = must_strike(cell, [(step, step + 1) for step in sorted(steps) if step >= rung])
        return mask if owed is None else mask & owed

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Where the wish is hard, keep near the example's notes."""
        pitch = self._steps(cell).get(onset) if self.is_hard and self.span.has(cell) else None
        if pitch is None or cell.is_drums:
            return None
        near: BoolArray = np.abs(PITCHES - pitch) <= NEAR
        if onset == 0 and cell.line and near.sum() > 1:
            near[cell.line[-1][1]] = False  # it might be tied over instead of struck
        return near

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Where the wish is hard, let notes end by the example's next onset."""
        if not self.is_hard or not self.span.has(cell):
            return None
        following = min((step for step in self._steps(cell) if step > onset), default=cell.length)
        mask = np.zeros(END + 1, bool)
        mask[1 : following - onset + 1] = True
        return mask

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Lean towards the example's onsets."""
        if not self.span.has(cell):
            return None
        bias = np.zeros(END + 1)
        bias[list(self._steps(cell))] = NUDGE
        return bias

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Lean towards the example's pitch where it strikes too."""
        pitch = self._steps(cell).get(onset) if self.span.has(cell) else None
        if pitch is None:
            return None
        bias = np.zeros(128)
        bias[pitch] = NUDGE
        return bias

    def check(self, score: Score) -> Verdict:
        """Measure the likeness of each part of the span."""
        shares = [self.measured(notes) for _, notes in self.span.notes(score)]
        lowest = min(shares, default=0.0)
        said = f"likeness {lowest:.2f}"
        return verdict(
            self, score, bars_of(score, np.array([self.start])), found=(said, said, f"相似度 {lowest:.2f}"),
            kept=lowest >= self.least - 1e-9,
        )  # fmt: skip

    def measured(self, notes: Notes) -> float:
        """Return the likeness of notes of the span to the example."""
        top: dict[int, int] = {}
        for note in notes:
            top[note.onset - self.start] = max(note.pitch, top.get(note.onset - self.start, 0))
        theirs = dict(self.example)
        common = sorted(set(top) & set(theirs))
        every = set(top) | set(theirs)
        near = sum(abs(top[tick] - theirs[tick]) <= NEAR for tick in common)
        return (len(common) / len(every) + (near / len(common) if common else 0.0)) / 2

    def like_bars(self, bars: int) -> IntArray:
        """Return (bars,) for `Request.like`: the bar each bar of the span is to resemble, -1 elsewhere."""
        like = np.full(bars, -1, np.int64)
        last = self.span.last_bar if self.span.last_bar >= 0 else bars - 1
        if self.source >= 0:
            for bar in range(self.span.first_bar, min(last, bars - 1) + 1):
                earlier = self.source + bar - self.span.first_bar
                like[bar] = earlier if earlier < bar else -1
        return like

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return for a hard wish its onsets and the pitches near them."""
        if not self.is_hard:
            return ()
        parts = frozenset(self.span.parts_in(score))
        found = [
            Claim(
                ONLY_AT,
                parts,
                *self.span.edges(score),
                ticks=frozenset(self.start + t for t, _ in self.example),
            )
        ]
        for tick, pitch in self.example:
            near = frozenset(range(max(pitch - NEAR, 0), min(pitch + NEAR, 127) + 1))
            found.append(Claim(ONLY, parts, self.start + tick, self.start + tick + 1, pitches=near))
        return tuple(found)


def example_of(notes: Notes, start: Ticks, *, shift: int = 0) -> tuple[tuple[Ticks, int], ...]:
    """Return the top notes of a passage as (ticks from `start`, pitch moved by `shift` semitones), on the grid."""
    top: dict[int, int] = {}
    for note in notes:
        tick = round((note.onset - start) / TICKS_PER_STEP) * TICKS_PER_STEP
        top[tick] = max(note.pitch + shift, top.get(tick, 0))
    return tuple(sorted((tick, pitch) for tick, pitch in top.items() if 0 <= pitch <= 127))
