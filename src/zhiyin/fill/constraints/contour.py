"""The wish for the shape of a line: rising, falling, arch, valley, or a list of levels.

Conventions: the span is cut into as many windows as there are levels; what counts is the mean of the highest notes
struck in each window. This module does not follow every step of a line: a rising line may turn within a window.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import REACH, Claim
from zhiyin.fill.constraints.playable import range_of
from zhiyin.fill.constraints.span import (
    PITCHES,
    Span,
    bars_of,
    leave_room,
    must_strike,
    step_of,
    tick_of,
    verdict,
)
from zhiyin.score import Score
from zhiyin.units import TICKS_PER_STEP, BoolArray, Ticks

SHAPES: dict[str, tuple[float, ...]] = {
    "rising": (0.0, 1 / 3, 2 / 3, 1.0),
    "falling": (1.0, 2 / 3, 1 / 3, 0.0),
    "arch": (0.0, 0.6, 1.0, 0.6, 0.0),
    "valley": (1.0, 0.4, 0.0, 0.4, 1.0),
}
SHAPES_ZH = {"rising": "上行", "falling": "下行", "arch": "拱形", "valley": "谷形"}
WIDE = 18  # semitones between level 0 and level 1 where the instrument has room
ROOM = 2  # semitones to each side of a level: five notes always hold one of any seven-note scale
LEAST_MOVE = 1.0  # semitones by which means of neighbouring windows must differ in the direction asked


@dataclass(frozen=True)
class Contour(Unmasked):
    """The top line of each part of the span follows levels.

    edges: (levels + 1,) ticks of the windows; levels: 0 low to 1 high; low, high: MIDI pitches of these.
    """

    span: Span
    edges: tuple[Ticks, ...]
    levels: tuple[float, ...]
    low: int
    high: int
    shape: str = ""
    name: str = "contour"
    is_hard: bool = True

    def __post_init__(self) -> None:
        if len(self.levels) < 2 or any(not 0 <= level <= 1 for level in self.levels):
            raise InvalidInput(f"a contour must have two or more levels from 0 to 1, got {self.levels!r}")
        if len(self.edges) != len(self.levels) + 1 or not 0 <= self.low < self.high <= 127:
            raise InvalidInput(
                f"a contour must have an edge more than levels and a range, got {self.edges!r}, {self.low}..{self.high}"
            )

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        shape = self.shape or " ".join(f"{level:g}" for level in self.levels)
        return f"contour {shape}", f"旋律线 {SHAPES_ZH.get(shape, shape)}"

    def _centre(self, index: int) -> float:
        return self.low + self.levels[index] * (self.high - self.low)

    def _room(self) -> float:
        """Return semitones to each side of a level that keep neighbouring windows apart."""
        moves = [abs(b - a) for a, b in zip(self.levels, self.levels[1:], strict=False) if a != b]
        nearest = min(moves, default=1.0) * (self.high - self.low)
        return max(min(ROOM, (nearest - LEAST_MOVE) / 2), 0.5)

    def _windows(self, cell: CellState) -> list[tuple[int, int]]:
        """Return the windows that end in the column, in its steps."""
        windows = [
            (step_of(cell, start), step_of(cell, end)) for start, end in itertools.pairwise(self.edges)
        ]
        return [window for window in windows if 0 < window[1] <= cell.length]

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Ask for a note in every window by its end."""
        if cell.is_drums or not self.span.has(cell):
            return None
        return must_strike(cell, self._windows(cell))

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Let a note end early enough for the next window."""
        if cell.is_drums or not self.span.has(cell):
            return None
        return leave_room(cell, self._windows(cell), onset)

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow pitches near the level of the window."""
        if cell.is_drums or not self.span.has(cell):
            return None
        index = int(np.searchsorted(self.edges, tick_of(cell, onset), side="right")) - 1
        if not 0 <= index < len(self.levels):
            return None
        near: BoolArray = np.abs(PITCHES - self._centre(index)) <= self._room()
        return near

    def check(self, score: Score) -> Verdict:
        """Compare the means of the highest notes of one window and the next with the levels."""
        wrong, means_said = set[int](), list[str]()
        for index in self.span.parts_in(score, drums=False):
            means = self._means(score, index)
            told = [(i, mean) for i, mean in enumerate(means) if mean is not None]
            means_said.append(" ".join("-" if mean is None else f"{mean:.1f}" for mean in means))
            if len(told) < 2:
                wrong |= bars_of(score, np.array(self.edges[:1]))
            for (i, before), (j, after) in itertools.pairwise(told):
                asked, found = np.sign(self.levels[j] - self.levels[i]), after - before
                if (asked and found * asked < LEAST_MOVE) or (not asked and abs(found) > 2 * ROOM):
                    wrong |= bars_of(score, np.array(self.edges[j : j + 1]))
        said = "; ".join(means_said)
        return verdict(
            self,
            score,
            wrong,
            found=(said, f"mean pitches of its windows are {said}", f"各段平均音高为 {said}"),
        )

    def _means(self, score: Score, part: int) -> list[float | None]:
        top: dict[int, int] = {}
        for note in score.parts[part].notes.between(self.edges[0], self.edges[-1]):
            top[note.onset] = max(note.pitch, top.get(note.onset, 0))
        inside = [
            [pitch for tick, pitch in top.items() if start <= tick < end]
            for start, end in zip(self.edges, self.edges[1:], strict=False)
        ]
        return [sum(pitches) / len(pitches) if pitches else None for pitches in inside]

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return how far the line reaches at least: each rise or fall in a row takes LEAST_MOVE."""
        parts = frozenset(self.span.parts_in(score, drums=False))
        ways = [int(np.sign(b - a)) for a, b in itertools.pairwise(self.levels)]
        longest = max((len(list(run)) for way, run in itertools.groupby(ways) if way), default=0)
        return (Claim(REACH, parts, self.edges[0], self.edges[-1], low=float(longest * LEAST_MOVE)),)


def contour(span: Span, levels: tuple[float, ...] | str, score: Score, *, is_hard: bool = True) -> Contour:
    """Return a contour over a span, in the middle of where its part plays or may play.

    levels: numbers from 0 to 1, or a name of SHAPES. Raises InvalidInput when the span has no pitched part.
    """
    shape = levels if isinstance(levels, str) else ""
    if isinstance(levels, str) and levels not in SHAPES:
        raise InvalidInput(
            f"a contour must be one of {', '.join(SHAPES)} or levels from 0 to 1, got {levels!r}"
        )
    points = SHAPES[levels] if isinstance(levels, str) else levels
    pitched = span.parts_in(score, drums=False)
    if not pitched:
        raise InvalidInput(
            f"a contour must be asked of a pitched part, got {span.words(score)[0]}: name another part"
        )
    low = max(range_of(score.parts[i])[0] for i in pitched)
    high = min(range_of(score.parts[i])[1] for i in pitched)
    played = [p for i in pitched for p in score.parts[i].notes.pitch.tolist()]
    middle = float(np.mean(played)) if played else (low + high) / 2
    bottom = round(min(max(middle - WIDE / 2, low + ROOM), max(high - ROOM - WIDE, low + ROOM)))
    start, end = span.edges(score)
    edges = tuple(
        int(tick) // TICKS_PER_STEP * TICKS_PER_STEP for tick in np.linspace(start, end, len(points) + 1)
    )
    return Contour(span, edges, points, bottom, min(bottom + WIDE, high - ROOM), shape, is_hard=is_hard)
