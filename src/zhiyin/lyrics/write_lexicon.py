"""The units of a line model as they are sung: syllables, tones, rhymes, in arrays over the vocabulary.

Conventions: row u is unit u of the model; a unit that cannot be sung alone has no syllables and is never written.
This module knows no notes: see `zhiyin.lyrics.write_worth`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhiyin.lyrics.language import Language, Syllable
from zhiyin.lyrics.line_model import LineModel
from zhiyin.units import BoolArray, FloatArray, IntArray

MOST_SYLLABLES = 6
YI, BU = 6, 7  # classes of the two characters whose tone turns with the next one's
_UNKNOWN = ("<unk>", "<unknown>", "unk", "�")
_SINGABLE = {
    "zh": re.compile(r"[㐀-䶿一-鿿]"),
    "en": re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*['’]?|['’][A-Za-z]+"),
}


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What is known of every unit.

    syllables: as read alone, () for what is never written; size: (units,) syllables; tone: (units,) class 0..7;
    openness: (units, 6); signature: (units,) index into signatures; is_sure: (units,) whether it has one reading;
    is_content: (units,); index: unit by text; unknown: the unit that stands for words not known, -1 without.
    """

    language: Language
    units: tuple[str, ...]
    syllables: tuple[tuple[Syllable, ...], ...]
    size: IntArray
    tone: IntArray
    openness: FloatArray
    signature: IntArray
    signatures: tuple[tuple[Syllable, ...], ...]
    is_sure: BoolArray
    is_content: BoolArray
    index: Mapping[str, int]
    unknown: int
    classes: dict[str, NDArray[np.str_]] = field(default_factory=dict)

    @classmethod
    def of(cls, language: Language, model: LineModel) -> Lexicon:
        """Return the lexicon of a model in its language; every unit is read once."""
        singable = _SINGABLE[language.name]
        read = tuple(language.read(unit) if unit and singable.fullmatch(unit) else () for unit in model.units)
        read = tuple(s if 0 < len(s) <= MOST_SYLLABLES else () for s in read)
        count = len(model.units)
        openness = np.full((count, MOST_SYLLABLES), 0.5)
        for unit, syllables in enumerate(read):
            openness[unit, : len(syllables)] = [s.openness for s in syllables]
        kinds: dict[tuple[object, ...], int] = {}
        signature = np.zeros(count, np.int64)
        examples: list[tuple[Syllable, ...]] = []
        for unit, syllables in enumerate(read):
            key = tuple((s.stress, s.is_content, s.place) for s in syllables)
            if key not in kinds:
                kinds[key] = len(examples)
                examples.append(syllables)
            signature[unit] = kinds[key]
        index = {unit.lower(): u for u, unit in reversed(list(enumerate(model.units)))}
        return cls(
            language, model.units, read, np.array([len(s) for s in read], np.int64),
            np.array([_tone(unit, s) for unit, s in zip(model.units, read, strict=True)], np.int64),
            openness, signature, tuple(examples),
            np.array([all(one.is_sure for one in s) for s in read], bool),
            np.array([any(one.is_content for one in s) for s in read], bool), index,
            next((index[name] for name in _UNKNOWN if name in index), -1),
        )  # fmt: skip

    def rhyme_classes(self, table: str) -> NDArray[np.str_]:
        """Return the rhyme class of each unit in a table, "" for what is never written: (units,)."""
        if table not in self.classes:
            read = self.language.rhyme_class
            self.classes[table] = np.array([read(s, table) if s else "" for s in self.syllables], np.str_)
        return self.classes[table]

    def ids_of(self, words: Iterable[str]) -> list[int]:
        """Return the units of words, `unknown` for those the model does not know."""
        return [self.index.get(word.lower(), self.unknown) for word in words]

    def split(self, text: str) -> tuple[str, ...]:
        """Return the units of a text as the model spells them: characters, or words."""
        if self.language.name == "zh":
            return tuple(char for char in text if not char.isspace() and char.isalnum())
        return self.language.words(text)

    def join(self, words: Iterable[str]) -> str:
        """Return words as a line."""
        return ("" if self.language.name == "zh" else " ").join(words)


def _tone(unit: str, syllables: tuple[Syllable, ...]) -> int:
    if not syllables:
        return 0
    return {"一": YI, "不": BU}.get(unit, syllables[0].tone)


def sung_tone(tone: int, following: int) -> int:
    """Return a tone as sung before another: 33 is 23, 一 and 不 turn; 0 is the end of a line.

    >>> sung_tone(3, 3), sung_tone(YI, 4), sung_tone(BU, 4), sung_tone(BU, 1)
    (2, 2, 2, 4)
    """
    if tone == 3:
        return 2 if following == 3 else 3
    if tone == YI:
        return 1 if following == 0 else 2 if following == 4 else 4
    if tone == BU:
        return 2 if following == 4 else 4
    return tone
