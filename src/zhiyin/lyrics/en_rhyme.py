"""English rhyme: what is compared, and when two words rhyme.

Conventions: a perfect rhyme shares every sound from the last stressed vowel on, and differs before it; a near rhyme
shares vowels by kind and consonants by class. This module does not look words up.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.lyrics.en_dict import is_vowel
from zhiyin.lyrics.language import Syllable

PERFECT, NEAR = "perfect", "near"
RHYME_TABLES = (PERFECT, NEAR)
_NEAR_VOWELS = {"AO": "AA", "UH": "UW", "IH": "IY", "AH": "AA", "EH": "EH", "ER": "ER"}
_NEAR_CODAS = {
    **dict.fromkeys(("M", "N", "NG"), "N"), **dict.fromkeys(("P", "T", "K"), "T"), **dict.fromkeys(("B", "D", "G"), "D"),
    **dict.fromkeys(("F", "TH"), "F"), **dict.fromkeys(("V", "DH"), "V"), **dict.fromkeys(("S", "SH", "CH"), "S"),
    **dict.fromkeys(("Z", "ZH", "JH"), "Z"),
}  # fmt: skip


def rhyme_part(sounds: Sequence[str]) -> tuple[str, ...]:
    """Return the sounds from the last stressed vowel to the end, stress digits left off.

    >>> rhyme_part(("M", "AW1", "N", "T", "AH0", "N")), rhyme_part(("T", "AH0", "N", "AY1", "T"))
    (('AW', 'N', 'T', 'AH', 'N'), ('AY', 'T'))
    """
    stressed = [i for i, one in enumerate(sounds) if is_vowel(one) and one[-1:] in "12"]
    vowels = [i for i, one in enumerate(sounds) if is_vowel(one)]
    start = stressed[-1] if stressed else vowels[-1] if vowels else 0
    return tuple(one.rstrip("012") for one in sounds[start:])


def near_part(part: Sequence[str]) -> tuple[str, ...]:
    """Return a rhyme part by kinds of vowel and classes of consonant.

    >>> near_part(("AY", "M")) == near_part(("AY", "N"))
    True
    """
    return tuple(_NEAR_VOWELS.get(one, one) if is_vowel(one) else _NEAR_CODAS.get(one, one) for one in part)


def last_word(syllables: Sequence[Syllable]) -> tuple[Syllable, ...]:
    """Return the syllables of a line's last word."""
    return tuple(one for one in syllables if one.word == syllables[-1].word)


def rhyme_key(syllables: Sequence[Syllable], table: str) -> str:
    """Return the class of a line's end in a table: the sounds that must agree."""
    part = syllables[-1].rhyme.split()
    return " ".join(part if table == PERFECT else near_part(part))


def near_rhymes(one: Sequence[Syllable], other: Sequence[Syllable], table: str) -> bool:
    """Return whether two English line ends rhyme in a table: equal classes, unequal beginnings, unequal words.

    In the near table an unstressed last syllable after a dactyl may also rhyme by itself (eternity, be).
    """
    first, second = last_word(one), last_word(other)
    if "".join(s.text for s in first).lower() == "".join(s.text for s in second).lower():
        return False
    if rhyme_key(one, table) == rhyme_key(other, table):
        return table == NEAR or _beginning(first) != _beginning(second)
    return table == NEAR and bool(_endings(first) & _endings(second))


def _beginning(word: Sequence[Syllable]) -> str:
    """Return the consonants before the vowel on which a word's rhyme starts."""
    count = sum(is_vowel(sound) for sound in word[-1].rhyme.split())
    return word[-min(count, len(word))].onset


def _endings(word: Sequence[Syllable]) -> set[tuple[str, ...]]:
    """Return the near classes a word may rhyme by: its own, and its last syllable's when three or more sing it."""
    part = word[-1].rhyme.split()
    found = {near_part(part)}
    vowels = [i for i, sound in enumerate(part) if is_vowel(sound)]
    if len(word) >= 3 and len(vowels) >= 3:
        found.add(near_part(part[vowels[-1] :]))
    return found
