"""Chords from the book's progressions: a section turns on one progression, the last phrase comes home.

Conventions: one chord row from tick 0; sections of one name share a progression; loops lead back instead of closing.
This module does not know players.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiyin.stylebook.book import Progression, Style
from zhiyin.stylebook.stage import SectionLike, kind_of
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.roman import roman_to_chord
from zhiyin.units import Ticks

Marks = tuple[tuple[Ticks, Chord], ...]


def write_progressions(
    style: Style,
    sections: Sequence[SectionLike],
    *,
    key: Key,
    metre: Metre,
    rng: np.random.Generator,
    is_loop: bool = False,
) -> Marks:
    """Return the chords of a piece in a style: each section kind draws a progression and turns on it."""
    drawn: dict[str, Progression] = {}
    marks: list[tuple[Ticks, Chord]] = []
    for section in sections:
        kind = kind_of(section.name)
        if kind not in drawn:
            drawn[kind] = _draw(style, key, kind, list(drawn.values()), rng)
        home = key.transpose(section.key_shift)
        for place in range(section.bars):
            bar = drawn[kind].bars[place % len(drawn[kind].bars)]
            start = (section.first_bar + place) * metre.bar_ticks
            marks += _bar(bar, start, home, metre)
    if not is_loop:
        marks = _home(marks, sections[-1], style, key.transpose(sections[-1].key_shift), metre)
    return tuple(m for i, m in enumerate(marks) if i == 0 or m[1] != marks[i - 1][1])


def _draw(
    style: Style, key: Key, kind: str, heard: list[Progression], rng: np.random.Generator
) -> Progression:
    """Return a progression of a section kind, one not heard before when there is a choice."""
    pool = style.progressions_for("minor" if key.is_minor else "major", kind)
    fresh = [p for p in pool if p not in heard] or list(pool)
    weights = np.array([p.weight for p in fresh])
    return fresh[int(rng.choice(len(fresh), p=weights / weights.sum()))]


def _bar(numerals: tuple[str, ...], start: Ticks, key: Key, metre: Metre) -> list[tuple[Ticks, Chord]]:
    """Return the chords of one bar on its beats: two part it at its middle, three take the beats that fit."""
    beats = metre.beats
    count = min(len(numerals), max(1, beats))
    places = [round(index * beats / count) for index in range(count)]
    if beats == 3 and count == 2:
        places = [0, 2]
    return [
        (start + place * metre.beat_ticks, roman_to_chord(numeral, key))
        for place, numeral in zip(places, numerals[:count], strict=True)
    ]


def _home(
    marks: list[tuple[Ticks, Chord]], last: SectionLike, style: Style, key: Key, metre: Metre
) -> list[tuple[Ticks, Chord]]:
    """Return the marks with the last bar on the style's tonic chord, no tonic just before it where there is room."""
    mode = "minor" if key.is_minor else "major"
    tonic = _tonic(style, mode, key)
    final = (last.first_bar + last.bars - 1) * metre.bar_ticks
    kept = [mark for mark in marks if mark[0] < final]
    if (
        len(kept) >= 2
        and kept[-1][1].root == tonic.root
        and kept[-1][0] % metre.bar_ticks == 0
        and last.bars > 2
    ):
        kept[-1] = (kept[-1][0], _before_home(style, mode, key))
    return [*kept, (final, tonic)]


def _tonic(style: Style, mode: str, key: Key) -> Chord:
    """Return the style's own colour of the tonic: the first tonic chord of its progressions."""
    chords = _all_chords(style, mode, key)
    return next(
        (c for c in chords if c.root == key.tonic and c.bass == key.tonic),
        Chord(key.tonic, "m" if key.is_minor else ""),
    )


def _before_home(style: Style, mode: str, key: Key) -> Chord:
    """Return the chord that leads home in the style: a dominant, else a flat seventh, else a fourth."""
    chords = _all_chords(style, mode, key)
    for step in (7, 10, 5, 8):
        found = [c for c in chords if (c.root - key.tonic) % 12 == step and c.bass == c.root]
        if found:
            return found[0]
    return Chord((key.tonic + 7) % 12, "")


def _all_chords(style: Style, mode: str, key: Key) -> list[Chord]:
    table = style.progressions.get(mode) or next(iter(style.progressions.values()))
    return [roman_to_chord(n, key) for ps in table.values() for p in ps for bar in p.bars for n in bar]
