"""Scales and modes as sets of pitch classes above a tonic.

Conventions: a scale is a tuple of ascending semitones from 0; names are lower-case English.
This module does not know keys with signatures: see `zhiyin.theory.key`.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    "major blues": (0, 2, 3, 4, 7, 9),
    "octatonic": (0, 2, 3, 5, 6, 8, 9, 11),
    "half-whole octatonic": (0, 1, 3, 4, 6, 7, 9, 10),
    "lydian dominant": (0, 2, 4, 6, 7, 9, 10),
    "altered": (0, 1, 3, 4, 6, 8, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "hungarian minor": (0, 2, 3, 6, 7, 8, 11),
    "yayue": (0, 2, 4, 6, 7, 9, 11),  # 雅乐: 变徵, 变宫
    "qingyue": (0, 2, 4, 5, 7, 9, 11),  # 清乐: 清角, 变宫
    "yanyue": (0, 2, 4, 5, 7, 9, 10),  # 燕乐: 清角, 闰
    "hirajoshi": (0, 2, 3, 7, 8),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale on a tonic: pitch class 0..11, ascending semitones from 0, and a name.

    Words are read by `zhiyin.theory.scale_words`.
    >>> sorted(Scale(2, SCALES["dorian"], "D dorian").pitch_classes)
    [0, 2, 4, 5, 7, 9, 11]
    """

    tonic: int
    steps: tuple[int, ...]
    name: str

    def __post_init__(self) -> None:
        is_rising = all(a < b for a, b in zip(self.steps, self.steps[1:], strict=False))
        if not 0 <= self.tonic <= 11 or self.steps[:1] != (0,) or not is_rising or self.steps[-1] > 11:
            raise InvalidInput(
                f"a scale must be a tonic 0..11 and rising steps from 0 below 12, got {self.tonic}, {self.steps!r}"
            )

    @property
    def pitch_classes(self) -> frozenset[int]:
        """Return the pitch classes of the scale."""
        return frozenset((self.tonic + step) % 12 for step in self.steps)


def scale_pitch_classes(name: str, tonic: int) -> frozenset[int]:
    """Return the pitch classes of a named scale on a tonic (0..11).

    >>> sorted(scale_pitch_classes("gong", 7))
    [2, 4, 7, 9, 11]
    """
    if name not in SCALES:
        raise InvalidInput(f"scale must be one of {', '.join(SCALES)}, got {name!r}")
    return frozenset((tonic + step) % 12 for step in SCALES[name])
