"""Requests and takes: every musical act is 'given a score, these cells to write, and wishes, write the cells'.

Conventions: cells are (part, bar) of the score, CHORD_ROW for the chord row; texture wishes are levels of
`zhiyin.encode.levels`, -1 open. This module does not decode: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import Constraint, Verdict
from zhiyin.fill.sampling import Sampling
from zhiyin.rights.content import content_of
from zhiyin.score import CHORD_ROW, Cell, Score
from zhiyin.units import IntArray

MAX_TAKES = 8


@dataclass(frozen=True, eq=False)
class Textures:
    """Texture wishes, (bars, parts) each: density and polyphony levels (-1 open), mean pitch (nan open)."""

    density: IntArray
    polyphony: IntArray
    register_pitch: NDArray[np.float64]

    @classmethod
    def open(cls, bars: int, parts: int) -> Textures:
        """Return wishes that leave everything open."""
        levels = np.full((bars, parts), -1, np.int64)
        return cls(levels, levels.copy(), np.full((bars, parts), np.nan))


@dataclass(frozen=True, eq=False)
class Request:
    """One fill: which cells of a score to write, under which wishes.

    score: quantised; write: cells to write; instruments: per part, a name of INSTRUMENTS or "" (from its program);
    style: a name of STYLES or None; mood: quadrant code or None; like: (bars,) earlier bar to resemble, -1 none,
    -2 not told; not told when omitted.
    """

    score: Score
    write: frozenset[Cell]
    constraints: tuple[Constraint, ...] = ()
    seed: int = 0
    takes: int = 1
    family: str = "transformer"
    style: str | None = None
    mood: int | None = None
    instruments: tuple[str, ...] = ()
    textures: Textures | None = None
    like: IntArray | None = None
    bars: int = 0
    sampling: Sampling = field(default_factory=Sampling)

    def __post_init__(self) -> None:
        if not self.write:
            raise InvalidInput("a request must name cells to write, got none: choose bars and parts")
        if not 1 <= self.takes <= MAX_TAKES:
            raise InvalidInput(f"takes must be 1..{MAX_TAKES}, got {self.takes}")
        wrong = [c for c in self.write if not (CHORD_ROW <= c.part < len(self.score.parts) and c.bar >= 0)]
        if wrong:
            raise InvalidInput(
                f"cells must lie in the score's {len(self.score.parts)} parts, "
                f"got part {wrong[0].part}, bar {wrong[0].bar}"
            )

    def digest(self) -> str:
        """Return a short fingerprint of what was asked, for provenance."""
        content = content_of(self.score)
        frame = [(p.name, p.role, p.program, p.is_drums) for p in self.score.parts]
        given = (content.notes, content.marks, frame, self.score.length_ticks)
        text = repr((given, sorted(self.write), self.seed, self.family, self.style, self.mood, self.sampling))
        text += repr([constraint.name for constraint in self.constraints])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Report:
    """Each wish, kept or not, with the measured value."""

    verdicts: tuple[Verdict, ...]

    @property
    def is_kept(self) -> bool:
        """Return whether every hard wish was kept."""
        return all(v.kept for v in self.verdicts if v.is_hard)


@dataclass(frozen=True, slots=True)
class Choice:
    """Why one of several takes was kept: its place (from 1) among how many, and the reasons in English and Chinese."""

    chosen: int
    among: int
    text_en: str
    text_zh: str


@dataclass(frozen=True, eq=False)
class Take:
    """One answer: the score, what was asked, the report, and why it was chosen where there were several."""

    score: Score
    request: Request
    seed: int
    report: Report
    steps: int = 0
    choice: Choice | None = None
