"""Form: how a number of bars becomes sections that repeat, vary and rise.

Conventions: sections are named by letters in plain forms and by words in songs; `like` points to an earlier one.
This module does not know chords or players.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.plan import PlannedSection

_WORDS = {"I": "intro", "V": "verse", "C": "chorus", "B": "bridge", "O": "outro", "S": "interlude"}
# Base energy of song sections; letters get theirs from how late and how new they are.
_ENERGY = {
    "intro": 0.3, "verse": 0.45, "pre-chorus": 0.6, "chorus": 0.75, "bridge": 0.55, "interlude": 0.4, "outro": 0.3,
    "coda": 0.35, "A": 0.45, "B": 0.6, "C": 0.7, "D": 0.6,
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
    short = {1: "V", 2: "VC", 3: "VCC", 4: "VCVC", 5: "IVCVC", 6: "VCVCBC", 7: "IVCVCBC", 8: "IVCVCBCO"}
    if units in short:
        return short[units]
    middle = "VC" * ((units - 5) // 2)
    return "I" + middle + "BC" + ("SC" if (units - 5) % 2 else "C") + "O"


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
    bars: int, *, form: str, asked: tuple[str, ...] = (), lift: float = 0.0
) -> tuple[PlannedSection, ...]:
    """Return the sections of a piece.

    form: a name of FORMS; asked: section names in order, which win over `form`; lift: added to every energy.
    Raises InvalidInput when more sections are asked than there are bars.
    >>> [(s.name, s.bars, s.like) for s in make_form(32, form="ternary")]
    [('A', 8, -1), ('A', 8, 0), ('B', 8, -1), ('A', 8, 0)]
    """
    if asked:
        names, lengths = list(asked), _even_lengths(bars, len(asked))
    else:
        names, lengths = _by_form(bars, form)
    sections: list[PlannedSection] = []
    place = 0
    for index, (name, length) in enumerate(zip(names, lengths, strict=True)):
        sections.append(
            _section(name, place, length, earlier=sections, total=len(names), lift=lift, index=index)
        )
        place += length
    return tuple(sections)


def _by_form(bars: int, form: str) -> tuple[list[str], list[int]]:
    if form not in FORMS:
        raise InvalidInput(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    unit = section_unit(bars, form)
    units, rest = divmod(bars, unit)
    letters = FORMS[form](units)
    names = [_WORDS[letter] if form == "verse-chorus" else letter for letter in letters]
    lengths = [unit] * units
    if rest >= 4 and form == "verse-chorus" and names[0] != "intro":
        return ["intro", *names], [rest, *lengths]
    if rest >= 2:
        return [*names, "coda"], [*lengths, rest]
    lengths[-1] += rest
    return names, lengths


def _even_lengths(bars: int, sections: int) -> list[int]:
    """Return section lengths that add up, in whole groups of four bars where they fit."""
    if sections > bars:
        raise InvalidInput(
            f"a form of {sections} sections must have as many bars, got {bars}: ask for more bars"
        )
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
    variation = 0.0 if not models else min(0.5, 0.1 + 0.1 * len(models))
    return PlannedSection(
        name, place, length, models[0] if models else -1, variation, min(0.95, max(0.1, energy))
    )


# Styles whose last chorus may rise a step, with how often; dances and marches whose trio stands on the fourth.
_LIFTS = {"pop": 0.2, "ballad": 0.25, "soul": 0.25, "rock": 0.08, "country": 0.2, "synthpop": 0.1}
_TRIOS = {"march": 1.0, "ragtime": 0.8, "polonaise": 0.5, "waltz": 0.5, "mazurka": 0.4, "minuet": 0.4}


def with_key_shifts(
    sections: tuple[PlannedSection, ...], *, style: str, is_minor: bool, rng: np.random.Generator
) -> tuple[PlannedSection, ...]:
    """Return the sections with the changes of key that a style makes now and then.

    The last of several choruses may rise a whole tone or a semitone; a third strain (C) of a dance or march in
    the major may stand on the subdominant, as trios do. Everything else stays in the home key.
    """
    dice, step = rng.random(), int(rng.choice([1, 2]))
    choruses = [index for index, section in enumerate(sections) if section.name == "chorus"]
    if len(choruses) >= 2 and dice < _LIFTS.get(style, 0.0):
        return tuple(
            replace(section, key_shift=step) if index >= choruses[-1] else section
            for index, section in enumerate(sections)
        )
    if not is_minor and dice < _TRIOS.get(style, 0.0) and sections[-1].name != "C":
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


def energy_curve(sections: tuple[PlannedSection, ...]) -> tuple[float, ...]:
    """Return one energy 0..1 a bar: each section's own, swelling by a tenth towards its end; the last bars fall."""
    values: list[float] = []
    for section in sections:
        for bar in range(section.bars):
            swell = 0.1 * (bar / max(1, section.bars - 1)) - 0.05
            values.append(section.energy + swell)
    fall = min(4, len(values) // 4)
    for back in range(fall):
        values[-1 - back] -= 0.12 * (fall - back) / fall
    return tuple(round(min(1.0, max(0.0, value)), 3) for value in values)
