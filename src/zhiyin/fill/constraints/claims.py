"""What wishes claim of the notes, in one vocabulary, so that wishes which exclude each other can be found beforehand.

Conventions: ticks of the score, ends open; a claim is about notes struck in [start, end) in its parts; pitches are
MIDI numbers (drum keys on drums). This module compares nothing: see `zhiyin.fill.conflicts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from zhiyin.score import Score
from zhiyin.units import Ticks

ONLY = "only"  # every note struck has one of the pitches
SOME = "some"  # at least one of the parts strikes one of the pitches
ONLY_AT = "only at"  # notes are struck at these ticks only
MUST_AT = "must at"  # each part strikes at these ticks
BETWEEN = "between"  # each part strikes somewhere else than at these ticks
COUNT = "count"  # each part strikes low..high times
LONGEST = "longest"  # no note is longer than high ticks
HOLDS = "holds"  # a note struck at start lasts at least low ticks
VOICES = "voices"  # low..high notes sound at once
CHORD = "chord"  # the harmony is these pitch classes
REACH = "reach"  # lowest and highest note lie at least low semitones apart
MOVES = "moves"  # these melodic steps in semitones are made
NO_MOVES = "no moves"  # these sizes of step are not made


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a wish asks of the notes struck in some parts from a tick to another.

    kind: one of the words above; pitches: MIDI numbers, pitch classes for CHORD, semitones for MOVES and NO_MOVES;
    ticks: places for ONLY_AT and MUST_AT; low, high: bounds of counts, lengths, semitones.
    """

    kind: str
    parts: frozenset[int]
    start: Ticks
    end: Ticks
    pitches: frozenset[int] = frozenset()
    ticks: frozenset[int] = frozenset()
    low: float = 0.0
    high: float = float("inf")


@runtime_checkable
class Claiming(Protocol):
    """A wish that can say what it claims."""

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return what the wish asks of the notes of a score with these bars and parts."""
        ...


def pitches_of(classes: Iterable[int]) -> frozenset[int]:
    """Return every MIDI number of pitch classes."""
    return frozenset(pitch for pitch_class in classes for pitch in range(pitch_class % 12, 128, 12))
