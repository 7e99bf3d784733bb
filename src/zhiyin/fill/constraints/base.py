"""The seam for wishes: masks while writing, an independent check after, words about it.

Conventions: masks are True where allowed; `check` reads the finished score only and shares no code with masks.
This module knows no single wish; the table is `zhiyin.fill.constraints.CONSTRAINTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from zhiyin.score import Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import Instrument
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a wish was kept.

    measured: the value found; where: bars and parts that break it, "" if kept; text_en, text_zh: one sentence.
    """

    name: str
    is_hard: bool
    kept: bool
    measured: str
    where: str
    text_en: str
    text_zh: str


@dataclass(slots=True)
class Sounding:
    """A segment being written: onset, end (steps in the column; end may pass the column for kept notes), pitch."""

    onset: int
    end: int
    pitch: int


@dataclass(slots=True)
class CellState:
    """The cell being written, as masks see it. Steps count from the column's start.

    sounding: what has been placed in this cell so far, what rings in from before included; attacks: distinct
    onsets written; chords: (step, chord) in force; strong: steps of strong beats; previous: (steps before the column,
    pitch) of the part's last note in earlier bars, or None; start: the column's first step in the score; line, after:
    the part's highest notes as (step of the score, pitch), up to now and behind the column where they stand already;
    line_of: the same of another part, by index, empty while its cell in this column is still to be written.
    """

    part: int
    bar: int
    length: int
    role: str
    is_drums: bool
    instrument: Instrument
    key: Key | None
    metre: Metre
    chords: list[tuple[int, Chord | None]]
    strong: frozenset[int]
    is_last_bar: bool
    sounding: list[Sounding] = field(default_factory=list)
    attacks: int = 0
    previous: tuple[int, int] | None = None
    start: int = 0
    line: list[tuple[int, int]] = field(default_factory=list)
    after: list[tuple[int, int]] = field(default_factory=list)
    line_of: Callable[[int], list[tuple[int, int]]] = lambda part: []

    def strike(self, step: int, pitch: int) -> None:
        """Add a note to the line; of notes struck at one step the last, highest one counts."""
        if self.line and self.line[-1][0] == step:
            self.line.pop()
        self.line.append((step, pitch))

    def struck_before(self, step: int) -> tuple[int, int] | None:
        """Return the (step of the score, pitch) that the line struck last before a step of the column, or None."""
        return next((n for n in reversed(self.line) if n[0] < self.start + step), None)

    def chord_at(self, step: int) -> Chord | None:
        """Return the chord in force at a step, or None."""
        found = None
        for start, chord in self.chords:
            if start > step:
                break
            found = chord
        return found

    def sounding_at(self, step: int) -> list[Sounding]:
        """Return what sounds at a step."""
        return [s for s in self.sounding if s.onset <= step < s.end]


class Constraint(Protocol):
    """One wish as a contract. A mask of None allows everything."""

    @property
    def name(self) -> str:
        """Return the wish's name, a key of CONSTRAINTS."""
        ...

    @property
    def is_hard(self) -> bool:
        """Return whether a take that breaks the wish is refused."""
        ...

    @property
    def trust(self) -> float:
        """Return how much of the model's log-probability still counts where the wish leans: 1 all of it."""
        ...

    @property
    def widens(self) -> bool:
        """Return whether rare choices stay open where the wish leans."""
        ...

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Return (193,) allowed onsets; the last is END."""
        ...

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return (128,) allowed pitches or drum keys at an onset."""
        ...

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Return (193,) allowed durations in steps; index 0 is never used."""
        ...

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Return (193,) what is added to the log-probability of each onset: steering short of a mask."""
        ...

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Return (128,) what is added to the log-probability of each pitch."""
        ...

    def chord_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return (VALUES,) allowed chords at an onset of the chord row."""
        ...

    def chord_due(self, cell: CellState, onset: int) -> Chord | None:
        """Return the one chord that may stand at an onset of the chord row, inversion and all; None leaves it open."""
        ...

    def chord_lengths(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return (193,) allowed lengths in steps of a chord of the chord row at an onset."""
        ...

    def check(self, score: Score) -> Verdict:
        """Return whether a finished score keeps the wish, measured from its notes alone."""
        ...


class Unmasked:
    """Base for wishes about the frame (tempo, metre, length): nothing to mask or steer, only to check."""

    is_hard = True
    trust: float = 1.0
    widens: bool = True

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Return None: every onset is allowed."""
        return None

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return None: every value is allowed."""
        return None

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Return None: every duration is allowed."""
        return None

    def chord_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return None: every chord is allowed."""
        return None

    def chord_due(self, cell: CellState, onset: int) -> Chord | None:
        """Return None: no chord is due."""
        return None

    def chord_lengths(self, cell: CellState, onset: int) -> BoolArray | None:
        """Return None: chords may last as long as they like."""
        return None

    def onset_bias(self, cell: CellState) -> FloatArray | None:
        """Return None: onsets are as likely as the model finds them."""
        return None

    def value_bias(self, cell: CellState, onset: int) -> FloatArray | None:
        """Return None: pitches are as likely as the model finds them."""
        return None


def bar_list(bars: list[int], *, most: int = 6) -> str:
    """Return 0-based bars as people count them.

    >>> bar_list([0, 1, 4])
    'bars 1, 2, 5'
    """
    if not bars:
        return ""
    shown = ", ".join(str(b + 1) for b in bars[:most])
    return f"bars {shown}" + (f" and {len(bars) - most} more" if len(bars) > most else "")
