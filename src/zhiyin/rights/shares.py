"""Shares: how much of a piece comes from whom, in notes and in sounding time, whole, by part and by section.

Conventions: sounding time is the sum of the notes' written lengths in ticks; a note belongs to the section it starts
in. This module counts; it weighs nobody's merit: a drum stroke is a note, and chord symbols and tempos are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiyin.score import Notes, Origin, Score
from zhiyin.score.note import NO_ORIGIN
from zhiyin.score.provenance import KINDS, origins_of
from zhiyin.units import Ticks

UNKNOWN = "unknown"
ORIGIN_KINDS = (*KINDS, UNKNOWN)
BEFORE_SECTIONS = ""  # the name of what lies before the first section


@dataclass(frozen=True, slots=True)
class Share:
    """Notes and their sounding time, in ticks."""

    notes: int = 0
    ticks: Ticks = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.notes + other.notes, self.ticks + other.ticks)

    def of(self, whole: Share) -> tuple[float, float]:
        """Return this share of a whole: (of the notes, of the sounding time), 0..1; 0 of nothing.

        >>> Share(1, 100).of(Share(4, 200))
        (0.25, 0.5)
        """
        return self.notes / max(whole.notes, 1), self.ticks / max(whole.ticks, 1)


@dataclass(frozen=True, slots=True)
class Shares:
    """What each origin has of some notes.

    name: of the part or section; by_origin: index into the score's provenance (NO_ORIGIN: unknown) -> share, only of
    those that have notes here, in the table's order with the unknown last.
    """

    name: str
    whole: Share
    by_origin: dict[int, Share]
    by_kind: dict[str, Share]

    def to_json(self) -> dict[str, Any]:
        """Return the counts as whole numbers: {"notes": .., "ticks": .., "by_kind": .., "by_origin": ..}."""
        return {
            "name": self.name, "notes": self.whole.notes, "ticks": self.whole.ticks,
            "by_kind": {kind: [s.notes, s.ticks] for kind, s in self.by_kind.items()},
            "by_origin": [[index, s.notes, s.ticks] for index, s in self.by_origin.items()],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SharesReport:
    """The shares of a score: overall, of each part, of each section (none where the score names no section)."""

    origins: tuple[Origin, ...]
    overall: Shares
    parts: tuple[Shares, ...]
    sections: tuple[Shares, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values, all numbers whole."""
        return {
            "overall": self.overall.to_json(),
            "parts": [part.to_json() for part in self.parts],
            "sections": [section.to_json() for section in self.sections],
        }


def shares_of(score: Score) -> SharesReport:
    """Return who gave how much of a score.

    >>> from zhiyin.score import Part
    >>> notes = Notes.of([(0, 10, 60), (10, 30, 62)]).with_columns(origin=[0, -1])
    >>> shares_of(Score(parts=(Part("a", notes),), provenance=(Origin("person", "Ann"),))).overall.by_kind
    {'person': Share(notes=1, ticks=10), 'unknown': Share(notes=1, ticks=30)}
    """
    table = score.provenance
    parts = tuple(_counted(part.name, [part.notes], table) for part in score.parts)
    return SharesReport(
        table, _counted(score.title, [part.notes for part in score.parts], table), parts, _sections(score)
    )


def _sections(score: Score) -> tuple[Shares, ...]:
    if not score.sections:
        return ()
    starts = [section.tick for section in score.sections]
    edges = [*starts, 1 << 62]
    spans = [(s.name, edges[i], edges[i + 1]) for i, s in enumerate(score.sections)]
    if any(part.notes.between(0, starts[0]) for part in score.parts):
        spans.insert(0, (BEFORE_SECTIONS, 0, starts[0]))
    return tuple(
        _counted(name, [part.notes.between(start, end) for part in score.parts], score.provenance)
        for name, start, end in spans
    )


def _counted(name: str, pieces: list[Notes], table: tuple[Origin, ...]) -> Shares:
    by_origin = dict.fromkeys([*range(len(table)), NO_ORIGIN], Share())
    for notes in pieces:
        origin = origins_of(notes, len(table))
        for index in np.unique(origin).tolist():
            mine = origin == index
            by_origin[index] += Share(int(mine.sum()), int(notes.duration[mine].sum()))
    found = {index: share for index, share in by_origin.items() if share.notes}
    by_kind = dict.fromkeys(ORIGIN_KINDS, Share())
    for index, share in found.items():
        by_kind[kind_of(index, table)] += share
    return Shares(
        name,
        sum(found.values(), Share()),
        found,
        {kind: share for kind, share in by_kind.items() if share.notes},
    )


def kind_of(index: int, table: tuple[Origin, ...]) -> str:
    """Return the kind of an index into a table of origins: person, file, model or unknown."""
    return table[index].kind if index != NO_ORIGIN else UNKNOWN
