"""Intervals in semitones, their names and their consonance.

Conventions: sizes are semitones, signed upward; classes are 0..11.
This module does not know keys or chords.
"""

from __future__ import annotations

_NAMES = ("P1", "m2", "M2", "m3", "M3", "P4", "TT", "P5", "m6", "M6", "m7", "M7")
PERFECT_CONSONANCES = frozenset({0, 7})
IMPERFECT_CONSONANCES = frozenset({3, 4, 8, 9})


def interval_name(semitones: int) -> str:
    """Return the common name of an interval, e.g. `P5`, `-m3`, `M9` as `M2+8ve`.

    >>> interval_name(7), interval_name(-3), interval_name(14)
    ('P5', '-m3', 'M2+8ve')
    """
    sign = "-" if semitones < 0 else ""
    octaves, rest = divmod(abs(semitones), 12)
    if octaves == 1 and rest == 0:
        return f"{sign}P8"
    return f"{sign}{_NAMES[rest]}" + (f"+{octaves if octaves > 1 else ''}8ve" if octaves else "")


def is_consonant(semitones: int) -> bool:
    """Return whether the interval class is a consonance of two-part writing (the fourth is not).

    >>> is_consonant(7), is_consonant(5), is_consonant(16)
    (True, False, True)
    """
    return abs(semitones) % 12 in PERFECT_CONSONANCES | IMPERFECT_CONSONANCES
