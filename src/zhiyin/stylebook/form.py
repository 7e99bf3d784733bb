"""Forms of the book fitted to a length, and the sketch: a whole plan drawn from a style alone.

Conventions: sections keep whole phrases of four bars where the length allows; energies 0..1 by section kind.
This module does not know wishes: `zhiyin.fill.rules` brings those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from zhiyin.stylebook.book import Form, PlayerBook, Style
from zhiyin.stylebook.harmony import Marks, write_progressions
from zhiyin.stylebook.stage import SectionLike
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm

# Energy of a section of each kind the first time; a return is a little louder.
ENERGY = {
    "intro": 0.28, "verse": 0.45, "pre-chorus": 0.58, "chorus": 0.78, "bridge": 0.5, "solo": 0.7, "break": 0.3,
    "build": 0.55, "drop": 0.9, "outro": 0.32, "coda": 0.35, "interlude": 0.42, "A": 0.5, "B": 0.66, "C": 0.5, "D": 0.7,
}  # fmt: skip
RISE = 0.07
PLAIN = Form((("A", 8), ("B", 8)))


@dataclass(frozen=True, slots=True)
class SketchSection:
    """A section of a sketch: name, first bar, bars, energy 0..1, semitones above the key."""

    name: str
    first_bar: int
    bars: int
    energy: float
    key_shift: int = 0


@dataclass(frozen=True, slots=True)
class SketchPlayer:
    """A player of a sketch: instrument, part name, role, GM program, whether it is a drum part."""

    instrument: str
    part: str
    role: str
    program: int
    is_drums: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """A piece before its notes, drawn from a style alone: what `arrange` plays."""

    title: str
    key: Key
    metre: Metre
    tempo_bpm: Bpm
    bars: int
    sections: tuple[SketchSection, ...]
    chords: Marks
    players: tuple[SketchPlayer, ...]
    energy: tuple[float, ...]


def fit_form(style: Style, bars: int, rng: np.random.Generator) -> tuple[tuple[str, int], ...]:
    """Return the sections of one of the style's forms stretched or cut to a number of bars.

    >>> from zhiyin.stylebook import load_style
    >>> fit_form(load_style("pop"), 16, np.random.default_rng(0))
    (('verse', 8), ('chorus', 8))
    """
    forms = style.forms or (PLAIN,)
    pool = [f for f in forms if f.bars == bars]
    if not pool:
        fitting = [f for f in forms if f.bars <= bars] or [min(forms, key=lambda f: f.bars)]
        best = max(f.bars for f in fitting)
        pool = [f for f in fitting if f.bars >= 0.8 * best]
    form = pool[int(rng.integers(len(pool)))]
    if form.bars == bars:
        return form.sections
    unit = 4 if bars >= 24 else 2 if bars >= 8 else 1
    lengths = [max(0, round(length * bars / form.bars / unit) * unit) for _, length in form.sections]
    _balance(lengths, bars, unit)
    return tuple((name, n) for (name, _), n in zip(form.sections, lengths, strict=True) if n)


def _balance(lengths: list[int], bars: int, unit: int) -> None:
    """Make lengths add up in place: whole units from the longest first, what is left to the last section."""
    while sum(lengths) - bars >= unit or sum(lengths) > bars:
        index = max(range(len(lengths)), key=lambda i: lengths[i])
        lengths[index] -= min(unit, sum(lengths) - bars, lengths[index])
    while bars - sum(lengths) >= unit:
        index = max(range(len(lengths)), key=lambda i: lengths[i])
        lengths[index] += unit
    last = max(i for i in range(len(lengths)) if lengths[i])
    lengths[last] += bars - sum(lengths)


def place_sections(parts: tuple[tuple[str, int], ...]) -> tuple[SketchSection, ...]:
    """Return sections one after the other with the energy of their kind; returns rise a little."""
    found: list[SketchSection] = []
    bar, seen = 0, dict[str, int]()
    for name, length in parts:
        energy = min(0.98, ENERGY.get(name, 0.5) + RISE * seen.get(name, 0))
        seen[name] = seen.get(name, 0) + 1
        found.append(SketchSection(name, bar, length, round(energy, 2)))
        bar += length
    return tuple(found)


def default_players(style: Style, sections: Sequence[SectionLike]) -> tuple[PlayerBook, ...]:
    """Return the players that a style takes unasked: all but the extra ones, risers only where something rises."""
    rises = any(a.bars >= 4 and a.energy + 0.2 <= b.energy for a, b in pairwise(sections))
    return tuple(b for b in style.players if not b.is_extra and (rises or b.job != "riser"))


def sketch(
    style: Style,
    rng: np.random.Generator,
    *,
    bars: int = 32,
    key: Key | None = None,
    metre: Metre | None = None,
    books: tuple[PlayerBook, ...] = (),
) -> Sketch:
    """Return a plan drawn from a style: key, tempo, form, chords, and its players (or some of its books)."""
    metre = metre or style.metres[0]
    key = key or _draw_key(style, rng)
    slow, usual, fast = style.tempo
    tempo = float(round(float(rng.triangular(slow, usual, fast))))
    sections = place_sections(fit_form(style, bars, rng))
    chords = write_progressions(style, sections, key=key, metre=metre, rng=rng)
    energy = tuple(s.energy for s in sections for _ in range(s.bars))
    players = tuple(_player(book) for book in books or default_players(style, sections))
    title = f"{style.en} in {key.name}"
    return Sketch(title, key, metre, tempo, bars, sections, chords, _distinct(players), energy)


def _draw_key(style: Style, rng: np.random.Generator) -> Key:
    mode = "major" if rng.random() < style.major else "minor"
    return Key.from_pitch_class(int(rng.integers(12)), mode)


def _player(book: PlayerBook) -> SketchPlayer:
    found = INSTRUMENTS[book.instrument]
    return SketchPlayer(
        book.instrument,
        book.instrument.replace("-", " ").capitalize(),
        book.role,
        found.program,
        found.is_drums,
    )


def _distinct(players: tuple[SketchPlayer, ...]) -> tuple[SketchPlayer, ...]:
    names = [p.part for p in players]
    return tuple(
        replace(p, part=f"{p.part} {names[: i + 1].count(p.part)}") if names.count(p.part) > 1 else p
        for i, p in enumerate(players)
    )
