"""The desk: a person's score laid out for writing, beside the copy on the grid that a model reads.

Conventions: `own` is never changed; `frame` is on the grid, with keys, chords and roles found where none were given;
`warp` maps its ticks to those of `own`. This module writes no notes: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhiyin.analysis.harmony import find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.analysis.roles import find_roles
from zhiyin.errors import InvalidInput
from zhiyin.score import Part, Score, Timeline, Warp, quantise
from zhiyin.score.quantise import snap
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.units import TICKS_PER_QUARTER, IntArray

SPILL_TICKS = TICKS_PER_QUARTER // 2  # a note held less than this past a bar line was let go late


@dataclass(frozen=True, eq=False)
class Desk:
    """A score as given and as read.

    own: the person's; frame: quantised, same parts; warp: frame ticks to own ticks; has_own_chords: whether the chord
    marks of the frame are the person's, not found.
    """

    own: Score
    frame: Score
    warp: Warp
    has_own_chords: bool

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

    def grid_onsets(self, part: int) -> IntArray:
        """Return where each of the person's notes of a part begins on the grid."""
        return snap(self.warp.to_frame(self.own.parts[part].notes.onset))

    def with_parts(self, added: Sequence[Part]) -> Desk:
        """Return the desk with parts added at the end; they hold no notes yet."""
        if any(len(part.notes) for part in added):
            raise InvalidInput("parts added to a desk must be empty: write their notes with an act")
        return replace(
            self, own=self.own.with_parts((*self.own.parts, *added)),
            frame=self.frame.with_parts((*self.frame.parts, *added)),
        )  # fmt: skip

    def instruments(self) -> tuple[str, ...]:
        """Return the instrument name of each part, from its program."""
        return tuple(instrument_for_program(p.program, is_drums=p.is_drums).name for p in self.frame.parts)


def lay_out(score: Score) -> Desk:
    """Return the desk of a score. Raises InvalidInput for a score without parts.

    >>> lay_out(Score(parts=(Part("Flute"),))).bars
    0
    """
    if not score.parts:
        raise InvalidInput(
            f"a score must have parts to be worked on, got none in {score.title!r}: use compose"
        )
    return Desk(score, _told(quantise(score)[0]), Warp(), bool(score.chords))


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
