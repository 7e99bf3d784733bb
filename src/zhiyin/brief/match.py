"""Text for matching, and what a match is.

Conventions: folded text keeps one place per kept character, and a map back into the original text.
This module does not know music words: see `zhiyin.brief.lexicon` and `zhiyin.brief.patterns`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made even: full-width to half-width, and a lower-case twin; `places` maps into the original.

    cased: normalised text; lower: the same in lower case; places: (len + 1) original indices.
    """

    cased: str
    lower: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of folded text that was understood: where, as which field, and its value."""

    start: int
    end: int
    field: str
    value: object
    rank: int = 0


def fold(text: str) -> Folded:
    """Return the folded text.

    >>> fold("８０ＢＰＭ").lower
    '80bpm'
    """
    marks: list[str] = []
    places: list[int] = []
    for index, mark in enumerate(text):
        for piece in unicodedata.normalize("NFKC", mark):
            marks.append(piece)
            places.append(index)
    lower = "".join(mark.lower() if len(mark.lower()) == 1 else mark for mark in marks)
    return Folded("".join(marks), lower, (*places, len(text)))


def longest_first(matches: Iterable[Match]) -> list[Match]:
    """Return the matches that stay when longer ones go first and no character is used twice, in text order."""
    taken: set[int] = set()
    kept: list[Match] = []
    for match in sorted(matches, key=lambda item: (item.start - item.end, -item.rank, item.start)):
        span = range(match.start, match.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(match)
    return sorted(kept, key=lambda item: item.start)
