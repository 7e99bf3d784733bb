"""The wish that tension follows a curve, bar by bar: higher, denser and rougher where it is to rise.

Conventions: the tension of a bar is the mean of three measures, each scaled to 0..1 over the bars of the span: mean
pitch, strikes a quarter, and roughness (share of pairs sounding together that are seconds, sevenths or tritones). The
wish is soft by nature: the correlation with the curve is reported. This module does not know loudness.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.span import PITCHES, Span, verdict
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, FloatArray

ROUGH = (1, 2, 6, 10, 11)  # semitones, octaves aside
LEAST = 0.5  # correlation with the curve that counts as kept
HIGHER, DENSER = (
    2.0,
    2.0,
)  # nats from the calmest to the most tense bar: per octave, and for going on with the bar


@dataclass(frozen=True)
class TensionCurve(Unmasked):
    """The bars of the span grow and ease in tension as told.

    bars: how many bars the curve lies over; levels: 0 calm to 1 tense, joined by straight lines.
    """

    span: Span
    bars: int
    levels: tuple[float, ...]
    name: str = "tension"
    is_hard: bool = False

    def __post_init__(self) -> None:
        if len(self.levels) < 2 or any(not 0 <= level <= 1 for level in self.levels):
            raise InvalidInput(
                f"a tension curve must have two or more levels from 0 to 1, got {self.levels!r}"
            )

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        row = " ".join(f"{level:g}" for level in self.levels)
        return f"tension {row}", f"紧张度 {row}"

    def wanted(self) -> FloatArray:
        """Return the level of each bar."""
        places = np.linspace(0, len(self.levels) - 1, max(self.bars, 1))
        return np.asarray(np.interp(places, np.arange(len(self.levels)), self.levels), np.float64)

    def _level(self, cell: CellState) -> float | None:
        at = cell.bar - self.span.first_bar
        return float(self.wanted()[at]) - 0.5 if self.span.has(cell) and at < self.bars else None

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Make a tense bar go on and a calm one end."""
        level = self._level(cell)
        if level is None:
            return None
        bias = np.zeros(END + 1)
        bias[END] = -DENSER * level
        return bias

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Lean towards high pitches in a tense bar and low ones in a calm one."""
        level = self._level(cell)
        if level is None or cell.is_drums:
            return None
        middle = (cell.instrument.low + cell.instrument.high) / 2
        bias: FloatArray = np.clip((PITCHES - middle) / 12, -2, 2) * HIGHER * level
        return bias

    def check(self, score: Score) -> Verdict:
        """Measure each bar's tension and correlate it with the curve."""
        found, wanted = self.measured(score), self.wanted()
        flat = found.std() < 1e-9 or wanted.std() < 1e-9
        likeness = 0.0 if flat else float(np.corrcoef(found, wanted)[0, 1])
        far = set((np.argsort(np.abs(found - wanted))[-2:] + self.span.first_bar).tolist())
        row = " ".join(f"{value:.2f}" for value in found)
        said = f"correlation {likeness:.2f}"
        told = (said, f"{said} with bars of tension {row}", f"各小节紧张度 {row}，相关 {likeness:.2f}")
        return verdict(self, score, far, found=told, kept=likeness >= LEAST)

    def measured(self, score: Score) -> FloatArray:
        """Return (bars,) the tension of each bar, 0 to 1."""
        line = Timeline.of(score)
        edges = line.bar_starts(self.span.first_bar + self.bars)[self.span.first_bar :]
        rows = np.array([
            _bar_measures(score, self.span.parts_in(score), int(a), int(b)) for a, b in itertools.pairwise(edges)
        ])  # fmt: skip
        low, high = np.nanmin(rows, axis=0), np.nanmax(rows, axis=0)
        scaled = (np.nan_to_num(rows, nan=0.0) - low) / np.where(high > low, high - low, 1.0)
        return np.asarray(np.clip(scaled, 0, 1).mean(axis=1), np.float64)


def _bar_measures(score: Score, parts: list[int], start: int, end: int) -> tuple[float, float, float]:
    """Return (mean pitch, strikes a quarter, roughness) of a bar; a bar without pitches counts as lowest."""
    pitches, strikes, rough, pairs = list[int](), 0, 0, 0
    for index in parts:
        notes = score.parts[index].notes.between(start, end)
        strikes += len(set(notes.onset.tolist()))
        if not score.parts[index].is_drums:
            pitches += notes.pitch.tolist()
    pitched = [score.parts[i].notes for i in parts if not score.parts[i].is_drums]
    for tick in sorted({t for notes in pitched for t in notes.between(start, end).onset.tolist()}):
        sounding = [p for n in pitched for p in n.pitch[(n.onset <= tick) & (n.offset > tick)].tolist()]
        for place, one in enumerate(sounding):
            for other in sounding[place + 1 :]:
                pairs += 1
                rough += abs(one - other) % 12 in ROUGH
    quarters = max((end - start) / TICKS_PER_QUARTER, 1e-9)
    return (float(np.mean(pitches)) if pitches else 0.0), strikes / quarters, rough / pairs if pairs else 0.0
