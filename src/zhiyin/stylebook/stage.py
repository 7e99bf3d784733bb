"""The stage: what every player must know of the piece — bars, sections, levels, chords — in one value.

Conventions: ticks; levels 1..5 from a section's energy; section kinds are names of the book.
This module plays nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np

from zhiyin.score import Notes
from zhiyin.stylebook.book import SECTIONS, Pattern, Patterns, Style
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm, Ticks

# Names that plans use for what the book calls otherwise.
_KINDS = {
    "prechorus": "pre-chorus",
    "refrain": "chorus",
    "hook": "chorus",
    "breakdown": "break",
    "middle": "bridge",
}
Row = tuple[Ticks, Ticks, int, int]  # onset, duration, pitch, velocity


class SectionLike(Protocol):
    """A stretch of the form; `zhiyin.fill.plan.PlannedSection` is one."""

    @property
    def name(self) -> str:
        """Return the section's name."""
        ...

    @property
    def first_bar(self) -> int:
        """Return its first bar."""
        ...

    @property
    def bars(self) -> int:
        """Return its length in bars."""
        ...

    @property
    def energy(self) -> float:
        """Return its energy, 0..1."""
        ...

    @property
    def key_shift(self) -> int:
        """Return the semitones above the home key."""
        ...


class PlayerLike(Protocol):
    """Who plays a part; `zhiyin.fill.plan.Player` is one."""

    @property
    def instrument(self) -> str:
        """Return the instrument's name."""
        ...

    @property
    def part(self) -> str:
        """Return the part's name."""
        ...

    @property
    def role(self) -> str:
        """Return the part's role."""
        ...

    @property
    def program(self) -> int:
        """Return the GM program."""
        ...

    @property
    def is_drums(self) -> bool:
        """Return whether it is a drum part."""
        ...


