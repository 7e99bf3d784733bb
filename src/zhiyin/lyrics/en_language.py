"""English as it is sung: words to syllables with stress, openness and rhyme.

Conventions: stress 2 primary, 1 secondary, 0 none; monosyllabic words of grammar have 0, others keep theirs.
This module does not know Chinese: see `zhiyin.lyrics.languages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from zhiyin.lyrics.en_dict import is_vowel
from zhiyin.lyrics.en_rhyme import rhyme_part
from zhiyin.lyrics.en_syllables import split_sounds, split_spelling
from zhiyin.lyrics.en_words import (
    WordSounds,
    function_words,
    parse_sounds,
    plain_word,
    word_readings,
    word_sounds,
)
from zhiyin.lyrics.language import Syllable

# How open a vowel is, 0 to 1; singers hold what is at .6 or above with ease.
OPENNESS = {
    "AA": 1.0, "AE": 0.9, "AH": 0.65, "AO": 0.85, "AW": 0.95, "AY": 0.95, "EH": 0.55, "ER": 0.4, "EY": 0.6, "IH": 0.25,
    "IY": 0.1, "OW": 0.65, "OY": 0.7, "UH": 0.3, "UW": 0.1,
}  # fmt: skip
_LETTERS = {"a": ("EY1",), "i": ("AY1",), "o": ("OW1",)}
_FROM_DIGIT = {"0": 0, "1": 2, "2": 1}


def read_word(word: str, index: int, fixed: Mapping[str, str] | None = None) -> list[Syllable]:
    """Return the syllables of one English word. fixed: readings a person gave, in ARPAbet."""
    plain = plain_word(word)
    given = (fixed or {}).get(word, (fixed or {}).get(plain))
    found = WordSounds(parse_sounds(given), True) if given else spelled_out(word) or word_sounds(word)
    sounds = found.sounds if any(map(is_vowel, found.sounds)) else (*found.sounds, "AH0")
    pieces, groups = split_spelling(word, sounds), split_sounds(sounds)
    is_grammar = plain in function_words()
    count = len(groups)
    syllables = [
        _syllable(text, group, has_stress=not is_grammar or count > 1)
        for text, group in zip(pieces, groups, strict=True)
    ]
    places = ("single",) if count == 1 else ("begin", *("middle",) * (count - 2), "end")
    syllables[-1] = replace(syllables[-1], rhyme=" ".join(rhyme_part(sounds)))
    return [
        replace(one, word=index, place=place, is_content=not is_grammar, is_sure=found.is_sure)
        for one, place in zip(syllables, places, strict=True)
    ]


def spelled_out(word: str) -> WordSounds | None:
    """Return the names of the letters of capitals that are no word (AA, DJ), None for any other word."""
    if not (2 <= len(word) <= 4 and word.isascii() and word.isalpha() and word.isupper()) or word_readings(
        word
    ):
        return None
    names = [
        sounds for letter in word.lower() for sounds in (_LETTERS.get(letter) or word_readings(letter)[0],)
    ]
    return WordSounds(tuple(sound for sounds in names for sound in sounds), True)


def _syllable(text: str, group: tuple[str, ...], *, has_stress: bool) -> Syllable:
    """Return a syllable of its spelling and its sounds."""
    at = next(i for i, one in enumerate(group) if is_vowel(one))
    return Syllable(
        text=text,
        word=0,
        place="single",
        reading=" ".join(group),
        rhyme=" ".join(one.rstrip("012") for one in group[at:]),
        stress=_FROM_DIGIT[group[at][-1]] if has_stress else 0,
        openness=OPENNESS[group[at][:2]],
        onset=" ".join(group[:at]),
        coda=" ".join(group[at + 1 :]),
    )
