"""The plan: what a piece is to be before any note is written; a value to print, edit and pass back in.

Conventions: bars and sections count from 0; chord places are ticks; densities are attacks a quarter note.
This module does not decide anything (`zhiyin.fill.plan_make`) and writes no notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from zhiyin.errors import InvalidInput
from zhiyin.score.score import ROLES
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm, Seconds, Ticks, bpm_to_seconds_per_quarter, ticks_to_quarters

PLAN_FORMAT = "zhiyin-plan-1"


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A stretch of the form.

    like: index of the earlier section it repeats, or -1; variation: 0 (the same) to 1 (quite other);
    energy: 0..1; key_shift: semitones above the plan's key; mode: its own on that tonic, "" for the plan's.
    """

    name: str
    first_bar: int
    bars: int
    like: int = -1
    variation: float = 0.0
    energy: float = 0.5
    key_shift: int = 0
    mode: str = ""

    @property
    def end_bar(self) -> int:
        """Return the bar after the section's last."""
        return self.first_bar + self.bars


@dataclass(frozen=True, slots=True)
class Player:
    """Who plays a part: an instrument's name, the part's name, its role, GM program, whether it is a drum kit."""

    instrument: str
    part: str
    role: str
    program: int
    is_drums: bool = False


@dataclass(frozen=True, slots=True)
class Texture:
    """What one player does in one bar; None is open.

    density: attacks a quarter; polyphony: notes an attack; register: mean MIDI pitch; is_empty: the player rests;
    manner: how the bar goes, a pattern of `zhiyin.fill.manners`, "" open.
    """

    density: float | None = None
    polyphony: float | None = None
    register: float | None = None
    is_empty: bool = False
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Feeling:
    """What one bar is to feel like and how it is played.

    valence, arousal: the place aimed at; velocity: steps added to every note; articulation: factor on how long notes
    sound; tension, contour, leaps, rubato: -1..1 as in `zhiyin.theory.mood_cues`.
    """

    valence: float = 0.0
    arousal: float = 0.0
    velocity: float = 0.0
    articulation: float = 1.0
    tension: float = 0.0
    contour: float = 0.0
    leaps: float = 0.0
    rubato: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A piece before its notes.

    style: a name of STYLES, variant: the finer style asked for ("" if none); tempo_bpm: quarters a minute at the start;
    chords: (tick, chord) from tick 0 on; energy: one value 0..1 a bar; textures: [player][bar];
    polyphony: most notes at once in any part (None: the instrument's own); notes: what was decided, (en, zh);
    tempos: (tick, quarters a minute) of later changes; feelings: one a bar, () where no mood was asked.
    Raises InvalidInput when parts of the plan do not fit each other.
    """

    title: str
    style: str
    moods: tuple[str, ...]
    key: Key
    metre: Metre
    tempo_bpm: Bpm
    bars: int
    sections: tuple[PlannedSection, ...]
    chords: tuple[tuple[Ticks, Chord], ...]
    players: tuple[Player, ...]
    energy: tuple[float, ...]
    textures: tuple[tuple[Texture, ...], ...]
    variant: str = ""
    polyphony: int | None = None
    notes: tuple[tuple[str, str], ...] = ()
    tempos: tuple[tuple[Ticks, Bpm], ...] = ()
    feelings: tuple[Feeling, ...] = ()

    def __post_init__(self) -> None:
        _check_sections(self)
        _check_chords(self)
        _check_players(self)
        _check_feelings(self)
        if not 20 <= self.tempo_bpm <= 300:
            raise InvalidInput(
                f"tempo must be 20..300 BPM, got {self.tempo_bpm:g}: give a tempo in that range"
            )
        if len(self.energy) != self.bars or not all(0 <= value <= 1 for value in self.energy):
            raise InvalidInput(
                f"energy must be one value 0..1 for each of {self.bars} bars, got {self.energy!r}"
            )

    @property
    def length_ticks(self) -> Ticks:
        """Return the length of the piece in ticks."""
        return self.bars * self.metre.bar_ticks

    @property
    def seconds(self) -> Seconds:
        """Return the length of the piece in seconds at the plan's tempos."""
        marks = [(0, self.tempo_bpm), *self.tempos, (self.length_ticks, self.tempo_bpm)]
        return sum(
            ticks_to_quarters(after - tick) * bpm_to_seconds_per_quarter(bpm)
            for (tick, bpm), (after, _) in pairwise(marks)
        )

    def key_of(self, section: PlannedSection) -> Key:
        """Return the key of a section."""
        home = Key(self.key.tonic_fifths, section.mode) if section.mode else self.key
        return home.transpose(section.key_shift) if section.key_shift else home

    def section_at(self, bar: int) -> PlannedSection:
        """Return the section that a bar belongs to."""
        for section in self.sections:
            if section.first_bar <= bar < section.end_bar:
                return section
        raise InvalidInput(f"bar must be 0..{self.bars - 1}, got {bar}")

    def chord_at(self, tick: Ticks) -> Chord:
        """Return the chord that sounds at a tick."""
        return next(chord for start, chord in reversed(self.chords) if start <= tick)


def _check_sections(plan: Plan) -> None:
    place = 0
    for index, section in enumerate(plan.sections):
        if section.first_bar != place or section.bars < 1:
            raise InvalidInput(
                f"section {index} must start at bar {place} and have bars, got {section.first_bar} + {section.bars}"
            )
        if not -1 <= section.like < index:
            raise InvalidInput(f"section {index} must repeat an earlier one or none (-1), got {section.like}")
        if not (0 <= section.variation <= 1 and 0 <= section.energy <= 1):
            raise InvalidInput(
                f"variation and energy must be 0..1, got {section.variation}, {section.energy}"
            )
        place = section.end_bar
    if place != plan.bars or plan.bars < 1:
        raise InvalidInput(
            f"sections must add up to the plan's {plan.bars} bars, got {place}: change one of them"
        )


def _check_chords(plan: Plan) -> None:
    ticks = [tick for tick, _ in plan.chords]
    if not ticks or ticks[0] != 0 or ticks != sorted(set(ticks)) or ticks[-1] >= plan.length_ticks:
        raise InvalidInput(
            f"chords must start at tick 0, rise, and end before {plan.length_ticks}, got {ticks[:4]}..{ticks[-1:]}"
        )


def _check_feelings(plan: Plan) -> None:
    if len(plan.feelings) not in (0, plan.bars):
        raise InvalidInput(
            f"feelings must be one for each of {plan.bars} bars or none, got {len(plan.feelings)}"
        )
    ticks = [tick for tick, _ in plan.tempos]
    if ticks != sorted(set(ticks)) or (ticks and not 0 < ticks[0] <= ticks[-1] < plan.length_ticks):
        raise InvalidInput(f"changes of tempo must rise within the piece, got {ticks[:4]}")
    if not all(20 <= bpm <= 300 for _, bpm in plan.tempos):
        raise InvalidInput(
            f"tempo must be 20..300 BPM, got {[bpm for _, bpm in plan.tempos]}: give it in that range"
        )


def _check_players(plan: Plan) -> None:
    if not plan.players:
        raise InvalidInput("a plan must have at least one player, got none: name an instrument")
    for player in plan.players:
        if player.role not in ROLES:
            raise InvalidInput(f"role must be one of {', '.join(ROLES)}, got {player.role!r}")
    shape = [len(row) for row in plan.textures]
    if shape != [plan.bars] * len(plan.players):
        raise InvalidInput(
            f"textures must be {len(plan.players)} players x {plan.bars} bars, got rows of {shape}"
        )


def plan_to_json(plan: Plan) -> str:
    """Return the plan as JSON text that `plan_from_json` reads back: see `zhiyin.fill.plan_json`."""
    from zhiyin.fill import plan_json

    return plan_json.plan_to_json(plan)


def plan_from_json(text: str) -> Plan:
    """Return the plan of a JSON text, made anew where it is silent: see `zhiyin.fill.plan_json`.

    Raises InvalidInput naming the field, the rule and the remedy.
    """
    from zhiyin.fill import plan_json

    return plan_json.plan_from_json(text)
