"""The languages in which words can be sung, and lines that mix them.

Conventions: each word of a line is read by the rules of its own writing, whatever the line's language; digits are
read in the line's language; a character of neither writing is a syllable without reading, not sure.
This module does not know melodies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.en_language import read_word
from zhiyin.lyrics.en_numbers import number_words
from zhiyin.lyrics.en_rhyme import NEAR, PERFECT, line_ends_rhyme, rhyme_key
from zhiyin.lyrics.language import Language, Syllable
from zhiyin.lyrics.writing import BREAK, HAN, LATIN, NUMBER, runs
from zhiyin.lyrics.zh_language import read_han
from zhiyin.lyrics.zh_numbers import number_characters
from zhiyin.lyrics.zh_rhyme import RHYME_TABLES, class_of_final

Readings = Mapping[str, str]


class Mandarin:
    """Mandarin Chinese; English words in a line keep their own sounds."""

    name = "zh"

    def read(self, line: str, readings: Readings | None = None) -> tuple[Syllable, ...]:
        """Return the syllables of a line; readings: words whose reading a person fixed ("长": "zhang3")."""
        return _read(line, self.name, readings)[1]

    def words(self, line: str) -> tuple[str, ...]:
        """Return the words of a line, punctuation left out."""
        return _read(line, self.name, None)[0]

    def rhyme_class(self, syllables: tuple[Syllable, ...], table: str = RHYME_TABLES[0]) -> str:
        """Return the class of a line's end ("江阳"); an English end has "en" and its perfect class; "" without sound.

        Raises InvalidInput for an unknown table.
        """
        _check_table(table, RHYME_TABLES, "Chinese")
        if not syllables or not syllables[-1].rhyme:
            return ""
        last = syllables[-1]
        return class_of_final(last.rhyme, table) if last.tone else f"en {rhyme_key(syllables, PERFECT)}"

    def rhymes(
        self, one: tuple[Syllable, ...], other: tuple[Syllable, ...], table: str = RHYME_TABLES[0]
    ) -> bool:
        """Return whether two line ends are of one class; tones and identical characters do not matter."""
        found = self.rhyme_class(one, table)
        return bool(found) and found == self.rhyme_class(other, table)

    def rhyme_tables(self) -> tuple[str, ...]:
        """Return 十三辙, 中华新韵 and 中华通韵."""
        return RHYME_TABLES


class English:
    """English; Chinese words in a line keep their own sounds."""

    name = "en"

    def read(self, line: str, readings: Readings | None = None) -> tuple[Syllable, ...]:
        """Return the syllables of a line; readings: words whose reading a person fixed ("wind": "W AY1 N D")."""
        return _read(line, self.name, readings)[1]

    def words(self, line: str) -> tuple[str, ...]:
        """Return the words of a line, punctuation left out."""
        return _read(line, self.name, None)[0]

    def rhyme_class(self, syllables: tuple[Syllable, ...], table: str = PERFECT) -> str:
        """Return the class of a line's end ("AW N"); a Chinese end has "zh" and its class; "" without sound.

        Raises InvalidInput for an unknown table.
        """
        _check_table(table, (PERFECT, NEAR), "English")
        if not syllables or not syllables[-1].rhyme:
            return ""
        last = syllables[-1]
        return (
            f"zh {class_of_final(last.rhyme, RHYME_TABLES[0])}" if last.tone else rhyme_key(syllables, table)
        )

    def rhymes(self, one: tuple[Syllable, ...], other: tuple[Syllable, ...], table: str = PERFECT) -> bool:
        """Return whether two line ends rhyme; identical words, and equal sounds before the vowel, do not."""
        first, second = self.rhyme_class(one, table), self.rhyme_class(other, table)
        if not first or not second:
            return False
        if one[-1].tone or other[-1].tone:
            return first == second and one[-1].text != other[-1].text
        return line_ends_rhyme(one, other, table)

    def rhyme_tables(self) -> tuple[str, ...]:
        """Return "perfect" and "near"."""
        return (PERFECT, NEAR)


def _check_table(table: str, tables: tuple[str, ...], language: str) -> None:
    """Raise unless the table is one of the language's."""
    if table not in tables:
        names = ", ".join(tables)
        raise InvalidInput(
            f"a rhyme table of {language} must be one of {names}, got {table!r}: name one of them"
        )


# "th' eternal": the clipped word leans on the next and has no syllable of its own.
_LEANING = re.compile(r"\b([Tt]h|[Tt])['’]\s+(?=[aeiouAEIOU])")
_ABBREVIATIONS = {"Mr": "Mister", "Mrs": "Missus", "Dr": "Doctor", "St": "Saint"}

Heard = tuple[tuple[str, ...], tuple[Syllable, ...]]


def _read(line: str, language: str, readings: Readings | None) -> Heard:
    """Return the words and the syllables of a line; lines without fixed readings are remembered."""
    return _read_with(line, language, readings) if readings else _remembered(line, language)


@lru_cache(maxsize=16384)
def _remembered(line: str, language: str) -> Heard:
    """Return the words and the syllables of a line that no person's readings change."""
    return _read_with(line, language, {})


def _read_with(line: str, language: str, readings: Readings) -> Heard:
    """Return the words and the syllables of a line."""
    words: list[str] = []
    syllables: list[Syllable] = []
    pieces = list(runs(_LEANING.sub(r"\1'", line)))
    for i, (kind, text) in enumerate(pieces):
        if kind == BREAK:
            continue
        if kind == NUMBER:
            is_year = i + 1 < len(pieces) and pieces[i + 1][1].startswith("年") and len(text) == 4
            kind, text = _spelled_out(text, language, is_year)
        if kind == HAN:
            found, sung = read_han(text, len(words), readings)
            words += found
            syllables += sung
        elif kind == LATIN:
            for word in text.split():
                word = _ABBREVIATIONS.get(word, word)
                syllables += read_word(word, len(words), readings)
                words.append(word)
        else:
            words.append(text)
            syllables.append(Syllable(text, len(words) - 1, "single", "", "", is_sure=False))
    return tuple(words), tuple(syllables)


def _spelled_out(text: str, language: str, is_year: bool) -> tuple[str, str]:
    """Return a number as a run of the line's language."""
    text = re.sub(r"(?<=\d)[.,:](?!\d)", "", text)
    if language == "zh":
        return HAN, number_characters(text, is_year=is_year)
    return LATIN, " ".join(number_words(text))


LANGUAGES: dict[str, Language] = {"zh": Mandarin(), "en": English()}
