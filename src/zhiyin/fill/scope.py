"""Scope: which stretch of which parts an act may change; everything else stays as it is.

Conventions: spans in ticks of the score on the grid, [start, end); bars as people count them only in texts.
This module does not know what an act does there: see `zhiyin.fill.act`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhiyin.errors import InvalidInput
from zhiyin.score import CHORD_ROW, Cell, Score, Timeline
from zhiyin.units import Ticks

_RANGE = re.compile(r"^(\d+)(?:\s*[-–—~到至]\s*(\d+))?$")
_PLACE = re.compile(r"^(\d+)(?::(\d+(?:\.\d+)?))?$")


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A stretch of one part (index, or CHORD_ROW)."""

    part: int
    start: Ticks
    end: Ticks


@dataclass(frozen=True, slots=True)
class Scope:
    """What may change.

    Raises InvalidInput when nothing may.
    """

    stretches: tuple[Stretch, ...]

    def __post_init__(self) -> None:
        if not self.stretches:
            raise InvalidInput(
                "a scope must hold at least one bar of one part, got none: choose bars and parts"
            )
        object.__setattr__(self, "stretches", tuple(sorted(set(self.stretches))))

    @property
    def parts(self) -> tuple[int, ...]:
        """Return the parts touched, the chord row left out."""
        return tuple(sorted({s.part for s in self.stretches} - {CHORD_ROW}))

    def cells(self, score: Score) -> frozenset[Cell]:
        """Return every cell that a stretch touches."""
        line = Timeline.of(score)
        return frozenset(
            Cell(s.part, bar)
            for s in self.stretches
            for bar in range(int(line.bar_of(s.start)), int(line.bar_of(s.end - 1)) + 1)
        )

    def within(self, part: int, start: Ticks, end: Ticks) -> list[tuple[Ticks, Ticks]]:
        """Return the open stretches of a part inside [start, end), in order."""
        return [
            (max(s.start, start), min(s.end, end))
            for s in self.stretches
            if s.part == part and s.start < end and s.end > start
        ]

    def holds(self, part: int, tick: Ticks) -> bool:
        """Return whether a place may change."""
        return any(s.part == part and s.start <= tick < s.end for s in self.stretches)


def whole_bars(score: Score, parts: Iterable[int], bars: Iterable[int]) -> Scope:
    """Return the scope of whole bars (0-based) of parts."""
    chosen = sorted(set(bars))
    edges = Timeline.of(score).bar_starts(max(chosen, default=0) + 1)
    return Scope(
        tuple(Stretch(part, int(edges[bar]), int(edges[bar + 1])) for part in parts for bar in chosen)
    )


def read_bars(text: str, *, count: int) -> tuple[int, ...]:
    """Return the 0-based bars of a text such as `5-8,12`, as people count them.

    count: bars of the score. Raises InvalidInput for another shape, or bars that are not there.
    >>> read_bars("2-3, 5", count=8)
    (1, 2, 4)
    """
    bars: set[int] = set()
    for item in re.split(r"[,，、;；]\s*", text.strip()):
        match = _RANGE.match(item.strip())
        if match is None:
            raise InvalidInput(f"bars must be numbers and ranges, got {item!r}: write e.g. 5-8 or 5-8,12")
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        if not 1 <= first <= last <= count:
            raise InvalidInput(
                f"bars must lie in 1..{count} and run forwards, got {item.strip()!r}: choose bars of the score"
            )
        bars.update(range(first - 1, last))
    return tuple(sorted(bars))


def read_place(text: str, score: Score) -> Ticks:
    """Return the tick of a place such as `5:3` (bar 5, beat 3; beats from 1, halves as 3.5).

    Raises InvalidInput for another shape or a beat that the bar does not have.
    """
    match = _PLACE.match(text.strip())
    line = Timeline.of(score)
    if match is None or int(match.group(1)) < 1:
        raise InvalidInput(f"a place must be BAR:BEAT counted from 1, got {text!r}: write e.g. 5:3 or 5:3.5")
    bar, beat = int(match.group(1)) - 1, float(match.group(2) or 1)
    start, end = line.bar_start(bar), line.bar_start(bar + 1)
    tick = start + round((beat - 1) * line.metre_at(start).beat_ticks)
    if not start <= tick <= end or beat < 1:
        beats = (end - start) / line.metre_at(start).beat_ticks
        raise InvalidInput(
            f"beat of bar {bar + 1} must be 1..{beats + 1:g}, got {beat:g} in {text!r}: choose a beat of the bar"
        )
    return tick


def stretch_of_places(score: Score, parts: Sequence[int], *, start: Ticks, end: Ticks) -> Scope:
    """Return the scope of parts from one tick to another. Raises InvalidInput unless it runs forwards."""
    if not 0 <= start < end:
        raise InvalidInput(f"a stretch must run forwards, got {start}..{end}: give a later end")
    return Scope(tuple(Stretch(part, start, end) for part in parts))
