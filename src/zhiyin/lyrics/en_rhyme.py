"""English rhyme: what is compared, and when two words rhyme.

Conventions: a perfect rhyme shares every sound from the last stressed vowel on, and differs before it; a near rhyme
shares vowels by kind and consonants by class. This module does not look words up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zhiyin.lyrics.en_dict import is_vowel
from zhiyin.lyrics.en_syllables import split_sounds
from zhiyin.lyrics.en_words import plain_word, sung_readings, word_sounds
from zhiyin.lyrics.language import Syllable

PERFECT, NEAR = "perfect", "near"
RHYME_TABLES = (PERFECT, NEAR)
# Spellings of two words that sound unlike: a perfect rhyme must be with the one that is meant.
SPELLED_ALIKE = frozenset(
    ("wind", "winds", "live", "lives", "lead", "tear", "tears", "bow", "bows", "close", "read", "wound")
)
_SPELLED_WITH_E = re.compile(r"e(?:ss|nt|nce|n|nts|nces|st)$")
_NEAR_VOWELS = {"AO": "AA", "UH": "UW", "IH": "IY", "AH": "AA", "EH": "EH", "ER": "ER"}
_NEAR_CODAS = {
    **dict.fromkeys(("M", "N", "NG"), "N"), **dict.fromkeys(("P", "T", "K"), "T"),
    **dict.fromkeys(("B", "D", "G"), "D"),
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


def line_ends_rhyme(one: Sequence[Syllable], other: Sequence[Syllable], table: str) -> bool:
    """Return whether two English line ends rhyme in a table: equal classes, unequal beginnings, unequal words.

    Every way a word may be sung counts (power as one syllable), but not another word spelled alike (wind, wind). In
    the near table beginnings may be equal, other words spelled alike count too, and an unstressed last syllable after
    a dactyl may rhyme by itself (eternity, be).
    """
    first, second = last_word(one), last_word(other)
    if _text(first) == _text(second):
        return False
    ends, others = _ends(first, table), _ends(second, table)
    if table == NEAR:
        return bool({near_part(part) for _, part in ends} & {near_part(part) for _, part in others})
    return any(part == like and onset != unlike for onset, part in ends for unlike, like in others)


def _text(word: Sequence[Syllable]) -> str:
    """Return the letters of a word."""
    return plain_word("".join(one.text for one in word)).strip("'")


def _ends(word: Sequence[Syllable], table: str) -> set[tuple[str, tuple[str, ...]]]:
    """Return (consonants before, sounds from the stressed vowel on) for each way a word may be sung."""
    own = tuple(sound for one in word for sound in one.reading.split())
    text = _text(word)
    ways: tuple[tuple[str, ...], ...] = (own,)
    if own == word_sounds(text).sounds and (table == NEAR or text not in SPELLED_ALIKE):
        ways = (own, *sung_readings(text))
    found = {_end(sounds, part) for sounds in ways for part in (rhyme_part(sounds), _from_primary(sounds))}
    return found | {end for sounds in ways for end in _promoted(sounds, text)} if table == NEAR else found


def _from_primary(sounds: Sequence[str]) -> tuple[str, ...]:
    """Return the sounds from the last primary stress on: tomorrow rhymes with sorrow, not only with go."""
    primary = [i for i, one in enumerate(sounds) if one.endswith("1")]
    return tuple(one.rstrip("012") for one in sounds[primary[-1] :]) if primary else rhyme_part(sounds)


def _end(sounds: Sequence[str], part: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the consonants before a rhyme part, as far as they begin its syllable, and the part."""
    count = sum(map(is_vowel, part))
    group = split_sounds(sounds)[-count] if count else ()
    at = next((i for i, sound in enumerate(group) if is_vowel(sound)), 0)
    return " ".join(group[:at]), part


def _promoted(sounds: Sequence[str], text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the last syllable of a dactyl as if it were stressed; -ness and its like also with an open E."""
    part = rhyme_part(sounds)
    vowels = [i for i, sound in enumerate(part) if is_vowel(sound)]
    if len(vowels) < 3:
        return
    last = part[vowels[-1] :]
    yield "", last
    if last[0] in ("AH", "IH") and _SPELLED_WITH_E.search(text):
        yield "", ("EH", *last[1:])