class PlanLike(Protocol):
    """A piece before its notes; `zhiyin.fill.plan.Plan` and `Sketch` are such."""

    @property
    def title(self) -> str:
        """Return the title."""
        ...

    @property
    def key(self) -> Key:
        """Return the home key."""
        ...

    @property
    def metre(self) -> Metre:
        """Return the metre of every bar."""
        ...

    @property
    def tempo_bpm(self) -> Bpm:
        """Return quarters a minute."""
        ...

    @property
    def bars(self) -> int:
        """Return the length in bars."""
        ...

    @property
    def sections(self) -> Sequence[SectionLike]:
        """Return the sections in order."""
        ...

    @property
    def chords(self) -> Sequence[tuple[Ticks, Chord]]:
        """Return (tick, chord) from tick 0 on."""
        ...

    @property
    def players(self) -> Sequence[PlayerLike]:
        """Return the players."""
        ...

    @property
    def energy(self) -> Sequence[float]:
        """Return one energy 0..1 a bar."""
        ...


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its number, first tick, section (index, kind, level, energy), place in the section and scale."""

    number: int
    start: Ticks
    section: int
    kind: str
    level: int
    energy: float
    place: int
    bars: int
    scale: frozenset[int]
    tonic: int

    @property
    def is_last(self) -> bool:
        """Return whether the bar closes its section."""
        return self.place == self.bars - 1


@dataclass(frozen=True)
class Stage:
    """The piece as players see it.

    stop_ticks: where the band stops dead before a section, by bar number; is_loop: the end leads back.
    """

    style: Style
    plan: PlanLike
    bars: tuple[Bar, ...]
    stop_ticks: dict[int, Ticks] = field(hash=False)
    is_loop: bool = False

    @property
    def metre(self) -> Metre:
        """Return the metre."""
        return self.plan.metre

    @property
    def end(self) -> Ticks:
        """Return the last tick."""
        return len(self.bars) * self.metre.bar_ticks

    def chord_index(self, tick: Ticks) -> int:
        """Return the index of the chord in force at a tick."""
        return max(0, bisect_right(self.plan.chords, tick, key=lambda mark: mark[0]) - 1)

    def chord_at(self, tick: Ticks) -> Chord:
        """Return the chord in force at a tick."""
        return self.plan.chords[self.chord_index(tick)][1]

    def change_after(self, tick: Ticks) -> Ticks:
        """Return the tick of the next chord, or the end."""
        index = self.chord_index(tick) + 1
        return self.plan.chords[index][0] if index < len(self.plan.chords) else self.end

    def closing(self) -> list[tuple[Ticks, Ticks]]:
        """Return (onset, duration) of the last bar's strokes: one a chord, the last as long as the style's ending."""
        start = self.bars[-1].start
        onsets = [start, *(tick for tick, _ in self.plan.chords if tick > start)]
        ends = [*onsets[1:], self.end]
        lengths = [end - onset for onset, end in zip(onsets, ends, strict=True)]
        if self.style.ending in ("hit", "cut"):
            lengths[-1] = min(lengths[-1], self.metre.beat_ticks)
        elif self.style.ending == "tag" and len(onsets) == 1 and self.metre.beats > 2:
            again = self.metre.beat_ticks * 3 // 2  # the band says it twice: on one, and off the second beat
            onsets, lengths = [start, start + again], [self.metre.beat_ticks // 2, lengths[0] - again]
        return list(zip(onsets, lengths, strict=True))

    def thins(self, bar: Bar, offset: Ticks) -> bool:
        """Return whether a stroke is left out because the piece broadens into its last bar."""
        is_before = bar.number == len(self.bars) - 2 and not self.is_loop and self.style.ending == "ritard"
        return is_before and self.metre.weight(offset) < 0.5

    def is_change(self, tick: Ticks) -> bool:
        """Return whether a chord begins at a tick."""
        return self.plan.chords[self.chord_index(tick)][0] == tick

    def bar_at(self, tick: Ticks) -> Bar:
        """Return the bar that a tick lies in."""
        return self.bars[min(tick // self.metre.bar_ticks, len(self.bars) - 1)]

    def allowed(self, tick: Ticks) -> set[int]:
        """Return the pitch classes of the scale and of the chord at a tick."""
        chord = self.chord_at(tick)
        return {*self.bar_at(tick).scale, *chord.pitch_classes, chord.bass}


def kind_of(name: str) -> str:
    """Return the book's section kind of a plan's section name; unknown names play as a verse.

    >>> kind_of("breakdown"), kind_of("verse 2")
    ('break', 'verse')
    """
    word = name.strip().split(" ")[0]
    word = word if word in SECTIONS else word.lower()
    word = _KINDS.get(word, word)
    return word if word in SECTIONS else "verse"


def level_of(energy: float) -> int:
    """Return the level 1..5 of an energy 0..1.

    >>> level_of(0.0), level_of(0.45), level_of(1.0)
    (1, 3, 5)
    """
    return min(5, 1 + int(energy * 5))


def scale_of(key: Key) -> frozenset[int]:
    """Return the pitch classes that tunes use in a key: seven in plain modes, fewer where the mode has fewer."""
    classes = key.pitch_classes
    return (
        frozenset(classes - {(key.tonic + 9) % 12, (key.tonic + 11) % 12}) if key.mode == "minor" else classes
    )


def build_stage(plan: PlanLike, style: Style, rng: np.random.Generator, *, is_loop: bool = False) -> Stage:
    """Return the stage of a plan: bars with their sections and levels, and where the band stops."""
    bars: list[Bar] = []
    size = plan.metre.bar_ticks
    for index, section in enumerate(plan.sections):
        key = plan.key.transpose(section.key_shift)
        mean = float(np.mean(plan.energy[section.first_bar : section.first_bar + section.bars]))
        for place in range(section.bars):
            number = section.first_bar + place
            bars.append(
                Bar(number, number * size, index, kind_of(section.name), level_of(mean), plan.energy[number], place,
                    section.bars, scale_of(key), key.tonic)
            )  # fmt: skip
    return Stage(style, plan, tuple(bars), _stops(plan, style, bars, rng), is_loop)


def _stops(plan: PlanLike, style: Style, bars: list[Bar], rng: np.random.Generator) -> dict[int, Ticks]:
    stops: dict[int, Ticks] = {}
    for bar, after in pairwise(bars):
        dice = rng.random()
        if bar.is_last and bar.bars >= 4 and after.level > bar.level and dice < style.stops:
            stops[bar.number] = bar.start + plan.metre.bar_ticks - plan.metre.beat_ticks
    return stops


@dataclass
class Chooser:
    """Which variation of a pattern each section kind plays: drawn once, kept for the piece."""

    rng: np.random.Generator
    drawn: dict[tuple[str, int, int], float] = field(default_factory=dict)

    def choose(self, patterns: Patterns, bar: Bar, *, salt: int = 0) -> Pattern | None:
        """Return the pattern of a bar, None where the book has none."""
        pool = patterns.find(bar.kind, bar.level)
        if not pool:
            return None
        key = (bar.kind, bar.level, salt)
        if key not in self.drawn:
            self.drawn[key] = float(self.rng.random())
        return pool[int(self.drawn[key] * len(pool))]


def velocity(base: float, *, level: int, weight: float, symbol: str = "x") -> int:
    """Return a velocity 1..127 of a stroke: louder with the level and the metrical weight, by its symbol."""
    steps = {"X": 14, "o": -28, "c": -34, "g": -30, "a": 4, "r": -8, "t": -4, "l": -6}
    value = base + 5 * (level - 3) + 10 * (weight - 0.4) + steps.get(symbol, 0)
    return int(min(124, max(18, round(value))))


def to_notes(rows: Sequence[Row]) -> Notes:
    """Return the notes of rows, the longer of two that strike one pitch at one tick kept, none overlapping itself."""
    best: dict[tuple[int, int], Row] = {}
    for row in rows:
        key = (row[0], row[2])
        if row[1] > 0 and (key not in best or row[1] > best[key][1]):
            best[key] = row
    last: dict[int, tuple[int, int]] = {}
    kept: list[Row] = []
    for row in sorted(best.values()):
        before = last.get(row[2])
        if before is not None and before[1] > row[0]:
            index = before[0]
            kept[index] = (kept[index][0], row[0] - kept[index][0], *kept[index][2:])
        last[row[2]] = (len(kept), row[0] + row[1])
        kept.append(row)
    return Notes.of(kept)
