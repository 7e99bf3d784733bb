"""Parts of a score found by what people call them: number, name, role or instrument, in Chinese or English.

Conventions: numbers count from 1; several names are joined by commas; an answer is sorted part indices.
This module reads no sentences: see `zhiyin.brief`.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.score.score import Part, Score
from zhiyin.theory.instruments import find_instrument, instrument_for_program

_ROLES = {
    "melody": "melody", "tune": "melody", "旋律": "melody", "主旋律": "melody", "bass": "bass", "贝斯": "bass",
    "低音": "bass", "drums": "drums", "鼓": "drums", "chords": "chords", "和弦": "chords",
    "accompaniment": "accompaniment", "伴奏": "accompaniment", "inner": "inner", "内声部": "inner",
}  # fmt: skip
_ALL = ("all", "every", "全部", "所有")


def find_parts(score: Score, text: str) -> tuple[int, ...]:
    """Return the indices of the parts that a text names.

    Raises InvalidInput when a name fits no part, with the names there are.
    >>> find_parts(Score(parts=(Part("Flute", role="melody"), Part("Cello", role="bass"))), "melody, 2")
    (0, 1)
    """
    found: set[int] = set()
    for word in (w.strip() for w in re.split(r"[,，、;；]", text)):
        parts = _named(score, word)
        if not parts:
            names = ", ".join(f"{i + 1} {_called(p)!r} ({p.role})" for i, p in enumerate(score.parts))
            raise InvalidInput(
                f"parts must be named by number, name, role or instrument, got {word!r}: there are {names}"
            )
        found |= parts
    return tuple(sorted(found))


def _called(part: Part) -> str:
    return part.name or instrument_for_program(part.program, is_drums=part.is_drums).name


def _named(score: Score, word: str) -> set[int]:
    """Return the parts of a word by the first way of naming that fits any."""
    lower, parts = word.lower(), list(enumerate(score.parts))
    if lower in _ALL:
        return {i for i, _ in parts}
    if word.isdecimal():
        return {int(word) - 1} if 1 <= int(word) <= len(parts) else set()
    for fits in (
        {i for i, p in parts if p.name.lower() == lower},
        {i for i, p in parts if _ROLES.get(lower) == p.role or (_ROLES.get(lower) == "drums" and p.is_drums)},
        _playing(score, lower),
        {i for i, p in parts if lower and lower in p.name.lower()},
    ):
        if fits:
            return fits
    return set()


def _playing(score: Score, word: str) -> set[int]:
    try:
        wanted = find_instrument(word).name
    except (NotFound, InvalidInput):
        return set()
    return {
        i for i, p in enumerate(score.parts)
        if instrument_for_program(p.program, is_drums=p.is_drums).name == wanted
    }  # fmt: skip
