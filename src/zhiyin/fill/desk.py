"""The desk: a person's score laid out for writing, beside the copy on the grid that a model reads.

Conventions: `own` is never changed; `frame` is on the grid, with keys, chords and roles found where none were given;
`warp` maps its ticks to those of `own`. This module writes no notes: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.analysis.beats_grid import to_grid
from zhiyin.analysis.harmony import find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.analysis.roles import find_roles
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score, Timeline, Warp, quantise
from zhiyin.score.find_parts import find_parts
from zhiyin.score.quantise import snap
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP, IntArray

GATE_TICKS = 3 * TICKS_PER_STEP  # a note let go so little before the next one was meant to last until it
SPILL_TICKS = TICKS_PER_QUARTER // 2  # a note held less than this past a bar line was let go late


@dataclass(frozen=True, eq=False)
class Desk:
    """A score as given and as read.

    own: the person's; frame: quantised, same parts; warp: frame ticks to own ticks; onsets: per part, where each of the
    person's notes begins on the grid; has_own_chords: whether the chord marks of the frame are the person's, not found;
    is_performed: whether the person played apart from the written beats, so that bars are those found.
    """

    own: Score
    frame: Score
    warp: Warp
    onsets: tuple[IntArray, ...]
    has_own_chords: bool
    is_performed: bool = False

    @property
    def bars(self) -> int:
        """Return how many bars the music fills; a release that spills over a bar line opens no new bar."""
        line = Timeline.of(self.frame)
        played = [p.notes for p in self.frame.parts if len(p.notes)]
        if not played:
            return line.bar_count(self.frame.length_ticks)
        last = max(int(n.onset.max()) for n in played)
        held = max(n.end for n in played) - SPILL_TICKS
        return max(line.bar_count(last + 1), line.bar_count(held))

    def parts_named(self, text: str) -> tuple[int, ...]:
        """Return the parts that a text names, by the roles found where the score tells none. Raises InvalidInput."""
        try:
            return find_parts(self.own, text)
        except InvalidInput:
            return find_parts(self.frame, text)

    def with_parts(self, added: Sequence[Part]) -> Desk:
        """Return the desk with parts added at the end; they hold no notes yet."""
        if any(len(part.notes) for part in added):
            raise InvalidInput("parts added to a desk must be empty: write their notes with an act")
        none = np.empty(0, np.int64)
        return replace(
            self, own=self.own.with_parts((*self.own.parts, *added)),
            frame=self.frame.with_parts((*self.frame.parts, *added)),
            onsets=(*self.onsets, *(none for _ in added)),
        )  # fmt: skip

    def instruments(self) -> tuple[str, ...]:
        """Return the instrument name of each part, from its program."""
        return tuple(instrument_for_program(p.program, is_drums=p.is_drums).name for p in self.frame.parts)


def lay_out(score: Score) -> Desk:
    """Return the desk of a score; beats and bars are found where it was played apart from them.

    Raises InvalidInput for a score without parts.

    >>> lay_out(Score(parts=(Part("Flute"),))).bars
    0
    """
    if not score.parts:
        raise InvalidInput(
            f"a score must have parts to be worked on, got none in {score.title!r}: use compose"
        )
    grid = to_grid(score)
    onsets = tuple(snap(part.notes.onset[row]) for part, row in zip(grid.frame.parts, grid.rows, strict=True))
    frame = _told(without_gates(quantise(grid.frame)[0]))
    return Desk(score, frame, grid.warp, onsets, bool(score.chords), is_performed=grid.beats.kind == "free")


def without_gates(frame: Score) -> Score:
    """Return the score on the grid with notes that a sequencer let go a hair early held to the next note or beat part.

    A gap of less than a thirty-second before the part's next note is closed; else an end just short of a sixteenth or
    a triplet moves there. Pages and models count lengths, not gates.
    """
    return frame.with_parts(
        part if part.is_drums or not len(part.notes) else part.with_notes(_held(part.notes))
        for part in frame.parts
    )


def _held(notes: Notes) -> Notes:
    starts, end = np.unique(notes.onset), notes.offset
    behind = np.append(starts, np.iinfo(np.int64).max)[np.searchsorted(starts, end)]
    parts = np.array([TICKS_PER_QUARTER // 4, TICKS_PER_QUARTER // 3], np.int64)
    nearest = (-(-end[:, None] // parts) * parts).min(axis=1)
    wanted = np.where(behind - end <= GATE_TICKS, behind, np.where(nearest - end <= GATE_TICKS, nearest, end))
    wanted = np.minimum(wanted, behind)  # never over the next note
    keep = (notes.duration < GATE_TICKS) | (wanted <= end)
    return notes.with_columns(duration=np.where(keep, end, wanted) - notes.onset)


def _told(frame: Score) -> Score:
    """Return the frame with roles, keys and chords found where it gives none."""
    if any(p.role == "unknown" for p in frame.parts):
        roles = find_roles(frame)
        frame = frame.with_parts(
            replace(p, role=r) if p.role == "unknown" else p for p, r in zip(frame.parts, roles, strict=True)
        )
    if not frame.keys and frame.note_count:
        frame = replace(frame, keys=find_keys(frame))
    if not frame.chords and frame.note_count:
        frame = replace(frame, chords=find_chords(frame, frame.keys))
    return frame
