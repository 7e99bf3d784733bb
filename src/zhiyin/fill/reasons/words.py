"""Words that many reasons share: bars, intervals, directions, counts.

Conventions: every function gives (English, Chinese); bars come from 0 and are said from 1.
This module knows no music beyond names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Words = tuple[str, str]

_SEAM = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9.)#])(?=[\u4e00-\u9fff])")

_STEPS_EN = ("", "a step", "a third", "a fourth", "a fifth", "a sixth", "a seventh", "an octave")
_STEPS_ZH = ("", "二度", "三度", "四度", "五度", "六度", "七度", "八度")
_SEMITONES_EN = (
    "", "a semitone", "a whole tone", "a minor third", "a major third", "a fourth", "a tritone", "a fifth",
    "a minor sixth", "a major sixth", "a minor seventh", "a major seventh", "an octave",
)  # fmt: skip
_SEMITONES_ZH = (
    "", "半音", "全音", "小三度", "大三度", "纯四度", "三全音", "纯五度", "小六度", "大六度", "小七度", "大七度",
    "八度",
)  # fmt: skip


def bars_words(first: int, last: int) -> Words:
    """Return a run of bars, both ends counted.

    >>> bars_words(4, 7), bars_words(0, 0)
    (('bars 5-8', '第 5–8 小节'), ('bar 1', '第 1 小节'))
    """
    if first == last:
        return f"bar {first + 1}", f"第 {first + 1} 小节"
    return f"bars {first + 1}-{last + 1}", f"第 {first + 1}–{last + 1} 小节"


def verb(first: int, last: int, word: str) -> str:
    """Return an English verb for a run of bars: `bar 3 repeats`, `bars 3-4 repeat`."""
    return f"{word}s" if first == last else word


def upper(text: str) -> str:
    """Return text with its first letter large."""
    return text[:1].upper() + text[1:]


def steps_words(steps: int) -> Words:
    """Return a shift along the scale.

    >>> steps_words(1), steps_words(-2)
    (('a step higher', '上移二度'), ('a third lower', '下移三度'))
    """
    size = abs(steps)
    return (
        f"{_STEPS_EN[size]} {'higher' if steps > 0 else 'lower'}",
        f"{'上移' if steps > 0 else '下移'}{_STEPS_ZH[size]}",
    )


def semitones_words(semitones: int) -> Words:
    """Return a shift in semitones, up to an octave.

    >>> semitones_words(-3)
    ('a minor third lower', '下移小三度')
    """
    size = abs(semitones)
    return (
        f"{_SEMITONES_EN[size]} {'higher' if semitones > 0 else 'lower'}",
        f"{'上移' if semitones > 0 else '下移'}{_SEMITONES_ZH[size]}",
    )


def line_name(name: str, *, is_single: bool) -> Words:
    """Return what a part's top line is called: the part itself where it never plays two notes at once."""
    return (name, name) if is_single else (f"the top line of {name}", f"{name}的最高声部")


def spaced(text: str) -> str:
    """Return Chinese text with a space wherever Latin letters or digits meet Chinese characters.

    >>> spaced("Flute在第3小节")
    'Flute 在第 3 小节'
    """
    return _SEAM.sub(" ", text)


def joined(items: Iterable[str]) -> Words:
    """Return names as a list.

    >>> joined(["A", "B", "C"])
    ('A, B and C', 'A、B和C')
    """
    names = list(items)
    if len(names) < 2:
        return "".join(names), "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}", f"{'、'.join(names[:-1])}和{names[-1]}"
