"""Holding notes, or one aspect of them, in cells that are written anew.

Conventions: places and lengths in steps of the score on the grid; a cell is one part in one bar; held notes are put in
by the writer at their turn, so that the model reads them where it would have written them.
This module does not decide what is held: see `zhiyin.fill.hold`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiyin.encode.fields import END, MAX_COLUMN_STEPS, PITCHES
from zhiyin.fill.constraints.base import CellState, Constraint, Unmasked, Verdict, bar_list
from zhiyin.score import Cell, Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.units import TICKS_PER_STEP, BoolArray, FloatArray

# notes: all of it, alone at its onset; beside: all of it, others may join it; skeleton: onset and pitch, at
# the lengths told; rhythm: onset and duration; pitch: the pitches in order.
ASPECTS = ("notes", "beside", "skeleton", "rhythm", "pitch")
SIXTEENTH = 6  # steps
WHOLE = ASPECTS[:3]  # those in which a note itself is held
HeldNote = tuple[int, int, int]  # onset, duration (steps), pitch


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held in a cell.

    notes: sorted by (onset, pitch); free: stretches of steps in which new notes may begin, and end; fills: those of
    them in which at least one must begin.
    """

    notes: tuple[HeldNote, ...]
    aspect: str = "notes"
    free: tuple[tuple[int, int], ...] = ()
    fills: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Pinned(Unmasked):
    """Every held note, or aspect, stands in its cell."""

    holds: Mapping[Cell, Hold]
    name: str = "held"

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Allow the next held onset and free places before it; END only when nothing is owed."""
        turn = self.turn(cell)
        if turn is None:
            return None
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        if turn.hold.aspect == "pitch":
            return self._pitch_onsets(cell, turn, mask)
        due = turn.due[0] - cell.start if turn.due else cell.length
        owed = self._unfilled(cell, turn.hold, due)
        if owed is not None:
            mask[max(owed[0] - cell.start, 0) : max(owed[1] - cell.start, 0)] = True
            mask[min(due, cell.length) :] = False
            return mask
        for start, end in turn.hold.free:
            mask[max(start - cell.start, 0) : max(min(end - cell.start, due, cell.length), 0)] = True
        mask[due if turn.due else END] = True
        return mask

    @staticmethod
    def _unfilled(cell: CellState, hold: Hold, due: int) -> tuple[int, int] | None:
        """Return the first stretch before what is due that must be filled and is not."""
        placed = [s.onset + cell.start for s in cell.sounding if s.onset >= 0]
        for start, end in hold.fills:
            begins = max(start, cell.start)
            if begins < min(end, cell.start + due) and not any(start <= step < end for step in placed):
                return start, end
        return None

    @staticmethod
    def _pitch_onsets(cell: CellState, turn: Turn, mask: BoolArray) -> BoolArray:
        """Leave room for the groups still owed; notes of one chord stay together."""
        last = max((s.onset for s in cell.sounding if s.onset >= 0), default=-1)
        if turn.due is None:
            mask[END] = True
        elif turn.joins:
            mask[last] = True
        else:
            first = last + 1
            latest = max(cell.length - Pinned._owed(cell, first, turn.groups_left) + 1, first + 1)
            if turn.owed_here > 1:  # a chord waits for what rings: its tones must all find their place
                first = min(max((s.end for s in cell.sounding if s.onset >= 0), default=first), latest - 1)
            mask[max(first, last + 1) : latest] = True
            mask[cell.length : END] = False
        return mask

    @staticmethod
    def _owed(cell: CellState, step: int, groups: int) -> int:
        """Return the steps that so many attacks need from a step on: sixteenths where they fit, else what there is."""
        return groups * (SIXTEENTH if groups * SIXTEENTH <= cell.length - step else 1)

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the held pitch at its onset, alone unless others may join it; elsewhere what is free."""
        turn = self.turn(cell)
        if turn is None:
            return None
        mask = np.zeros(PITCHES, bool)
        if turn.due is None:
            return np.ones(PITCHES, bool)
        if turn.hold.aspect == "pitch":
            mask[turn.due[2]] = True
            return mask
        if turn.due[0] - cell.start != onset:
            return np.ones(PITCHES, bool)
        if turn.hold.aspect == "rhythm":
            # Room above for the notes of this chord that are still owed.
            mask[: PITCHES - turn.owed_here + 1] = True
            return mask
        mask[turn.due[2]] = True
        if turn.hold.aspect == "beside":
            mask[: turn.due[2]] = True
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Give a held note its length; a new one ends where its free stretch, or the next held note, begins."""
        turn = self.turn(cell)
        if turn is None:
            return None
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        room = cell.length - onset
        is_due = turn.due is not None and turn.due[0] - cell.start == onset
        if turn.hold.aspect == "pitch":
            left = turn.groups_left - 1  # this one stands; its chord, if any, is struck at once
            mask[1 : max(room - self._owed(cell, onset, left), 1) + 1] = True
        elif turn.due is not None and is_due and (turn.hold.aspect == "rhythm" or turn.due[2] == value):
            mask[min(turn.due[1], room)] = True
        else:
            step = cell.start + onset
            ends = [end for start, end in turn.hold.free if start <= step < end] or [step + 1]
            nexts = [n[0] for n in turn.hold.notes if n[0] > step]
            mask[1 : max(min(ends[0], *nexts[:1], cell.start + cell.length) - step, 1) + 1] = True
        return mask

    def turn(self, cell: CellState) -> Turn | None:
        """Return whose turn it is in a cell, None where nothing is held and nothing closed."""
        hold = self.holds.get(Cell(cell.part, cell.bar))
        if hold is None:
            return None
        mine = [n for n in hold.notes if cell.start <= n[0] < cell.start + cell.length]
        placed = [s for s in cell.sounding if s.onset >= 0]
        if hold.aspect in ("rhythm", "pitch"):
            left = mine[len(placed) :]
            done = mine[len(placed) - 1] if placed and len(placed) <= len(mine) else None
        else:
            there = {(s.onset + cell.start, s.pitch) for s in placed}
            left = [n for n in mine if (n[0], n[2]) not in there]
            done = None
        due = left[0] if left else None
        joins = due is not None and done is not None and done[0] == due[0]
        owed_here = sum(due is not None and n[0] == due[0] for n in left)
        return Turn(hold, due, joins, owed_here, len({n[0] for n in left}))

    def is_struck(self, cell: CellState, onset: int) -> bool:
        """Return whether a note here is a held one: it is struck, not tied to what rings up to it."""
        turn = self.turn(cell)
        if turn is None or turn.due is None:
            return False
        return turn.hold.aspect == "pitch" or turn.due[0] - cell.start == onset

    def check(self, score: Score) -> Verdict:
        """Compare each held cell's notes with what was held, by sorted rows."""
        edges = Timeline.of(score).bar_starts(max((c.bar for c in self.holds), default=0) + 1)
        wrong = []
        for place, hold in self.holds.items():
            found = score.parts[place.part].notes.between(*edges[place.bar : place.bar + 2].tolist())
            end = (
                int(edges[place.bar + 1]) // TICKS_PER_STEP
            )  # what goes on behind the bar line was written up to it
            steps = ((n.onset // TICKS_PER_STEP, n.pitch, n.duration // TICKS_PER_STEP) for n in found)
            rows = sorted((o, p, min(d, end - o)) for o, p, d in steps)
            held = sorted((o, p, min(d, end - o)) for o, d, p in hold.notes)
            if not _agrees(hold.aspect, held, rows):
                wrong.append(place)
        bars = bar_list(sorted({c.bar for c in wrong}))
        return Verdict(
            self.name, True, not wrong, f"{len(self.holds) - len(wrong)} of {len(self.holds)} cells", bars,
            f"{len(self.holds) - len(wrong)} of {len(self.holds)} cells keep what was held in them.",
            f"{len(self.holds)} 个保留之处，有 {len(self.holds) - len(wrong)} 个照原样保留。",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a cell stands: its hold, the note due next, whether it joins the chord struck last, what is still owed."""

    hold: Hold
    due: HeldNote | None
    joins: bool
    owed_here: int
    groups_left: int


def _agrees(aspect: str, held: list[tuple[int, int, int]], rows: list[tuple[int, int, int]]) -> bool:
    if aspect == "rhythm":
        return [(o, d) for o, _, d in held] == [(o, d) for o, _, d in rows]
    if aspect == "pitch":
        return [p for _, p, _ in held] == [p for _, p, _ in rows]
    if aspect == "skeleton":
        return {(o, p) for o, p, _ in held} <= {(o, p) for o, p, _ in rows}
    return set(held) <= set(rows)


@dataclass(frozen=True, eq=False)
class Around:
    """A wish that gives way to held notes: what is held may break it, new notes may not.

    Only `check` is left as the wish has it: see `zhiyin.fill.act` for what it is shown.
    """

    wish: Constraint
    pinned: Pinned

    @property
    def name(self) -> str:
        """Return the wish's name."""
        return self.wish.name

    @property
    def is_hard(self) -> bool:
        """Return whether the wish is hard."""
        return self.wish.is_hard

    @property
    def trust(self) -> float:
        """Return the wish's trust."""
        return self.wish.trust

    @property
    def widens(self) -> bool:
        """Return whether the wish's choices are all kept where it leans."""
        return self.wish.widens

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Return the wish's mask with the next held onset, and END where only held notes may stand, let through."""
        mask, turn = self.wish.onset_mask(cell), self.pinned.turn(cell)
        if mask is None or turn is None:
            return mask
        mask = mask.copy()
        if turn.due is not None and turn.hold.aspect != "pitch":
            mask[turn.due[0] - cell.start] = True
        elif turn.due is None and not turn.hold.free:
            mask[END] = True
        return mask

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return the wish's mask with the held pitch let through."""
        mask, turn = self.wish.value_mask(cell, onset), self.pinned.turn(cell)
        if mask is None or turn is None or turn.due is None or turn.hold.aspect == "rhythm":
            return mask
        if turn.hold.aspect == "pitch" or turn.due[0] - cell.start == onset:
            mask = mask.copy()
            mask[turn.due[2]] = True
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Return the wish's mask; none for a held note."""
        turn = self.pinned.turn(cell)
        if turn is not None and turn.due is not None and turn.hold.aspect != "pitch":
            is_due = turn.due[0] - cell.start == onset
            if is_due and (turn.hold.aspect == "rhythm" or turn.due[2] == value):
                return None
        return self.wish.duration_mask(cell, onset, value)

    def chord_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return the wish's mask."""
        return self.wish.chord_mask(cell, onset)

    def chord_due(self, cell: CellState, onset: int) -> Chord | None:
        """Return the wish's chord."""
        return self.wish.chord_due(cell, onset)

    def chord_lengths(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return the wish's lengths of chords."""
        return self.wish.chord_lengths(cell, onset)

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Return the wish's bias."""
        return self.wish.onset_bias(cell)

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Return the wish's bias."""
        return self.wish.value_bias(cell, onset)

    def check(self, score: Score) -> Verdict:
        """Return the wish's own check."""
        return self.wish.check(score)
