"""The wish for more or less syncopation, measured as beats that are held over.

Conventions: a beat is held over when nothing is struck on it and the strike before it came off the beat, after the
beat before; the first beat of the span cannot be. "More" is at least one such beat a bar on the mean, "less" at most a
quarter of one; bars of a single beat are not counted. This module does not know swing or accents.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import BETWEEN, Claim
from zhiyin.fill.constraints.span import Span, all_onsets, leave_room, must_strike, struck, verdict
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray

MORE, LESS = "more", "less"
LEAST_MORE, MOST_LESS = 1.0, 0.25  # beats held over a bar


@dataclass(frozen=True)
class Syncopation(Unmasked):
    """Each part of the span holds beats over more, or less.

    way: MORE or LESS.
    """

    span: Span
    way: str
    name: str = "syncopation"
    is_hard: bool = True

    def __post_init__(self) -> None:
        if self.way not in (MORE, LESS):
            raise InvalidInput(f"syncopation must be {MORE} or {LESS}, got {self.way!r}: write one of them")

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        return f"{self.way} syncopation", f"切分{'多' if self.way == MORE else '少'}"

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Less: after a strike between beats ask for the next beat. More: no beat but the first, and one between."""
        beat = cell.metre.beat_ticks // TICKS_PER_STEP
        if not self.span.has(cell) or cell.length != cell.metre.bar_ticks // TICKS_PER_STEP:
            return None
        if self.way == LESS:
            owed = self._owed(cell, beat)
            return None if owed is None or owed >= cell.length else must_strike(cell, [(owed, owed + 1)])
        mask = all_onsets()
        mask[beat:END:beat] = False
        between = must_strike(cell, [(1, cell.length - beat)]) if cell.length > beat else None
        return mask if between is None else mask & between

    def _owed(self, cell: CellState, beat: int) -> int | None:
        """Return the step of the beat that the last strike, if it came between beats, must not hold over."""
        if not cell.line or (cell.start - cell.line[-1][0] >= beat and cell.line[-1][0] < cell.start):
            return None
        place = cell.line[-1][0] - cell.start
        if place < 0 and not self.span.holds(cell.part, cell.bar - 1):
            return None
        return None if place % beat == 0 else (place // beat + 1) * beat

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Where the downbeat is owed, forbid the note struck last: it might be tied over instead of struck."""
        beat = cell.metre.beat_ticks // TICKS_PER_STEP
        if self.way != LESS or onset or cell.is_drums or not self.span.has(cell) or struck(cell):
            return None
        if self._owed(cell, beat) != 0:
            return None
        mask = np.ones(128, bool)
        mask[cell.line[-1][1]] = False
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Less: let what is struck between beats end by the next one. More: leave room for a strike between beats."""
        beat = cell.metre.beat_ticks // TICKS_PER_STEP
        if not self.span.has(cell):
            return None
        if self.way == MORE:
            is_whole = cell.length == cell.metre.bar_ticks // TICKS_PER_STEP
            return (
                leave_room(cell, [(1, cell.length - beat)], onset)
                if is_whole and cell.length > beat
                else None
            )
        if onset % beat == 0:
            return None
        mask = np.zeros(END + 1, bool)
        mask[1 : beat - onset % beat + 1] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Count held-over beats a bar in each part."""
        line, bars, wrong, said = Timeline.of(score), self.span.bars(score), set[int](), list[str]()
        for _, notes in self.span.notes(score):
            found = _held_over(set(notes.onset.tolist()), line, bars)
            rate = len(found) / max(sum(_beats(line, bar) > 1 for bar in bars), 1)
            said.append(f"{rate:.2f}")
            if self.way == MORE and rate < LEAST_MORE:
                wrong |= set(bars) - set(found)
            if self.way == LESS and rate > MOST_LESS:
                wrong |= set(found)
        measured = f"{', '.join(said)} beats a bar held over"
        return verdict(
            self, score, wrong, found=(measured, measured, f"每小节 {'、'.join(said)} 个拍点被延留")
        )

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return for more that something is struck between the beats."""
        if self.way == LESS:
            return ()
        line, parts = Timeline.of(score), frozenset(self.span.parts_in(score))
        ticks: set[int] = set()
        for bar in self.span.bars(score):
            start = line.bar_start(bar)
            ticks |= set(range(start, line.bar_start(bar + 1), line.metre_at(start).beat_ticks))
        return (Claim(BETWEEN, parts, *self.span.edges(score), ticks=frozenset(ticks)),)


def _beats(line: Timeline, bar: int) -> int:
    start = line.bar_start(bar)
    return (line.bar_start(bar + 1) - start) // line.metre_at(start).beat_ticks


def _held_over(strikes: set[int], line: Timeline, bars: range) -> list[int]:
    """Return the bar of each beat that is held over."""
    beats = [
        (tick, bar)
        for bar in bars
        for tick in range(
            line.bar_start(bar), line.bar_start(bar + 1), line.metre_at(line.bar_start(bar)).beat_ticks
        )
    ]
    return [
        bar
        for (before, _), (tick, bar) in itertools.pairwise(beats)
        if tick not in strikes and any(before < strike < tick for strike in strikes)
    ]
