"""Form: how a number of bars becomes sections that repeat, vary and rise.

Conventions: sections are named by letters in plain forms and by words in songs; `like` points to an earlier one.
This module does not know chords or players.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from zhiyin.errors import ConflictingWishes, InvalidInput
from zhiyin.fill.plan import PlannedSection

_WORDS = {"I": "intro", "V": "verse", "C": "chorus", "B": "bridge", "O": "outro", "S": "interlude"}
_SIDES = ("intro", "outro", "coda", "interlude", "pre-chorus")
# Base energy of song sections; letters get theirs from how late and how new they are.
_ENERGY = {
    "intro": 0.3, "verse": 0.42, "pre-chorus": 0.6, "chorus": 0.78, "bridge": 0.5, "interlude": 0.4, "outro": 0.3,
    "coda": 0.35, "A": 0.43, "B": 0.62, "C": 0.74, "D": 0.62,
}  # fmt: skip


def _alternating(units: int) -> str:
    """Return A, AA, ABA, AABA, ABACA, AABABA ...: ends on A, with new middles."""
    if units <= 2:
        return "A" * units
    head, middles = ("A" if units % 2 else "AA"), "BCBD"
    pairs = (units - len(head)) // 2
    return head + "".join(middles[index % 4] + "A" for index in range(pairs))


def _binary(units: int) -> str:
    """Return AB, AAB, AABB, then rounded: AABBA.. kept to pairs."""
    short = {1: "A", 2: "AB", 3: "AAB", 4: "AABB", 5: "AABBA", 6: "AABBAB", 7: "AABBCAB", 8: "AABBCCAB"}
    return short[units] if units in short else "AABB" + _binary(units - 4)


def _strophic(units: int) -> str:
    """Return AB verses: A, AB, ABA, ABAB; four units make AABA-like hymns with a contrasting third line."""
    return "ABCB" * (units // 4) + "AB"[: units % 4] + ("B" if units % 4 == 3 else "")


def _through(units: int) -> str:
    return "".join("ABCA"[index % 4] if units > 2 else "AB"[index] for index in range(units))


def _verse_chorus(units: int) -> str:
    """Return the sections of a song without halves: V, VC, VCC, VCVC, then bridges and more verses."""
    short = {1: "V", 2: "VC", 3: "VCC", 4: "VCVC", 5: "VCVCC", 6: "VCVCBC", 7: "VCVCBCC"}
    return short[units] if units in short else "VC" + _verse_chorus(units - 2)


# Songs by their length in half sections: letters with their halves.
_SONGS = {
    2: "V2", 3: "I1V2", 4: "V2C2", 5: "I1V2C2", 6: "V2C2C2", 7: "I1V2C2C2", 8: "V2C2V2C2", 9: "I1V2C2V2C2",
    10: "I1V2C2V2C2O1", 11: "I1V2C2V2C2C2", 12: "I1V2C2V2C2B1C2", 13: "I1V2C2V2C2B1C2O1", 14: "I1V2C2V2C2B2C2O1",
    15: "I2V2C2V2C2B2C2O1", 16: "I1V2C2V2C2B2C2C2O1", 17: "I2V2C2V2C2B2C2C2O1",
}  # fmt: skip


def _song(halves: int) -> str:
    return _SONGS[halves] if halves in _SONGS else _song(halves - 4).replace("B", "V2C2B", 1)


FORMS: dict[str, Callable[[int], str]] = {
    "ternary": _alternating,
    "aaba": _alternating,
    "rondo": _alternating,
    "binary": _binary,
    "bar": _binary,
    "strophic": _strophic,
    "through": _through,
    "verse-chorus": _verse_chorus,
    "blues": lambda units: "A" * units,
}


def section_unit(bars: int, form: str) -> int:
    """Return the usual length of a section in bars: 12 in the blues, else 4, 8 or 16 by the piece's length.

    >>> section_unit(32, "ternary"), section_unit(16, "aaba"), section_unit(24, "blues")
    (8, 4, 12)
    """
    if form == "blues" and bars >= 12:
        return 12
    if bars < 8:
        return bars
    for unit in (16, 8, 4):
        if bars >= 4 * unit or (unit == 8 and bars >= 24):
            return unit
    return 4


def make_form(
    bars: int,
    *,
    form: str,
    asked: tuple[str, ...] = (),
    lengths: tuple[int, ...] = (),
    without: tuple[str, ...] = (),
    lift: float = 0.0,
) -> tuple[PlannedSection, ...]:
    """Return the sections of a piece.

    form: a name of FORMS; asked: section names in order, which win over `form` ("*" stands for the style's own form);
    lengths: bars of each asked section, 0 where open; without: names left out; lift: added to every energy.
    Raises InvalidInput when more sections are asked than there are bars, ConflictingWishes when lengths do not add up.
    >>> [(s.name, s.bars, s.like) for s in make_form(32, form="ternary")]
    [('A', 8, -1), ('A', 8, 0), ('B', 8, -1), ('A', 8, 0)]
    """
    parts = _asked(bars, asked, lengths, form) if asked else _by_form(bars, form)
    parts = _left_out(parts, without)
    sections: list[PlannedSection] = []
    place = 0
    for index, (name, length) in enumerate(parts):
        sections.append(
            _section(name, place, length, earlier=sections, total=len(parts), lift=lift, index=index)
        )
        place += length
    return tuple(sections)


Parts = list[tuple[str, int]]
_MOST_VARIED = 0.6


def _by_form(bars: int, form: str) -> Parts:
    if form not in FORMS:
        raise InvalidInput(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    if form == "verse-chorus" and bars >= 8:
        parts, rest = _song_parts(bars)
    else:
        unit = section_unit(bars, form)
        units, rest = divmod(bars, unit)
        letters = FORMS[form](units)
        parts = [(_WORDS[letter] if form == "verse-chorus" else letter, unit) for letter in letters]
    if rest >= 2:
        return [*parts, ("outro" if form == "verse-chorus" else "coda", rest)]
    return [*parts[:-1], (parts[-1][0], parts[-1][1] + rest)]


def _song_parts(bars: int) -> tuple[Parts, int]:
    """Return the sections of a song in half sections of two, four or eight bars, and the bars left over."""
    half = 2 if bars < 24 else 4 if bars < 128 else 8
    halves, rest = divmod(bars, half)
    text = _song(halves)
    parts = [(_WORDS[letter], half * int(count)) for letter, count in zip(text[::2], text[1::2], strict=True)]
    if parts[-1][0] == "outro":
        return [*parts[:-1], ("outro", parts[-1][1] + rest)], 0
    return parts, rest


def _left_out(parts: Parts, without: tuple[str, ...]) -> Parts:
    """Return the parts less those left out, whose bars go to the section before, or after at the start."""
    kept: Parts = []
    spare = 0
    for name, length in parts:
        if name not in without:
            kept.append((name, length + spare))
            spare = 0
        elif kept:
            kept[-1] = (kept[-1][0], kept[-1][1] + length)
        else:
            spare += length
    return kept or [("A", spare)]


def _asked(bars: int, names: tuple[str, ...], lengths: tuple[int, ...], form: str) -> Parts:
    """Return the asked sections with their bars; "*" is replaced by the style's own form."""
    if len(names) > bars:
        raise InvalidInput(
            f"a form of {len(names)} sections must have as many bars, got {bars}: ask for more bars"
        )
    told = lengths or (0,) * len(names)
    own = _open_lengths(bars, names, told)
    parts: Parts = []
    for name, length in zip(names, own, strict=True):
        parts += _by_form(length, form) if name == "*" else [(name, length)]
    return parts


def _open_lengths(bars: int, names: tuple[str, ...], told: tuple[int, ...]) -> list[int]:
    """Return every section's bars: told ones as told, open ones share the rest in whole phrases, side ones less."""
    where = [index for index, length in enumerate(told) if length == 0]
    rest = bars - sum(told)
    if rest < len(where) or (rest and not where):
        raise ConflictingWishes(
            f"the sections' bars must add up to the piece's {bars}, got {sum(told)}: change one of them",
            zh=f"各段小节数之和须等于全曲的 {bars} 小节，现为 {sum(told)}：请改其中一个",
        )
    lengths = list(told)
    sides = [index for index in where if names[index] in _SIDES]
    mains = [index for index in where if index not in sides]
    if mains and sides:
        side = max(1, min(4, rest // (2 * len(mains) + len(sides))))
        for index in sides:
            lengths[index] = side
        rest -= side * len(sides)
        where = mains
    for index, length in zip(where, _even_lengths(rest, len(where)) if where else [], strict=True):
        lengths[index] = length
    return lengths


def _even_lengths(bars: int, sections: int) -> list[int]:
    """Return section lengths that add up, in whole groups of four bars where they fit."""
    group = next(size for size in (4, 2, 1) if bars >= sections * size)
    groups, rest = divmod(bars, group)
    each, extra = divmod(groups, sections)
    lengths = [group * (each + (1 if index < extra else 0)) for index in range(sections)]
    lengths[-1] += rest
    return lengths


def _section(
    name: str, place: int, length: int, *, earlier: list[PlannedSection], total: int, lift: float, index: int
) -> PlannedSection:
    models = [i for i, section in enumerate(earlier) if section.name == name]
    energy = _ENERGY.get(name, 0.5) + 0.06 * len(models) + lift
    if index == total - 1 and name not in ("chorus", "coda", "outro"):
        energy -= 0.08  # the last return settles
    variation = 0.0 if not models else min(_MOST_VARIED, 0.2 + 0.1 * len(models))
    return PlannedSection(
        name, place, length, models[0] if models else -1, variation, min(0.95, max(0.1, energy))
    )


# Dances and marches whose trio stands on the fourth, with how often.
_TRIOS = {"march": 1.0, "ragtime": 0.8, "polonaise": 0.5, "waltz": 0.5, "mazurka": 0.4, "minuet": 0.4}


def with_key_shifts(
    sections: tuple[PlannedSection, ...], *, style: str, is_minor: bool, rng: np.random.Generator
) -> tuple[PlannedSection, ...]:
    """Return the sections with the changes of key that a style makes now and then.

    A third strain (C) of a dance or march in the major may stand on the subdominant, as trios do. All else stays in the
    home key: a last chorus rises only where a plan says so (`key_shift`).
    """
    if not is_minor and rng.random() < _TRIOS.get(style, 0.0) and sections[-1].name != "C":
        return tuple(replace(s, key_shift=5) if s.name == "C" else s for s in sections)
    return sections


def phrases_of(section: PlannedSection) -> list[tuple[int, int]]:
    """Return the phrases of a section as (first bar, bars): fours, the last taking what is left.

    >>> phrases_of(PlannedSection("A", 8, 9))
    [(8, 4), (12, 5)]
    """
    count = max(1, section.bars // 4)
    starts = [section.first_bar + 4 * index for index in range(count)]
    ends = [*starts[1:], section.end_bar]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]


# What asked dynamics add to the energy at the first and the last bar.
_DYNAMICS = {"soft": (-0.2, -0.2), "loud": (0.2, 0.2), "crescendo": (-0.25, 0.3), "diminuendo": (0.2, -0.3)}


def energy_curve(
    sections: tuple[PlannedSection, ...], *, dynamics: str | None = None, is_loop: bool = False
) -> tuple[float, ...]:
    """Return one energy 0..1 a bar: each section's own, swelling by a sixth towards its end; the last bars fall.

    dynamics: a name of `zhiyin.score.wishes.DYNAMICS`; is_loop: the end leads on, so nothing falls.
    """
    values: list[float] = []
    for section in sections:
        for bar in range(section.bars):
            swell = 0.16 * (bar / max(1, section.bars - 1)) - 0.08
            values.append(section.energy + swell)
    fall = 0 if is_loop or dynamics == "crescendo" else min(4, len(values) // 4)
    for back in range(fall):
        values[-1 - back] -= 0.12 * (fall - back) / fall
    first, last = _DYNAMICS[dynamics] if dynamics else (0.0, 0.0)
    count = max(1, len(values) - 1)
    values = [value + first + (last - first) * bar / count for bar, value in enumerate(values)]
    return tuple(round(min(1.0, max(0.0, value)), 3) for value in values)
