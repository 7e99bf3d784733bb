"""The wish that new notes stay where their part has been: within its range, and without leaps that it never makes.

Conventions: ranges are MIDI pitches, leaps semitones between one note and the next of a part that plays one at a time;
the wish is soft, so it gives way before nothing can be written. This module knows no instruments: see `InRange`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.score import Cell, Part, Score, Timeline
from zhiyin.units import BoolArray

# Of the notes of eight further bars 98 of 100 lie within two semitones of what the part has used before, and 99 of 100
# lines leap no wider than an octave or their own widest leap (60,000 notes of 5 roles, validation side).
MARGIN, OCTAVE = 2, 12
FEWEST_NOTES = 8  # fewer do not tell a range
FEW = 0.05  # of a line's strikes may be chords


@dataclass(frozen=True, slots=True)
class Habit:
    """Where a part plays: its lowest and highest pitch, and the widest leap of a line, 0 where chords are played."""

    low: int
    high: int
    leap: int = 0


def habit_of(part: Part) -> Habit | None:
    """Return where a part plays with the margin that people take, None for drums and for too few notes."""
    notes = part.notes
    if part.is_drums or len(notes) < FEWEST_NOTES:
        return None
    low, high = int(notes.pitch.min()) - MARGIN, int(notes.pitch.max()) + MARGIN
    strikes = np.unique(notes.onset).size
    if len(notes) - strikes > FEW * strikes:
        return Habit(low, high)
    return Habit(low, high, max(OCTAVE, int(np.abs(np.diff(notes.pitch)).max())))


@dataclass(frozen=True)
class AsAround(Unmasked):
    """What is written in some cells lies where its part has played, and lines leap no wider than they did.

    habits: one a part, None where a part is free; cells: those that are written.
    """

    habits: tuple[Habit | None, ...]
    cells: frozenset[Cell] = field(repr=False)
    name: str = "as around"
    is_hard: bool = False

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the part's range, and of a line what its last note can go to."""
        habit = self.habits[cell.part]
        if habit is None or cell.is_drums or Cell(cell.part, cell.bar) not in self.cells:
            return None
        mask = np.zeros(128, bool)
        low, high = habit.low, habit.high
        before = cell.struck_before(onset)
        if habit.leap and before is not None:
            low, high = max(low, before[1] - habit.leap), min(high, before[1] + habit.leap)
        mask[max(low, 0) : high + 1] = True
        return mask

    def check(self, score: Score) -> Verdict:
        """Count the notes of the cells outside their part's range, and leaps of lines into them that are too wide."""
        line = Timeline.of(score)
        total, far, bars = 0, 0, set[int]()
        for index, (part, habit) in enumerate(zip(score.parts, self.habits, strict=True)):
            if habit is None or not len(part.notes):
                continue
            notes, at = part.notes, line.bar_of(part.notes.onset)
            mine = np.isin(at, [c.bar for c in self.cells if c.part == index])
            wrong = (notes.pitch < habit.low) | (notes.pitch > habit.high)
            if habit.leap:
                wrong |= np.abs(np.diff(notes.pitch, prepend=notes.pitch[0])) > habit.leap
            total, far = total + int(mine.sum()), far + int((mine & wrong).sum())
            bars |= set(at[mine & wrong].tolist())
        return Verdict(
            self.name, False, far == 0, f"{total - far} of {total} notes", bar_list(sorted(bars)),
            f"{total - far} of {total} new notes lie where their part has played, without leaps wider than its own.",
            f"新写的 {total} 个音中有 {total - far} 个在该声部用过的音域之内，且没有它从未有过的大跳。",
        )  # fmt: skip
