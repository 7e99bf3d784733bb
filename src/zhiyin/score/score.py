"""The score: parts of notes and the marks that govern them all.

Conventions: every position is a tick; marks are sorted; a tempo and a metre stand at tick 0.
This module does not convert time (timeline.py), cut cells (grid.py) or edit (edit.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from zhiyin.errors import InvalidInput
from zhiyin.score.note import Notes
from zhiyin.score.provenance import Origin
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import MAX_BPM, MIN_BPM, Bpm, Ticks

LOCK_ASPECTS = ("notes", "rhythm", "pitch", "harmony", "lyric")
ROLES = ("melody", "chords", "accompaniment", "bass", "drums", "inner", "unknown")


@dataclass(frozen=True, slots=True, order=True)
class Tempo:
    """Quarter notes a minute from a tick on."""

    tick: Ticks
    bpm: Bpm

    def __post_init__(self) -> None:
        if not MIN_BPM <= self.bpm <= MAX_BPM:
            raise InvalidInput(
                f"tempo must be {MIN_BPM:g}..{MAX_BPM:g} BPM, got {self.bpm:g}: give a tempo in that range"
            )


@dataclass(frozen=True, slots=True)
class MetreMark:
    """A metre from a tick on; the tick begins a bar."""

    tick: Ticks
    metre: Metre


@dataclass(frozen=True, slots=True)
class KeyMark:
    """A key from a tick on."""

    tick: Ticks
    key: Key


@dataclass(frozen=True, slots=True)
class ChordMark:
    """A chord from a tick to the next mark; None is 'no chord'."""

    tick: Ticks
    chord: Chord | None


@dataclass(frozen=True, slots=True, order=True)
class Section:
    """A named stretch of the form from a tick to the next section."""

    tick: Ticks
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Control:
    """A controller value on a part: number 0..127 (64 sustain pedal), or 128 for pitch bend (0..16383)."""

    tick: Ticks
    number: int
    value: int


@dataclass(frozen=True, slots=True, order=True)
class Lock:
    """Material that no act may change: a part index, or -1 for all, a span of ticks, and which aspect of it.

    aspect: one of LOCK_ASPECTS; `notes` is all of them.
    """

    part: int
    start: Ticks
    end: Ticks
    aspect: str = "notes"

    def __post_init__(self) -> None:
        if self.aspect not in LOCK_ASPECTS:
            raise InvalidInput(
                f"a lock holds one of {', '.join(LOCK_ASPECTS)}, got {self.aspect!r}: choose one"
            )


@dataclass(frozen=True, slots=True)
class Part:
    """One player's line.

    role: one of ROLES; program: GM 0..127; is_drums: pitches are GM drum keys.
    """

    name: str
    notes: Notes = Notes()
    role: str = "unknown"
    program: int = 0
    is_drums: bool = False
    controls: tuple[Control, ...] = ()

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise InvalidInput(f"role must be one of {', '.join(ROLES)}, got {self.role!r}")
        if not 0 <= self.program <= 127:
            raise InvalidInput(f"program must be GM 0..127, got {self.program}")

    def with_notes(self, notes: Notes) -> Part:
        """Return this part with other notes."""
        return replace(self, notes=notes)


Mark = TypeVar("Mark", Tempo, MetreMark, KeyMark, ChordMark, Section, Control)


def _sorted_marks(marks: Iterable[Mark], name: str) -> tuple[Mark, ...]:
    ordered = tuple(sorted(marks, key=lambda mark: mark.tick))
    if ordered and ordered[0].tick < 0:
        raise InvalidInput(f"{name} must start at tick 0 or later, got {ordered[0].tick}")
    return ordered


@dataclass(frozen=True, slots=True)
class Score:
    """A piece: parts, and the marks that hold for all of them.

    pickup_ticks: length of an incomplete first bar (0: the first bar is whole); it must be shorter than a bar.
    credits: (kind, text) pairs such as ("composer", "阿炳"). length_ticks: written length when it is longer
    than the notes (closing rests), else 0.
    >>> Score().metres[0].metre.numerator, Score().tempos[0].bpm
    (4, 120.0)
    """

    title: str = ""
    parts: tuple[Part, ...] = ()
    tempos: tuple[Tempo, ...] = (Tempo(0, 120.0),)
    metres: tuple[MetreMark, ...] = (MetreMark(0, Metre(4, 4)),)
    keys: tuple[KeyMark, ...] = ()
    chords: tuple[ChordMark, ...] = ()
    sections: tuple[Section, ...] = ()
    pickup_ticks: Ticks = 0
    length_ticks: Ticks = 0
    locks: tuple[Lock, ...] = ()
    credits: tuple[tuple[str, str], ...] = ()
    provenance: tuple[Origin, ...] = ()

    def __post_init__(self) -> None:
        for name in ("tempos", "metres", "keys", "chords", "sections"):
            object.__setattr__(self, name, _sorted_marks(getattr(self, name), name))
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.tempos or self.tempos[0].tick != 0:
            object.__setattr__(self, "tempos", (Tempo(0, 120.0), *self.tempos))
        if not self.metres or self.metres[0].tick != 0:
            object.__setattr__(self, "metres", (MetreMark(0, Metre(4, 4)), *self.metres))
        if not 0 <= self.pickup_ticks < self.metres[0].metre.bar_ticks:
            raise InvalidInput(
                f"pickup_ticks must be shorter than a bar ({self.metres[0].metre.bar_ticks}), got {self.pickup_ticks}"
            )

    @property
    def end(self) -> Ticks:
        """Return the written end in ticks: the last note's end or `length_ticks`, whichever is later."""
        return max([self.length_ticks, *(part.notes.end for part in self.parts)])

    @property
    def note_count(self) -> int:
        """Return the number of notes in all parts."""
        return sum(len(part.notes) for part in self.parts)

    def with_parts(self, parts: Iterable[Part]) -> Score:
        """Return this score with other parts."""
        return replace(self, parts=tuple(parts))
