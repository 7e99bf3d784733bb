"""The seam of a language: how a line is read aloud, and what rhymes.

Conventions: a line is one phrase without line breaks; a syllable is what one note (or slur) carries.
This module does not know melodies or language models: see `zhiyin.lyrics.slots` and `zhiyin.lyrics.line_model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

PLACES = ("single", "begin", "middle", "end")


@dataclass(frozen=True, slots=True)
class Syllable:
    """One sung syllable of a line.

    text: as it is printed under its note ("雨", "moun"); word: index of its word in the line; place: one of PLACES,
    within its word; reading: pinyin without tone, or ARPAbet; rhyme: what a rhyme is compared by, from the vowel to
    the end ("uang", "AW1 N"); tone: Mandarin 1..4, 5 neutral, as sung after sandhi, 0 in other languages; stress:
    2 primary, 1 secondary, 0 none, always 0 in Mandarin; openness: of its vowel, 0 (i, u) to 1 (a);
    is_content: belongs to a word that carries meaning; is_sure: False where the reading was guessed or has rivals;
    onset: consonants before the vowel; coda: consonants after it.
    """

    text: str
    word: int
    place: str
    reading: str
    rhyme: str
    tone: int = 0
    stress: int = 0
    openness: float = 0.5
    is_content: bool = True
    is_sure: bool = True
    onset: str = ""
    coda: str = ""


class Language(Protocol):
    """A language in which words can be sung. Implementations are listed in `zhiyin.lyrics.languages.LANGUAGES`."""

    name: str

    def read(self, line: str, readings: Mapping[str, str] | None = None) -> tuple[Syllable, ...]:
        """Return the syllables of a line; readings: words whose reading a person fixed ("长": "zhang3")."""
        ...

    def words(self, line: str) -> tuple[str, ...]:
        """Return the words of a line, punctuation left out; joined they hold each syllable once."""
        ...

    def rhyme_class(self, syllables: tuple[Syllable, ...], table: str) -> str:
        """Return the class of a line's end in a table of `rhyme_tables` ("江阳" in "十三辙"; "AW N" in "perfect")."""
        ...

    def rhymes(self, one: tuple[Syllable, ...], other: tuple[Syllable, ...], table: str) -> bool:
        """Return whether two line ends rhyme; identical end words do not count as a rhyme in English."""
        ...

    def rhyme_tables(self) -> tuple[str, ...]:
        """Return the names of its rhyme tables, the default one first."""
        ...
