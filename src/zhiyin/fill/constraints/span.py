"""Where a wish holds: some parts, some bars; and small tools that wishes on spans share.

Conventions: bars count from 0 and both ends are meant; parts are indices, None for all; `last_bar` -1 is the end. A
note belongs to the bar in which it is struck. This module knows no single wish.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zhiyin.encode.fields import MAX_COLUMN_STEPS
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Verdict, bar_list
from zhiyin.score import Notes, Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray, Ticks

PITCHES = np.arange(128)
SIXTEENTH = 6  # steps


@dataclass(frozen=True, slots=True)
class Span:
    """Some parts in some bars.

    parts: indices, None for every part; first_bar, last_bar: 0-based, both included, last_bar -1 for the end.
    >>> Span(frozenset({0}), 4, 7).holds(0, 7), Span(None, 4, 7).holds(3, 8)
    (True, False)
    """

    parts: frozenset[int] | None = None
    first_bar: int = 0
    last_bar: int = -1

    def __post_init__(self) -> None:
        if self.first_bar < 0 or (self.last_bar != -1 and self.last_bar < self.first_bar):
            raise InvalidInput(
                f"a span must run from a bar to the same or a later one, got {self.first_bar}..{self.last_bar}"
            )

    def holds(self, part: int, bar: int) -> bool:
        """Return whether a cell lies in the span; the chord row never does."""
        return self.has_bar(bar) and part >= 0 and (self.parts is None or part in self.parts)

    def has_bar(self, bar: int) -> bool:
        """Return whether a bar lies in the span."""
        return self.first_bar <= bar and (self.last_bar == -1 or bar <= self.last_bar)

    def has(self, cell: CellState) -> bool:
        """Return whether the cell being written lies in the span."""
        return self.holds(cell.part, cell.bar)

    def parts_in(self, score: Score, *, drums: bool | None = None) -> list[int]:
        """Return the indices of its parts; drums: only those that are, or are not, drums."""
        return [
            index
            for index, part in enumerate(score.parts)
            if (self.parts is None or index in self.parts) and (drums is None or part.is_drums == drums)
        ]

    def edges(self, score: Score) -> tuple[Ticks, Ticks]:
        """Return the first tick and the tick after the last bar."""
        line = Timeline.of(score)
        last = self.last_bar if self.last_bar >= 0 else max(line.bar_count(score.end) - 1, self.first_bar)
        return line.bar_start(self.first_bar), line.bar_start(last + 1)

    def bars(self, score: Score) -> range:
        """Return its bars in a score."""
        last = self.last_bar if self.last_bar >= 0 else Timeline.of(score).bar_count(score.end) - 1
        return range(self.first_bar, last + 1)

    def notes(self, score: Score, *, drums: bool | None = None) -> Iterator[tuple[int, Notes]]:
        """Yield (part index, notes struck in the span) of each of its parts."""
        start, end = self.edges(score)
        for index in self.parts_in(score, drums=drums):
            yield index, score.parts[index].notes.between(start, end)

    def words(self, score: Score | None = None) -> tuple[str, str]:
        """Return the place in English and Chinese; parts are named where a score is given.

        >>> Span(None, 4, 7).words()
        ('bars 5-8', '第5-8小节')
        """
        first, last = self.first_bar + 1, self.last_bar + 1
        is_one = first == last
        if self.last_bar == -1:
            en, zh = ("all bars", "全曲") if first == 1 else (f"from bar {first}", f"第{first}小节起")
        else:
            en, zh = (
                (f"bar {first}", f"第{first}小节")
                if is_one
                else (f"bars {first}-{last}", f"第{first}-{last}小节")
            )
        if self.parts is None or score is None:
            return en, zh
        names = [score.parts[i].name for i in sorted(self.parts) if i < len(score.parts)]
        return f"{en} of {', '.join(names)}", f"{'、'.join(names)} {zh}"


class SpanWish(Protocol):
    """What every wish on a span shows beside the seam: where it holds, and itself in words."""

    @property
    def span(self) -> Span:
        """Return where the wish holds."""
        ...

    @property
    def name(self) -> str:
        """Return the kind of wish."""
        ...

    @property
    def is_hard(self) -> bool:
        """Return whether it must be kept."""
        ...

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        ...


def verdict(
    wish: SpanWish, score: Score, bars: set[int], *, found: tuple[str, str, str], kept: bool | None = None
) -> Verdict:
    """Return the verdict on a wish on a span.

    bars: those that break it; found: the measure, and what was found in English and Chinese; kept: no bar breaks it,
    unless told otherwise.
    """
    measured, en, zh = found
    place_en, place_zh = wish.span.words(score)
    said_en, said_zh = wish.words
    is_kept = not bars if kept is None else kept
    where = "" if is_kept else (bar_list(sorted(bars)) or place_en)
    return Verdict(
        wish.name, wish.is_hard, is_kept, measured, where,
        f"{said_en[:1].upper()}{said_en[1:]} in {place_en}: {en}.", f"{place_zh}{said_zh}：{zh}。",
    )  # fmt: skip


def bars_of(score: Score, ticks: IntArray) -> set[int]:
    """Return the bars in which ticks lie."""
    return {int(bar) for bar in np.atleast_1d(Timeline.of(score).bar_of(ticks))} if np.size(ticks) else set()


def all_onsets() -> BoolArray:
    """Return (193,) every onset and END allowed."""
    return np.ones(MAX_COLUMN_STEPS + 1, bool)


def classes_mask(classes: frozenset[int]) -> BoolArray:
    """Return (128,) the pitches of pitch classes."""
    mask: BoolArray = np.isin(PITCHES % 12, sorted(classes))
    return mask


def struck(cell: CellState) -> list[int]:
    """Return the steps of the column at which the part has struck so far; what is tied over does not count."""
    return [step - cell.start for step, _ in cell.line if step >= cell.start]


def step_of(cell: CellState, tick: Ticks) -> int:
    """Return the step of the column at which a tick lies, negative before it."""
    return tick // TICKS_PER_STEP - cell.start


def tick_of(cell: CellState, step: int) -> Ticks:
    """Return the tick of the score at a step of the column."""
    return (cell.start + step) * TICKS_PER_STEP


def last_placed(cell: CellState) -> int:
    """Return the latest step of the column at which a note has been placed, -1 for none."""
    return max((note.onset for note in cell.sounding if note.onset >= 0), default=-1)


def must_strike(cell: CellState, stretches: list[tuple[int, int]]) -> BoolArray | None:
    """Return (193,) onsets that leave room for a strike in each stretch (first step, step after the last).

    None when every stretch has been struck; one that began in an earlier column may have been struck there.
    """
    places = [step - cell.start for step, _ in cell.line]
    owed = next((end for start, end in stretches if not any(start <= place < end for place in places)), None)
    if owed is None:
        return None
    mask = all_onsets()
    mask[owed:] = False
    return mask


def leave_room(cell: CellState, stretches: list[tuple[int, int]], onset: int) -> BoolArray | None:
    """Return (193,) durations of a note at an onset that end before the next stretch to strike in is over.

    None when every stretch has been struck, this onset counted.
    """
    places = [onset, *(step - cell.start for step, _ in cell.line)]
    owed = [
        end for start, end in stretches if not any(start <= place < end for place in places) and end > onset
    ]
    if not owed:
        return None
    mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
    mask[1 : max(owed[0] - SIXTEENTH - onset, 1) + 1] = True
    return mask
