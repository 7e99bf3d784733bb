"""Wishes: what a person asked of the music; every field may be left open (None or empty).

Conventions: tempo in quarter notes a minute unless `tempo_unit` says otherwise; moods by English name.
This module does not parse words (`zhiyin.brief`) and does not decide anything (`zhiyin.fill.plan`).
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.errors import InvalidInput
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm, Seconds

MAX_BARS, MAX_SECONDS = 512, 1800.0
MIN_TEMPO, MAX_TEMPO = 20.0, 300.0
DYNAMICS = ("soft", "loud", "crescendo", "diminuendo")
ENDINGS = ("fade_out", "abrupt", "ritardando", "resolved", "open")
REGISTERS = ("low", "middle", "high")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changes on the way: where (exactly one of the four places), and what from there on.

    at_seconds, at_bar (from 1), at_share (0..1 of the piece), is_at_end: the place; moods: names of
    `zhiyin.theory.moods`; arousal: -1..1; tempo_bpm or tempo_scale (1.2: a fifth faster); dynamics: one of DYNAMICS;
    is_gradual: reached little by little rather than at once.
    """

    at_seconds: Seconds | None = None
    at_bar: int | None = None
    at_share: float | None = None
    is_at_end: bool = False
    moods: tuple[str, ...] = ()
    arousal: float | None = None
    tempo_bpm: Bpm | None = None
    tempo_scale: float | None = None
    dynamics: str | None = None
    is_gradual: bool = False

    def __post_init__(self) -> None:
        places = [
            self.at_seconds is not None,
            self.at_bar is not None,
            self.at_share is not None,
            self.is_at_end,
        ]
        if sum(places) != 1:
            raise InvalidInput(
                f"a change must have one place (seconds, a bar, a share or the end), got {sum(places)}: name one"
            )
        if self.at_share is not None and not 0 <= self.at_share <= 1:
            raise InvalidInput(f"the place of a change must be a share 0..1, got {self.at_share:g}")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked; hard where given, open where None or empty.

    style: a name of `zhiyin.theory.styles`; moods: names of `zhiyin.theory.moods`; players: instrument names
    of `zhiyin.theory.instruments`, in order; excluded: players that must not sound; seconds: target length;
    density: notes a beat and part, polyphony: notes at once and part; chords: one symbol a bar, cycled.
    tempo_bpm is exact, tempo_range (slowest, fastest) leaves the choice open; where both stand, the exact one holds.
    section_bars: bars of each section of `form`, 0 where open; avoid_styles: styles not wanted; dynamics: one of
    DYNAMICS; decade: first year, such as 1980; form: section names, "*" for the style's own;
    without_sections: sections not wanted; is_loop: the end leads back to the beginning (None: not asked).
    seconds_range: shortest and longest; valence, arousal: -1..1, where a person moved them by hand; intensity: of
    the moods, 1 (a hint) to 5 (all out), None for 3; register: one of REGISTERS; ending: one of ENDINGS; usage: a
    name of `zhiyin.theory.usages`; changes: what turns on the way, in order of time.
    Raises InvalidInput when a number is out of range.
    """

    style: str | None = None
    moods: tuple[str, ...] = ()
    avoid_moods: tuple[str, ...] = ()
    tempo_bpm: Bpm | None = None
    key: Key | None = None
    mode: str | None = None
    metre: Metre | None = None
    bars: int | None = None
    seconds: Seconds | None = None
    players: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    chords: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    density: float | None = None
    polyphony: int | None = None
    title: str | None = None
    tempo_range: tuple[Bpm, Bpm] | None = None
    section_bars: tuple[int, ...] = ()
    avoid_styles: tuple[str, ...] = ()
    dynamics: str | None = None
    decade: int | None = None
    is_loop: bool | None = None
    without_sections: tuple[str, ...] = ()
    seconds_range: tuple[Seconds, Seconds] | None = None
    valence: float | None = None
    arousal: float | None = None
    intensity: int | None = None
    register: str | None = None
    ending: str | None = None
    usage: str | None = None
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        if self.bars is not None and not 1 <= self.bars <= MAX_BARS:
            raise InvalidInput(f"bars must be 1..{MAX_BARS}, got {self.bars}: give 1 to {MAX_BARS}")
        if self.seconds is not None and not 1.0 <= self.seconds <= MAX_SECONDS:
            raise InvalidInput(f"length must be 1..{MAX_SECONDS:g} seconds, got {self.seconds:g}")
        for bpm in (self.tempo_bpm, *(self.tempo_range or ())):
            if bpm is not None and not MIN_TEMPO <= bpm <= MAX_TEMPO:
                raise InvalidInput(f"tempo must be 20..300 BPM, got {bpm:g}: give a tempo in that range")
        if self.tempo_range is not None and self.tempo_range[0] > self.tempo_range[1]:
            raise InvalidInput(
                f"a tempo range must run from slow to fast, got {self.tempo_range!r}: swap the two"
            )
        if self.polyphony is not None and not 1 <= self.polyphony <= 12:
            raise InvalidInput(f"polyphony must be 1..12 notes, got {self.polyphony}")
        if self.density is not None and not 0.05 <= self.density <= 16:
            raise InvalidInput(f"density must be 0.05..16 notes a beat, got {self.density:g}")
        self._check_sections()
        self._check_feeling()
        if self.dynamics is not None and self.dynamics not in DYNAMICS:
            raise InvalidInput(f"dynamics must be one of {', '.join(DYNAMICS)}, got {self.dynamics!r}")

    def _check_feeling(self) -> None:
        for name, value in (("valence", self.valence), ("arousal", self.arousal)):
            if value is not None and not -1 <= value <= 1:
                raise InvalidInput(f"{name} must be -1..1, got {value:g}: give a number in that range")
        if self.intensity is not None and not 1 <= self.intensity <= 5:
            raise InvalidInput(f"intensity must be 1..5, got {self.intensity}: 1 is a hint, 5 all out")
        if self.register is not None and self.register not in REGISTERS:
            raise InvalidInput(f"register must be one of {', '.join(REGISTERS)}, got {self.register!r}")
        if self.ending is not None and self.ending not in ENDINGS:
            raise InvalidInput(f"ending must be one of {', '.join(ENDINGS)}, got {self.ending!r}")

    def _check_sections(self) -> None:
        if self.section_bars and len(self.section_bars) != len(self.form):
            raise InvalidInput(
                f"section_bars must hold one number for each of {len(self.form)} sections of the form, "
                f"got {self.section_bars!r}: write 0 where it is open"
            )
        if any(not 0 <= bars <= MAX_BARS for bars in self.section_bars):
            raise InvalidInput(f"bars of a section must be 0..{MAX_BARS}, got {self.section_bars!r}")
