"""The style book as values: what a style file says, ready to be played.

Conventions: energy levels are 1..5; section kinds are the names of `SECTIONS`; tempo in quarters a minute.
This module reads no files (`zhiyin.stylebook.read`) and plays nothing (`zhiyin.stylebook.arrange`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm

LEVELS = (1, 5)
# Section kinds, each with the kinds whose patterns it borrows when a style says nothing for it.
SECTIONS: dict[str, tuple[str, ...]] = {
    "intro": (), "verse": ("A",), "pre-chorus": ("build",), "chorus": ("drop", "B"), "bridge": ("break", "C"),
    "solo": ("chorus", "C"), "break": ("bridge",), "build": ("pre-chorus",), "drop": ("chorus", "B"),
    "outro": ("coda",), "coda": ("outro",),
    "interlude": ("bridge",), "A": ("verse",), "B": ("chorus", "drop"), "C": ("bridge", "break"),
    "D": ("solo", "B"),
}  # fmt: skip
JOBS = ("drums", "bass", "comp", "arp", "lead", "riser")
VOICINGS = (
    "close",
    "shell",
    "rootless",
    "drop2",
    "spread",
    "power",
    "dyad",
    "guide",
    "root-fifth",
    "octaves",
)
ENDINGS = ("ring", "hit", "tag", "ritard", "cut")
ORDERS = ("up", "down", "updown", "random")
LEAD_FORMS = ("aaba", "abac", "aabc", "riff", "call")
SCALES = ("mode", "pentatonic")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: rows of text by drum (or the single row ""), and for fills the beats of groove kept before it."""

    rows: tuple[tuple[str, str], ...]
    keep: int = 0

    @property
    def text(self) -> str:
        """Return the only row of a pitched pattern."""
        return self.rows[0][1]

    @property
    def is_rest(self) -> bool:
        """Return whether the pattern says that nothing is played."""
        return not any(set(text) - set(".|") for _, text in self.rows)


@dataclass(frozen=True, slots=True)
class Case:
    """When patterns hold: a section kind ("" for any), and the lowest and highest level."""

    section: str
    low: int
    high: int
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns by section and level.

    >>> Patterns((Case("", 1, 5, ()),)).find("verse", 3)
    ()
    """

    cases: tuple[Case, ...] = ()

    def find(self, section: str, level: int) -> tuple[Pattern, ...]:
        """Return the patterns of the closest case: the section's own, a kindred one's, any; else the nearest level."""
        for name in (section, *SECTIONS.get(section, ()), ""):
            fitting = [c for c in self.cases if c.section == name and c.low <= level <= c.high]
            if fitting:
                return min(fitting, key=lambda c: c.high - c.low).patterns
        near = [
            c for name in (section, *SECTIONS.get(section, ()), "") for c in self.cases if c.section == name
        ]
        return min(near, key=lambda c: max(c.low - level, level - c.high)).patterns if near else ()


@dataclass(frozen=True, slots=True)
class PlayerBook:
    """How one player of a style plays.

    job: one of JOBS; low, high: MIDI range kept; voicing: one of VOICINGS with `voices` notes; gate: share of a
    written length that sounds; loud: added to velocities; levels: energies at which it plays; skips, only: sections
    in which it rests, or the only ones in which it plays; order: of an arpeggio; form, scale, leap: of a lead.
    """

    name: str
    instrument: str
    role: str
    job: str
    patterns: Patterns
    fills: Patterns = Patterns()
    low: int = 36
    high: int = 84
    voicing: str = "close"
    voices: int = 3
    gate: float = 0.9
    loud: int = 0
    levels: tuple[int, int] = LEVELS
    skips: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    order: str = "up"
    form: str = "aaba"
    scale: str = "mode"
    leap: float = 0.2
    is_extra: bool = False

    def plays(self, section: str, level: int) -> bool:
        """Return whether the player is heard in a section at a level."""
        if section in self.skips or (self.only and section not in self.only):
            return False
        return self.levels[0] <= level <= self.levels[1]


@dataclass(frozen=True, slots=True)
class Progression:
    """Roman numerals bar by bar (several in a bar share it), and how often it is taken."""

    bars: tuple[tuple[str, ...], ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a style likes: section names with their bars."""

    sections: tuple[tuple[str, int], ...]

    @property
    def bars(self) -> int:
        """Return the length in bars."""
        return sum(bars for _, bars in self.sections)


@dataclass(frozen=True, slots=True)
class Style:
    """One style of the book.

    tempo: (slowest, usual, fastest); swing: 0 straight .. 1 triplets of `swing_unit` notes (8 or 16); feel: row of the
    groove table or "machine"; major: share of major pieces; ending: one of ENDINGS; fill_every: bars between fills;
    stops: chance of a stop before a louder section; crash: lowest level with a crash on a section's start (6 never);
    bass_pushes: whether the bass need not meet every chord on its downbeat;
    human: share of progressions taken from human ones; has_rolls: whether drums play triplets and rolls; chromatic:
    whether basses lead into chords by half steps outside the key.
    """

    name: str
    en: str
    zh: str
    tempo: tuple[Bpm, Bpm, Bpm]
    metres: tuple[Metre, ...]
    swing: float
    swing_unit: int
    feel: str
    major: float
    ending: str
    fill_every: int
    stops: float
    crash: int
    human: float
    bass_pushes: bool
    forms: tuple[Form, ...]
    progressions: dict[str, dict[str, tuple[Progression, ...]]] = field(hash=False)
    players: tuple[PlayerBook, ...]
    has_rolls: bool = False
    chromatic: bool = False

    def progressions_for(self, mode: str, section: str) -> tuple[Progression, ...]:
        """Return the progressions of a section in `major` or `minor`, borrowed from kindred sections or `any`."""
        table = self.progressions.get(mode) or next(iter(self.progressions.values()))
        for name in (section, *SECTIONS.get(section, ()), "any"):
            if name in table:
                return table[name]
        return next(iter(table.values()))
