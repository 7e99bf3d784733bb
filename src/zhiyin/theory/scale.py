"""Scales and modes as sets of pitch classes above a tonic.

Conventions: a scale is a tuple of ascending semitones from 0; names are lower-case English.
This module does not know keys with signatures: see `zhiyin.theory.key`.
"""

from __future__ import annotations

from zhiyin.errors import InvalidInput

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "gong": (0, 2, 4, 7, 9),  # 宫
    "shang": (0, 2, 5, 7, 10),  # 商
    "jue": (0, 3, 5, 8, 10),  # 角
    "zhi": (0, 2, 5, 7, 9),  # 徵
    "yu": (0, 3, 5, 7, 10),  # 羽
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "whole-tone": (0, 2, 4, 6, 8, 10),
    "chromatic": tuple(range(12)),
}


def scale_pitch_classes(name: str, tonic: int) -> frozenset[int]:
    """Return the pitch classes of a named scale on a tonic (0..11).

    >>> sorted(scale_pitch_classes("gong", 7))
    [2, 4, 7, 9, 11]
    """
    if name not in SCALES:
        raise InvalidInput(f"scale must be one of {', '.join(SCALES)}, got {name!r}")
    return frozenset((tonic + step) % 12 for step in SCALES[name])
