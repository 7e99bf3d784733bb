"""The wish that a page can be read: notes begin and end on sixteenths, or on triplet eighths where they are wanted.

Conventions: steps are 1/24 quarter, so a sixteenth is 6 and a triplet eighth 8; a beat holds one kind only.
This module does not quantise: it keeps a model from writing what a reader would call a wrong rhythm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP, BoolArray, IntArray

QUARTER, SIXTEENTH, TRIPLET = 24, 6, 8
_PLACES = np.arange(MAX_COLUMN_STEPS + 1)


@dataclass(frozen=True)
class NoteValues(Unmasked):
    """Notes begin and end on sixteenths; with_triplets: or on triplet eighths, not mixed within a quarter."""

    with_triplets: bool = False
    name: str = "note values"

    def _allowed(self, cell: CellState) -> BoolArray:
        """Return (193,) places in the column where a note may begin or end."""
        binary = _PLACES % SIXTEENTH == 0
        if not self.with_triplets:
            mask: BoolArray = binary.copy()
        else:
            mask = binary | (_PLACES % TRIPLET == 0)
            for place in {p for s in cell.sounding for p in (s.onset, s.end)}:
                within = place % QUARTER
                if within and 0 <= place < cell.length:
                    quarter = slice(place - within, place - within + QUARTER)
                    kind = SIXTEENTH if within % SIXTEENTH == 0 else TRIPLET
                    mask[quarter] &= _PLACES[quarter] % kind == 0
        mask[cell.length] = True
        return mask

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Allow beginnings on the grid of the quarter they fall in, and END."""
        mask = self._allowed(cell)
        mask[END] = True
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Allow durations that end on the grid of the quarter they end in."""
        places = self._allowed(cell)
        if self.with_triplets and onset % QUARTER:
            quarter = slice(onset - onset % QUARTER, onset - onset % QUARTER + QUARTER)
            kind = SIXTEENTH if onset % SIXTEENTH == 0 else TRIPLET
            places[quarter] &= _PLACES[quarter] % kind == 0
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[1 : cell.length - onset + 1] = places[onset + 1 : cell.length + 1]
        return mask

    def check(self, score: Score) -> Verdict:
        """Count notes that begin or end off the sixteenths (and triplets, where they are allowed)."""
        line = Timeline.of(score)
        off, total, bars = 0, 0, set[int]()
        for part in score.parts:
            notes = part.notes
            # The piece may end on a second that was asked: what ends with it has the value that is left.
            cut = self._is_off(notes.offset, line) & (notes.offset != score.end)
            wrong = self._is_off(notes.onset, line) | cut
            off, total = off + int(wrong.sum()), total + len(notes)
            bars |= set(np.atleast_1d(line.bar_of(notes.onset[wrong])).tolist())
        return Verdict(
            self.name, True, off == 0, f"{total - off} of {total} notes", bar_list(sorted(bars)),
            f"{total - off} of {total} notes have plain values.", f"{total} 个音中有 {total - off} 个时值规整。",
        )  # fmt: skip

    def _is_off(self, ticks: IntArray, line: Timeline) -> BoolArray:
        if not ticks.size:
            return np.zeros(0, bool)
        starts = line.bar_starts(int(np.max(line.bar_of(ticks))) + 1)
        place = ticks - starts[np.searchsorted(starts, ticks, side="right") - 1]
        off: BoolArray = place % (TICKS_PER_QUARTER // 4) != 0
        if self.with_triplets:
            off &= place % (TRIPLET * TICKS_PER_STEP) != 0
        return off
