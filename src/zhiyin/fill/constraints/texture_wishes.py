"""Wishes for texture on a span: how many notes a beat, how many at once, how long at most.

Conventions: strikes are distinct onsets of a part, notes tied over do not count; lengths in ticks. The wishes of a
plan for whole parts are `zhiyin.fill.constraints.texture`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import COUNT, LONGEST, VOICES, Claim
from zhiyin.fill.constraints.span import Span, all_onsets, bars_of, last_placed, struck, verdict
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP, BoolArray, Ticks


@dataclass(frozen=True)
class DensityWish(Unmasked):
    """Each part strikes low to high times a quarter in every bar of the span, rounded outwards to whole strikes."""

    span: Span
    low: float
    high: float
    name: str = "attacks"
    is_hard: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 24:
            raise InvalidInput(
                f"density must be 0..24 notes a quarter, low to high, got {self.low:g}-{self.high:g}"
            )

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        return f"{self.low:g}-{self.high:g} notes a quarter", f"每拍 {self.low:g}-{self.high:g} 个音"

    def _bounds(self, quarters: float) -> tuple[int, int]:
        return math.floor(self.low * quarters + 1e-9), math.ceil(self.high * quarters - 1e-9)

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid END below the band, new onsets above it, and onsets too late to reach it."""
        if not self.span.has(cell):
            return None
        low, high = self._bounds(cell.length * TICKS_PER_STEP / TICKS_PER_QUARTER)
        count, mask, last = len(struck(cell)), all_onsets(), last_placed(cell)
        if count < low:
            gap = max(cell.length // (low + 1), 1)
            mask[max(cell.length - (low - count - 1) * gap, last + 2) :] = False
        if count >= high:
            mask[:END] = False
            mask[last if last >= 0 and high else END] = True
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Keep notes short enough that strikes still owed fit behind them."""
        if not self.span.has(cell):
            return None
        low, _ = self._bounds(cell.length * TICKS_PER_STEP / TICKS_PER_QUARTER)
        owed = low - len(struck(cell)) - 1
        if owed <= 0:
            return None
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[1 : max((cell.length - onset) // (owed + 1), 1) + 1] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Count distinct onsets of each part in each bar."""
        line, wrong, strikes, beats = Timeline.of(score), set[int](), 0, 0.0
        for bar in self.span.bars(score):
            start, end = line.bar_start(bar), line.bar_start(bar + 1)
            quarters = (end - start) / TICKS_PER_QUARTER
            low, high = self._bounds(quarters)
            for part in self.span.parts_in(score):
                count = len(set(score.parts[part].notes.between(start, end).onset.tolist()))
                strikes, beats = strikes + count, beats + quarters
                if not low <= count <= high:
                    wrong.add(bar)
        found = strikes / beats if beats else 0.0
        said = f"{found:.2f} notes a quarter"
        return verdict(self, score, wrong, found=(said, f"{said} on the mean", f"平均每拍 {found:.2f} 个音"))

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return the bounds of each bar."""
        line, parts = Timeline.of(score), frozenset(self.span.parts_in(score))
        found = []
        for bar in self.span.bars(score):
            start, end = line.bar_start(bar), line.bar_start(bar + 1)
            low, high = self._bounds((end - start) / TICKS_PER_QUARTER)
            found.append(Claim(COUNT, parts, start, end, low=low, high=high))
        return tuple(found)


@dataclass(frozen=True)
class PolyphonyWish(Unmasked):
    """Whenever a part of the span strikes, least to most of its notes sound."""

    span: Span
    most: int
    least: int = 1
    name: str = "voices"
    is_hard: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most <= 16:
            raise InvalidInput(f"polyphony must be 1..16 notes, least to most, got {self.least}-{self.most}")

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        span = f"{self.most}" if self.least == 1 else f"{self.least}-{self.most}"
        return (
            f"at most {span} notes at once" if self.least == 1 else f"{span} notes at once",
            f"同时 {span} 个音",
        )

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid onsets at which the most sounds already; stay where fewer than the least sound."""
        if cell.is_drums or not self.span.has(cell):
            return None
        count = np.zeros(MAX_COLUMN_STEPS + 1, np.int64)
        for note in cell.sounding:
            count[max(note.onset, 0) : min(max(note.end, 0), MAX_COLUMN_STEPS)] += 1
        count[END] = 0
        mask: BoolArray = count < self.most
        last = last_placed(cell)
        if last >= 0 and count[last] < self.least:
            mask[:] = False
            mask[last] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Count what sounds in each part at each of its strikes, notes held from before included."""
        wrong, most, least = list[int](), 0, 128
        start, end = self.span.edges(score)
        for part in self.span.parts_in(score, drums=False):
            notes = score.parts[part].notes
            for tick in sorted(set(notes.between(start, end).onset.tolist())):
                sounding = int(((notes.onset <= tick) & (notes.offset > tick)).sum())
                most, least = max(most, sounding), min(least, sounding)
                if not self.least <= sounding <= self.most:
                    wrong.append(tick)
        said = f"{min(least, most)}-{most} notes at once"
        return verdict(
            self, score, bars_of(score, np.array(wrong, np.int64)),
            found=(said, f"{said} were found", f"实际同时 {min(least, most)}-{most} 个音"),
        )  # fmt: skip

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return the bounds."""
        parts = frozenset(self.span.parts_in(score, drums=False))
        return (Claim(VOICES, parts, *self.span.edges(score), low=self.least, high=self.most),)


@dataclass(frozen=True)
class LongestNote(Unmasked):
    """No note struck in the span lasts longer than so many ticks, notes tied over a bar line included."""

    span: Span
    most: Ticks
    name: str = "longest note"
    is_hard: bool = True

    def __post_init__(self) -> None:
        if self.most < TICKS_PER_STEP:
            raise InvalidInput(f"the longest note must last {TICKS_PER_STEP} ticks or more, got {self.most}")

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        quarters = self.most / TICKS_PER_QUARTER
        return f"no note longer than {quarters:g} quarters", f"音不长于 {quarters:g} 个四分音符"

    def _limit(self) -> int:
        return self.most // TICKS_PER_STEP

    def _may_go_on(self, cell: CellState, onset: int, value: int) -> bool:
        """Return whether a note may be the one struck last, tied over the bar line."""
        return onset == 0 and bool(cell.line) and cell.line[-1][0] < cell.start and cell.line[-1][1] == value

    def _reaches(self, cell: CellState) -> bool:
        """Return whether the cell lies in the span or takes over what was struck in it."""
        return self.span.has(cell) or (cell.bar > 0 and self.span.holds(cell.part, cell.bar - 1))

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Allow nothing more where a note was tied on for too long: the cell is begun again."""
        if cell.is_drums or not self._reaches(cell) or struck(cell) or not cell.line:
            return None
        begun, pitch = cell.line[-1]
        ends = [note.end for note in cell.sounding if note.onset == 0 and note.pitch == pitch]
        too_long = any(cell.start + end - begun > self._limit() for end in ends)
        return np.zeros(MAX_COLUMN_STEPS + 1, bool) if too_long else None

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """At the bar line forbid the note struck last when it cannot be held any longer."""
        if cell.is_drums or onset or not cell.line or not self._reaches(cell):
            return None
        begun, pitch = cell.line[-1]
        if begun >= cell.start or cell.start - begun < self._limit():
            return None
        mask = np.ones(128, bool)
        mask[pitch] = False
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Allow lengths up to the limit, less what a note may have been held before; half at the bar line in chords."""
        if cell.is_drums or not self._reaches(cell):
            return None
        limit, mask = self._limit(), np.zeros(MAX_COLUMN_STEPS + 1, bool)
        if not self.span.has(cell) and onset:
            return None
        most = limit
        if self._may_go_on(cell, onset, value):
            most = max(limit - (cell.start - cell.line[-1][0]), 1)
        mask[1 : most + 1] = True
        end = cell.length - onset
        if cell.instrument.polyphony > 1:
            # Of chords only the top note is known: one that may be tied takes half the length on each side.
            half = max(limit // 2, 1)
            if onset == 0:
                mask[half + 1 :] = False
                mask[end] = False
            elif end <= limit and end > half:
                mask[end] = False
        return mask

    def check(self, score: Score) -> Verdict:
        """Find the longest note struck in the span."""
        wrong, longest = list[int](), 0
        for _, notes in self.span.notes(score, drums=False):
            longest = max(longest, int(notes.duration.max()) if len(notes) else 0)
            wrong += notes.onset[notes.duration > self.most].tolist()
        quarters = longest / TICKS_PER_QUARTER
        said = f"{quarters:g} quarters"
        return verdict(
            self, score, bars_of(score, np.array(wrong, np.int64)),
            found=(said, f"the longest lasts {said}", f"最长 {quarters:g} 个四分音符"),
        )  # fmt: skip

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return the limit."""
        parts = frozenset(self.span.parts_in(score, drums=False))
        return (Claim(LONGEST, parts, *self.span.edges(score), high=float(self.most)),)
