"""How an English word is read: our own readings, the dictionary, its parts, its letters, in this order.

Conventions: words may hold apostrophes and hyphens; curly apostrophes are plain ones. This module does not cut words
into syllables: see `zhiyin.lyrics.en_syllables`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.en_dict import SOUNDS, is_vowel, readings, syllable_count
from zhiyin.lyrics.en_spelling import sounds_by_letters, sounds_by_parts

_TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class WordSounds:
    """A word's sounds; is_sure: not guessed from its spelling."""

    sounds: tuple[str, ...]
    is_sure: bool


@cache
def own_readings() -> Mapping[str, tuple[str, ...]]:
    """Return our own table of readings."""
    lines = (_TABLES / "en_readings.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {word: tuple(sounds) for word, *sounds in rows}


@cache
def function_words() -> frozenset[str]:
    """Return the words that carry grammar rather than meaning."""
    lines = (_TABLES / "en_function_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def plain_word(word: str) -> str:
    """Return a word as it is looked up: lower case, no accents, plain apostrophes.

    >>> plain_word("Café’s")
    "cafe's"
    """
    text = unicodedata.normalize("NFKD", word.lower().replace("’", "'").replace("‘", "'").replace("‐", "-"))
    return "".join(mark for mark in text if not unicodedata.combining(mark))


def word_readings(word: str) -> tuple[tuple[str, ...], ...]:
    """Return every reading of a word that is no guess, the one we use first; none for an unknown word."""
    plain = plain_word(word)
    own = own_readings().get(plain)
    found = tuple(_mended(plain, one) for one in readings(plain) or readings(plain.strip("'")))
    return tuple(dict.fromkeys((own, *found))) if own else found


# Spellings whose R is sung with the vowel before it (fire, our), and an L that begins an ending (trem-bling).
_ONE_SYLLABLE = re.compile(r"(?:[iy]re|our)(?:s|d|'s)?$")
_LIQUID_ENDING = re.compile(r"[bdfgkptz]l(?:ing|er|ers|y|est)$")


def _mended(word: str, sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return a reading of the dictionary as it is sung: a-round, fire, trem-bling."""
    if len(sounds) > 1 and sounds[0] == "ER0" and is_vowel(sounds[1]):
        return ("AH0", "R", *sounds[1:])
    if _ONE_SYLLABLE.search(word):
        return tuple(
            "R" if one == "ER0" and i and sounds[i - 1][:2] in ("AY", "AW") else one
            for i, one in enumerate(sounds)
        )
    if _LIQUID_ENDING.search(word) and sounds[-4:-2] == ("AH0", "L"):
        return (*sounds[:-4], *sounds[-3:])
    return sounds


def sung_readings(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the readings a singer may choose from, ours first: also those with two vowels run together.

    >>> [syllable_count(one) for one in sung_readings("glorious")]
    [3, 2]
    """
    own = word_readings(word) or (word_sounds(word).sounds,)
    return tuple(dict.fromkeys((*own, *(run for one in own for run in _run_together(one)))))


def _run_together(sounds: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield a reading with one syllable less for each weak vowel that can be sung short."""
    for i, one in enumerate(sounds):
        after = sounds[i + 1] if i + 1 < len(sounds) else ""
        head, tail = sounds[:i], sounds[i + 1 :]
        if one in ("IY0", "IH0") and after.endswith("0"):
            yield (*head, "Y", *tail)
        elif one == "ER0" and (after.endswith("0") or (i and is_vowel(sounds[i - 1]))):
            yield (*head, "R", *tail)
        elif one == "AH0" and i and _may_fall(sounds[i - 1], after, sounds[i + 2 :]):
            yield (*head, *tail)


def _may_fall(before: str, after: str, rest: Sequence[str]) -> bool:
    """Return whether a weak vowel may fall between two consonants: fam'ly, heav'n, ris'n."""
    if after in ("R", "L", "N") and rest and rest[0].endswith("0"):
        return True
    return after == "N" and before in ("V", "Z", "L") and len(rest) <= 1


@lru_cache(maxsize=65536)
def word_sounds(word: str) -> WordSounds:
    """Return how a word is read.

    >>> word_sounds("o'er").sounds, word_sounds("blimmering").is_sure
    (('AO1', 'R'), False)
    """
    plain = plain_word(word)
    known = word_readings(plain)
    if known:
        return WordSounds(known[0], True)
    if "-" in plain.strip("-"):
        parts = [word_sounds(part) for part in re.split(r"-+", plain) if part]
        return WordSounds(
            tuple(s for part in parts for s in part.sounds), all(part.is_sure for part in parts)
        )
    special = _clipped(plain) or _drawn_out(plain)
    if special:
        return special
    by_parts = sounds_by_parts(plain, _known)
    if by_parts and syllable_count(by_parts):
        return WordSounds(by_parts, plain.endswith(("'s", "s'")))
    return WordSounds(sounds_by_letters(plain), False)


def _clipped(plain: str) -> WordSounds | None:
    """Return the sounds of a word that the article or "to" leans on (th'eternal), which adds no syllable."""
    match = re.fullmatch(r"(th|t)'([aeiou].+)", plain)
    if match is None:
        return None
    rest = word_sounds(match[2])
    return WordSounds(("DH" if match[1] == "th" else "T", *rest.sounds), rest.is_sure)


def _drawn_out(plain: str) -> WordSounds | None:
    """Return the sounds of a word with letters drawn out (ooooh, yeaaah)."""
    for letters in (r"\1\1", r"\1"):
        short = re.sub(r"(.)\1{2,}", letters, plain)
        if len(short) > 1 and short != plain and word_readings(short):
            return WordSounds(word_readings(short)[0], True)
    return None


def _known(word: str) -> tuple[str, ...] | None:
    """Return the first reading of a known word."""
    found = word_readings(word)
    return found[0] if found else None


def parse_sounds(reading: str) -> tuple[str, ...]:
    """Return ARPAbet sounds that a person wrote; a vowel without a digit has no stress.

    Raises InvalidInput for anything else.
    >>> parse_sounds("r eh1 k er d")
    ('R', 'EH1', 'K', 'ER0', 'D')
    """
    sounds = tuple(
        one + "0" if is_vowel(one) and one[-1] not in "012" else one for one in reading.upper().split()
    )
    strange = [one for one in sounds if one not in SOUNDS]
    if strange or not any(map(is_vowel, sounds)):
        raise InvalidInput(
            f"a reading must be ARPAbet sounds with a vowel, such as 'R EH1 K ER0 D', got {reading!r}: write it so"
        )
    return sounds
