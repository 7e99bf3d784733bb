"""Chinese modes: where gong lies in a key, degrees above it, and the modes that rest on each degree.

Conventions: gong is degree 1 (movable do); 清角 is 4 and 变宫 is 7, both outside the five notes.
This module does not count how often anything is used: see `zhiyin.fill.folk_counts`.
"""

from __future__ import annotations

from zhiyin.theory.key import Key

# Modes of five notes, each with the degree it rests on: 宫 商 角 徵 羽.
FIVE_MODES: dict[str, str] = {"gong": "1", "shang": "2", "jue": "3", "zhi": "5", "yu": "6"}
# Semitones from a mode's tonic up to its gong.
_UP_TO_GONG = {
    "gong": 0, "shang": 10, "jue": 8, "zhi": 5, "yu": 3, "major": 0, "minor": 3, "major pentatonic": 0,
    "minor pentatonic": 3, "mixolydian": 5, "dorian": 10, "phrygian": 8, "lydian": 7, "harmonic minor": 3,
    "melodic minor": 3,
}  # fmt: skip
QING_JUE, BIAN_GONG = 5, 11  # semitones above gong


def gong_of(key: Key) -> int:
    """Return the pitch class of gong in a key; the tonic itself for modes without one.

    >>> gong_of(Key.parse("D徵")), gong_of(Key.parse("Am"))
    (7, 0)
    """
    return (key.tonic + _UP_TO_GONG.get(key.mode, 0)) % 12


def passing_notes(key: Key) -> frozenset[int]:
    """Return 清角 and 变宫 of a mode of five notes as semitones above its tonic; empty for other modes.

    >>> sorted(passing_notes(Key.parse("G宫")))
    [5, 11]
    """
    if key.mode not in FIVE_MODES:
        return frozenset()
    return frozenset((_UP_TO_GONG[key.mode] + step) % 12 for step in (QING_JUE, BIAN_GONG))
