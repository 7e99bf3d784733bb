"""The seam of the judges: what a judge says of itself, and what it finds in a piece.

Conventions: a measure is one finite number, or none with the reason in English and Chinese; never NaN.
This module knows no judge: the table is `zhiyin.judge.JUDGES`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from zhiyin.errors import InvalidInput
from zhiyin.judge.subject import Subject

# What a piece must hold before a judge can speak, with the words used when it does not.
NEEDS: dict[str, tuple[str, str]] = {
    "notes": ("nothing sounds", "没有声音"),
    "pitches": ("nothing has a pitch", "没有音高"),
    "chords": ("no chord is written or heard", "没有写出也听不出和弦"),
    "melody": ("no part is a melody", "没有旋律声部"),
    "sections": ("no two sections share a name", "没有同名的段落"),
    "voices": ("fewer than two single lines", "单线声部不足两个"),
    "three voices": ("fewer than three single lines", "单线声部不足三个"),
    "keyboard": ("no keyboard plays", "没有键盘乐器"),
    "breath": ("nobody sings or blows", "没有人声或吹奏乐器"),
    "strings": ("no solo bowed string plays", "没有独奏弓弦乐器"),
    "bars": ("fewer than two bars", "不足两小节"),
    "time": ("too short for this scale of time", "太短，谈不上这个时间尺度"),
    "moments": ("no two tones sound at once", "没有两音同响"),
}
GROUPS: dict[str, str] = {
    "tones": "音高", "rhythm": "节奏", "form": "曲式", "harmony": "和声", "melody": "旋律与和弦",
    "voices": "声部进行", "playing": "演奏", "repeats": "重复与空白", "sound": "音响", "texture": "织体",
}  # fmt: skip
BETTER = ("higher", "lower", "human")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a judge found: a finite value over `count` cases, or None and why (English, Chinese).

    bars: 0-based bars of the first cases worth hearing, at most 8. Raises InvalidInput for NaN or infinity.
    >>> Measure(0.5, 12).applies, Measure.absent("melody").why[0]
    (True, 'no part is a melody')
    """

    value: float | None
    count: int = 0
    bars: tuple[int, ...] = ()
    why: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        if self.value is not None and not math.isfinite(self.value):
            raise InvalidInput(f"a measure must be finite or say why there is none, got {self.value!r}")
        if self.value is None and not self.why[0]:
            raise InvalidInput("a measure without a value must say why, got no reason: use Measure.absent")

    @property
    def applies(self) -> bool:
        """Return whether there is a value."""
        return self.value is not None

    @classmethod
    def absent(cls, need: str) -> Measure:
        """Return 'not applicable' for want of something, a name of NEEDS."""
        return cls(None, why=NEEDS[need])


def number_text(value: float) -> str:
    """Return a number in three digits as people read it; what rounding leaves of nothing is 0, without a sign.

    >>> number_text(-0.0), number_text(-1e-15), number_text(-0.25), number_text(1234.5)
    ('0', '0', '-0.25', '1.23e+03')
    """
    return f"{round(value, 9) + 0.0:.3g}"


class Judge(Protocol):
    """One thing measured in a piece.

    name: as in tables and JSON; group: a name of GROUPS; zh, en: title; about: one sentence with its source;
    unit: of the value; low, high: the range it can take (infinity where open); better: `higher`, `lower` or
    `human` (near what people write); needs: names of NEEDS without which there is no value.
    """

    @property
    def name(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def better(self) -> str: ...
    @property
    def needs(self) -> frozenset[str]: ...

    def measure(self, subject: Subject) -> Measure:
        """Return what is found in a piece."""
        ...


@dataclass(frozen=True, slots=True)
class Gauge:
    """A judge made of a function; the fields are those of `Judge`.

    take: from a subject to a measure. Raises InvalidInput for a group, direction or need that does not exist.
    """

    name: str
    group: str
    en: str
    zh: str
    about: str
    unit: str
    take: Callable[[Subject], Measure]
    low: float = 0.0
    high: float = 1.0
    better: str = "human"
    needs: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.group not in GROUPS or self.better not in BETTER or not self.needs <= set(NEEDS):
            raise InvalidInput(
                f"a judge's group, direction and needs must be known ones, got {self.group!r}, {self.better!r}, "
                f"{sorted(self.needs)}: choose from GROUPS, BETTER and NEEDS"
            )

    def measure(self, subject: Subject) -> Measure:
        """Return what is found in a piece."""
        return self.take(subject)
