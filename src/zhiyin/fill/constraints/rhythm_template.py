"""The wish that parts of a span keep a rhythm: struck at these places and at no others.

Conventions: places are ticks of the score, worked out from a pattern a bar; a length of 0 is open. Chords may be
struck at a place. This module does not look at pitch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import HOLDS, MUST_AT, ONLY_AT, Claim
from zhiyin.fill.constraints.span import Span, all_onsets, step_of, struck, tick_of, verdict
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, Ticks

RELEASE = 6  # steps by which a note that may be tied over ends before the next place, where places allow it


@dataclass(frozen=True)
class RhythmTemplate(Unmasked):
    """Every part of the span strikes at these ticks only, and at each of them.

    places: (tick, length) in order; a length of 0 ticks is open.
    """

    span: Span
    places: tuple[tuple[Ticks, Ticks], ...]
    text: str = ""
    name: str = "rhythm"
    is_hard: bool = True

    def __post_init__(self) -> None:
        off = [x for place in self.places for x in place if x % TICKS_PER_STEP]
        if not self.places or off:
            raise InvalidInput(
                f"a rhythm must strike somewhere, on steps of {TICKS_PER_STEP} ticks, got {self.text or off!r}: "
                "write e.g. 'x...x.x.' or '1 1/2 1/2 2'"
            )

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        return f"rhythm {self.text}".strip(), f"节奏 {self.text}".strip()

    def _steps(self, cell: CellState) -> dict[int, int]:
        """Return {step of the column: length in steps} of the places in the column."""
        found = {step_of(cell, tick): length // TICKS_PER_STEP for tick, length in self.places}
        return {step: length for step, length in found.items() if 0 <= step < cell.length}

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Allow the places in turn, more notes at the last one, and END when all were struck."""
        if not self.span.has(cell):
            return None
        steps, done, mask = self._steps(cell), set(struck(cell)), all_onsets()
        mask[:END] = False
        mask[list(steps)] = True
        owed = min((step for step in steps if step not in done), default=None)
        if owed is not None:
            mask[owed + 1 :] = False
        return mask

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """At the bar line forbid the note struck last: it might be tied over instead of struck."""
        if not self.span.has(cell) or onset or cell.is_drums or not cell.line or struck(cell):
            return None
        mask = np.ones(128, bool)
        mask[cell.line[-1][1]] = False
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Give a note its length; where that is open, let it end by the next place."""
        if not self.span.has(cell):
            return None
        steps, mask = self._steps(cell), np.zeros(MAX_COLUMN_STEPS + 1, bool)
        length = steps.get(onset, 0)
        if length:
            mask[min(length, cell.length - onset)] = True
            return mask
        following = min((step for step in steps if step > onset), default=cell.length)
        room = following - onset
        if (
            following == cell.length
            and self._goes_on(cell)
            and cell.instrument.polyphony > 1
            and room > RELEASE
        ):
            room -= RELEASE  # a note that ends before the bar line cannot be tied over it
        mask[1 : room + 1] = True
        return mask

    def _goes_on(self, cell: CellState) -> bool:
        return any(tick == tick_of(cell, cell.length) for tick, _ in self.places)

    def check(self, score: Score) -> Verdict:
        """Compare the ticks at which each part strikes, and lengths where they are given."""
        line = Timeline.of(score)
        asked, wrong, hits, total = dict(self.places), set[int](), 0, 0
        for index, notes in self.span.notes(score):
            found = set(notes.onset.tolist())
            total += len(asked)
            hits += len(found & set(asked))
            wrong |= {int(line.bar_of(tick)) for tick in found ^ set(asked)}
            if not score.parts[index].is_drums:
                for note in notes:
                    room = line.bar_start(int(line.bar_of(note.onset)) + 1) - note.onset
                    length = min(asked.get(note.onset, 0), room)
                    if length and min(note.duration, room) != length:
                        wrong.add(int(line.bar_of(note.onset)))
        said = f"{hits} of {total} places struck"
        return verdict(self, score, wrong, found=(said, said, f"{total} 个位置中奏出 {hits} 个"))

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return its places and given lengths."""
        parts = frozenset(self.span.parts_in(score))
        start, end = self.span.edges(score)
        ticks = frozenset(tick for tick, _ in self.places)
        found = [Claim(kind, parts, start, end, ticks=ticks) for kind in (ONLY_AT, MUST_AT)]
        pitched = frozenset(self.span.parts_in(score, drums=False))
        found += [
            Claim(HOLDS, pitched, tick, tick + 1, low=float(length)) for tick, length in self.places if length
        ]
        return tuple(found)


def rhythm(
    span: Span,
    pattern: tuple[tuple[Ticks, Ticks], ...],
    score: Score,
    *,
    text: str = "",
    is_hard: bool = True,
) -> RhythmTemplate:
    """Return a rhythm on a span from a pattern of (ticks from the bar line, length) that every bar takes over.

    Places past the end of a shorter bar are left out.
    """
    line, places = Timeline.of(score), list[tuple[Ticks, Ticks]]()
    for bar in span.bars(score):
        start, end = line.bar_start(bar), line.bar_start(bar + 1)
        places += [(start + tick, length) for tick, length in pattern if start + tick < end]
    return RhythmTemplate(span, tuple(places), text, is_hard=is_hard)
