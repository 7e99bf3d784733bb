"""The units of verse: characters or words as numbers, right to left, with what a line is told.

Conventions: unit 0 is a line's end on its left and what stands before its last unit; the number after the last unit is
any other one, read but never written. This module does not know data sets or nets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhiyin.units import IntArray

END = 0
KINDS = ("", "ci", "qu", "shi", "shijing", "song", "hymn", "poem")  # "" any
LENGTHS = 24  # a line's remaining units, 0 open; longer ones count as this
THEMES = 4  # theme units a line is told

_ENGLISH_CAPITALS = {"i": "I", "i'm": "I'm", "i'll": "I'll", "i've": "I've", "i'd": "I'd", "o": "O"}
_MARKS = '，。！？；：、,.!?;:"“”‘’()（）—…《》'


@dataclass(frozen=True)
class VerseUnits:
    """What a model of a language writes with.

    units: characters, or words as they are printed; 0 is the line's end, an empty string.
    """

    language: str
    units: tuple[str, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """Return unit in lower case -> number."""
        return {unit.lower(): number for number, unit in enumerate(self.units) if number}

    @property
    def unknown(self) -> int:
        """Return the number of what is no unit."""
        return len(self.units)

    @property
    def start(self) -> int:
        """Return the number that a model of plain counts has for a line's right end."""
        return END

    def numbers(self, line: Iterable[str]) -> list[int]:
        """Return the numbers of a line's units from its last to its first."""
        return [self.places.get(unit.lower(), self.unknown) for unit in line][::-1]

    def split(self, text: str) -> tuple[str, ...]:
        """Return the units of running text, marks left out.

        >>> VerseUnits("zh", ("", "雨")).split("雨，夜"), VerseUnits("en", ("",)).split("The rain, at night-fall")
        (('雨', '夜'), ('the', 'rain', 'at', 'night', 'fall'))
        """
        if self.language == "zh":
            return tuple(c for c in text if not c.isspace() and c not in _MARKS)
        plain = text.replace("’", "'").replace("-", " ").lower()
        words = "".join(" " if c in _MARKS else c for c in plain).split()
        return tuple(words)

    def theme(self, words: Iterable[str]) -> list[int]:
        """Return the first THEMES known units of theme words, function words left out."""
        found = [n for word in words for n in self.numbers(self.split(word))[::-1] if n != self.unknown]
        told = [n for n in dict.fromkeys(found) if self.units[n].lower() not in function_words(self.language)]
        return told[:THEMES]


def make_units(language: str, counts: Counter[str], *, least: int, most: int) -> VerseUnits:
    """Return the units of a language: those counted at least so often, the most frequent first."""
    kept = [(unit, n) for unit, n in counts.items() if n >= least]
    kept = sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:most]
    return VerseUnits(language, ("", *(_ENGLISH_CAPITALS.get(unit, unit) for unit, _ in kept)))


def remaining(lines: Sequence[Sequence[int]]) -> IntArray:
    """Return for each place of joined lines (each followed by its end) how many units are still to come there.

    The place of an end tells the next line's length; places are those of inputs, so the first is an end too.
    """
    told: list[int] = []
    for line in lines:
        told += range(len(line), -1, -1)
    return np.minimum(np.array(told, np.int64), LENGTHS)


_CHINESE = (
    "的了是不在有我你他她它们这那也都又还就与和之而以于为其此何谁更最却只兮乎者么呵来去上下里得着过个一"
)
_ENGLISH = (
    "a an the and or but if of in on to for from with by at as is are was were be been am not no nor so than that "
    "this these those it its he she they we you i me him her them us my your his our their thy thee thou ye thine "
    "mine who whom which what when where how do does did doth hath has have had will would shall should may might "
    "can could must o oh up out all there then now i'm i'll"
)
_FUNCTION = {"zh": frozenset(_CHINESE), "en": frozenset(_ENGLISH.split())}


def function_words(language: str) -> frozenset[str]:
    """Return the units that carry little meaning by themselves: no theme is made of them."""
    return _FUNCTION[language]
