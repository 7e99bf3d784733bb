"""The wish that music is new: no run of 24 notes or more repeats a piece that the model learned from.

Conventions: runs are counted in notes of a part's top line, with equal intervals and equal length ratios.
Figures that go round (an Alberti bass, an ostinato) are nobody's own. This module does not say what the law says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict, bar_list
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.fill.originality_guard import Follower, Note
from zhiyin.rights.lines import Line, is_telling, top_line_of
from zhiyin.rights.report import tune_runs
from zhiyin.rights.search import shared_runs
from zhiyin.rights.storage import Library, shipped_library
from zhiyin.score import Cell, Score, Timeline
from zhiyin.units import TICKS_PER_STEP, BoolArray, IntArray

LONGEST = 24  # a run of so many notes is refused
_ONSETS = 193


@dataclass(frozen=True, eq=False)
class Given:
    """What of the cells to write is a person's: runs are then counted in notes that are not.

    since: the step from which a cell's line is new; held: notes of the cell that were given.
    """

    since: Mapping[Cell, int]
    held: Mapping[Cell, Hold]

    def is_held(self, cell: Cell, step: int, pitch: int) -> bool:
        """Return whether a note of a cell was given; one whose pitch alone is held counts as given."""
        hold = self.held.get(cell)
        if hold is None or hold.aspect == "rhythm":
            return False
        return hold.aspect == "pitch" or any((o, p) == (step, pitch) for o, _, p in hold.notes)


@dataclass(frozen=True)
class Original(Unmasked):
    """No part's top line repeats 24 notes or more of a training piece, nor of a tune that is only compared with.

    write: cells the model writes, None for all; a run is refused when it holds a written note, and only told when
    all its notes were given. library: what to compare with, None for the one that ships. given: where a person's own
    notes stand among the written ones; the person may have brought a training piece, so that a run is refused when
    24 of its notes are new.
    """

    write: frozenset[Cell] | None = None
    longest: int = LONGEST
    library: Library | None = None
    given: Given | None = None
    name: str = "original"
    _followers: dict[int, Follower] = field(default_factory=dict, compare=False, repr=False)

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Forbid what would make a copied run too long."""
        if cell.is_drums:
            return None
        step = cell.start + onset
        line = cell.line[:-1] if cell.line and cell.line[-1][0] == step else cell.line
        if self.given is not None:
            begin = self.given.since.get(Cell(cell.part, cell.bar), 0)
            line = [note for note in line if note[0] >= begin]
        return ~self._follower(cell.part, line).forbidden(step)

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Forbid to end the cell where the notes after it would complete a copied run."""
        if cell.is_drums or not cell.after or self.given is not None:
            return None
        mask = np.ones(_ONSETS, bool)
        mask[-1] = not self._follower(cell.part, cell.line).would_join(cell.after)
        return mask

    def _follower(self, part: int, line: list[Note]) -> Follower:
        if part not in self._followers:
            self._followers[part] = Follower(self.library or shipped_library(), longest=self.longest)
        follower = self._followers[part]
        follower.follow(line)
        return follower

    def check(self, score: Score) -> Verdict:
        """Search every part's whole line in the index and measure its longest shared runs."""
        timeline = Timeline.of(score)
        longest, own, bars = 0, 0, set[int]()
        for index, part in enumerate(score.parts):
            if part.is_drums or not len(part.notes):
                continue
            line = top_line_of(index, part)
            bar = np.atleast_1d(np.asarray(timeline.bar_of(line.onset * TICKS_PER_STEP), np.int64))
            is_written = self._written(index, line, bar)
            for first, notes in self._runs(line):
                fresh = int(np.count_nonzero(is_written[first : first + notes]))
                counted = notes if self.given is None else fresh
                if fresh:
                    longest = max(longest, counted)
                    bars |= set(bar[first : first + notes].tolist()) if counted >= self.longest else set()
                else:
                    own = max(own, notes)
        return self._verdict(longest, own, sorted(bars))

    def _written(self, part: int, line: Line, bars: IntArray) -> BoolArray:
        """Return which notes of a line the model wrote."""
        cells = [Cell(part, bar) for bar in bars.tolist()]
        if self.write is None:
            return np.ones(len(cells), bool)
        given, notes = self.given, zip(cells, line.onset.tolist(), line.pitch.tolist(), strict=True)
        return np.array(
            [
                c in self.write and not (given is not None and given.is_held(c, step, pitch))
                for c, step, pitch in notes
            ],
            bool,
        )

    def _runs(self, line: Line) -> list[tuple[int, int]]:
        """Return (first note, notes) of every shared run that counts."""
        library = self.library or shipped_library()
        runs = shared_runs(library.melodies, line, with_rhythm=True)
        width, found = self.longest - 1, []
        for first, length in zip(runs.ours.tolist(), runs.length.tolist(), strict=True):
            if length < width:
                found.append((first, length + 1))
                continue
            # Of a longer run only stretches count that are more than a figure going round.
            tells = [
                first + i
                for i in range(length - width + 1)
                if is_telling(line.intervals[first + i : first + i + width])
            ]
            found += [(tells[0], tells[-1] - tells[0] + self.longest)] if tells else [(first, width)]
        return found + tune_runs(library, line)

    def _verdict(self, longest: int, own: int, bars: list[int]) -> Verdict:
        kept = longest < self.longest
        given = f"; {own} in the notes given" if own >= self.longest else ""
        given_zh = f"；给定的音符里有 {own} 个音相同" if own >= self.longest else ""
        return Verdict(
            self.name, True, kept, f"longest shared run {longest} notes{given}", "" if kept else bar_list(bars),
            f"The longest run shared with a training piece has {longest} notes, fewer than {self.longest} are "
            f"allowed{given}.",
            f"与训练曲目相同的最长片段为 {longest} 个音（须少于 {self.longest} 个）{given_zh}。",
        )  # fmt: skip
