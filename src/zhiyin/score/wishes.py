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


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked; hard where given, open where None or empty.

    style: a name of `zhiyin.theory.styles`; moods: names of `zhiyin.theory.moods`; players: instrument names
    of `zhiyin.theory.instruments`, in order; excluded: players that must not sound; seconds: target length;
    density: notes a beat and part, polyphony: notes at once and part; chords: one symbol a bar, cycled.
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

    def __post_init__(self) -> None:
        if self.bars is not None and not 1 <= self.bars <= MAX_BARS:
            raise InvalidInput(f"bars must be 1..{MAX_BARS}, got {self.bars}: ask for fewer bars")
        if self.seconds is not None and not 1.0 <= self.seconds <= MAX_SECONDS:
            raise InvalidInput(f"length must be 1..{MAX_SECONDS:g} seconds, got {self.seconds:g}")
        if self.tempo_bpm is not None and not 20 <= self.tempo_bpm <= 300:
            raise InvalidInput(f"tempo must be 20..300 BPM, got {self.tempo_bpm:g}: give a tempo in that range")
        if self.polyphony is not None and not 1 <= self.polyphony <= 12:
            raise InvalidInput(f"polyphony must be 1..12 notes, got {self.polyphony}")
        if self.density is not None and not 0.05 <= self.density <= 16:
            raise InvalidInput(f"density must be 0.05..16 notes a beat, got {self.density:g}")
