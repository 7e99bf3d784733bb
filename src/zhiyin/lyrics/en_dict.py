"""The CMU pronouncing dictionary, packed: which sounds an English word has.

Conventions: sounds are ARPAbet with stress digits on vowels ("M", "AW1"); words are lower-case. The packed file holds
one character a sound, so that it loads in a fraction of a second. This module does not spell or split words.

Source: Carnegie Mellon University, The CMU Pronouncing Dictionary (BSD-2-Clause style; `tables/cmudict.md`).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

PACKED = Path(__file__).parent / "tables" / "cmudict.bin"
VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
CONSONANTS = (
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH", "T", "TH", "V", "W",
    "Y", "Z", "ZH",
)  # fmt: skip
SOUNDS = (*CONSONANTS, *(f"{vowel}{stress}" for vowel in VOWELS for stress in (0, 1, 2)))
_CODES = {sound: chr(48 + i) for i, sound in enumerate(SOUNDS)}
_BY_CODE = {code: sound for sound, code in _CODES.items()}
_ENTRY = re.compile(r"^(?P<word>[a-z][a-z'.\-]*|'[a-z][a-z']*)(\(\d\))?$")


def pack_dictionary(lines: Iterable[str]) -> bytes:
    """Return the lines of `cmudict.dict` packed; entries that are no words (digits, signs) are left out."""
    packed: dict[str, list[str]] = {}
    for line in lines:
        entry, *sounds = line.split("#", 1)[0].split()
        match = _ENTRY.match(entry)
        if match and sounds:
            packed.setdefault(match["word"], []).append("".join(_CODES[sound] for sound in sounds))
    rows = (f"{word}\t{' '.join(readings)}" for word, readings in sorted(packed.items()))
    return zlib.compress("\n".join(rows).encode(), 9)


@cache
def _packed() -> Mapping[str, str]:
    """Return every word's packed readings."""
    text = zlib.decompress(PACKED.read_bytes()).decode()
    return dict(line.split("\t", 1) for line in text.split("\n"))


@lru_cache(maxsize=65536)
def readings(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the readings of a lower-case word, the usual one first; none if the dictionary does not have it.

    >>> readings("mountain")
    (('M', 'AW1', 'N', 'T', 'AH0', 'N'),)
    """
    packed = _packed().get(word)
    if packed is None:
        return ()
    return tuple(tuple(_BY_CODE[code] for code in reading) for reading in packed.split(" "))


def dictionary_words() -> Iterable[str]:
    """Return every word of the dictionary."""
    return _packed().keys()


def is_vowel(sound: str) -> bool:
    """Return whether a sound is a vowel, with or without its stress digit."""
    return sound[:2] in VOWELS


def syllable_count(sounds: Iterable[str]) -> int:
    """Return how many syllables a reading has."""
    return sum(is_vowel(sound) for sound in sounds)
