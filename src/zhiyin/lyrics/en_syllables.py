"""English syllables: sounds cut into syllables, and spelling cut where the sounds are.

Conventions: a cut spelling has as many pieces as the sounds have vowels, always; joined, the pieces are the word.
Words of parts are cut between them (dream-ing, up-on, moon-light), others as dictionaries print them: after a short
stressed vowel one consonant stays (riv-er), else it goes on (o-ver); of several the first stays (moun-tain).
This module does not choose readings.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from zhiyin.lyrics.en_align import align
from zhiyin.lyrics.en_dict import is_vowel, readings, syllable_count
from zhiyin.lyrics.en_words import plain_word, word_sounds

# Clusters that may begin an English syllable; between vowels the longest of them goes with the second.
_ONSETS = (
    "P L,P R,P Y,B L,B R,B Y,T R,T W,T Y,D R,D W,D Y,K L,K R,K W,K Y,G L,G R,G W,F L,"
    "F R,F Y,TH R,TH W,SH R,S P,S T,S K,S F,S M,S N,S L,S W,S P L,S P R,S P Y,S T R,"
    "S T Y,S K R,S K W,S K Y,S K L,V Y,M Y,N Y,HH Y,HH W,L Y"
)
ONSETS = frozenset(tuple(one.split()) for one in _ONSETS.split(","))


def split_sounds(sounds: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sounds cut into syllables, consonants going with the vowel they can begin.

    >>> split_sounds(("M", "AW1", "N", "T", "AH0", "N"))
    (('M', 'AW1', 'N'), ('T', 'AH0', 'N'))
    """
    vowels = [i for i, sound in enumerate(sounds) if is_vowel(sound)]
    cuts = [0]
    for left, right in itertools.pairwise(vowels):
        between = tuple(sounds[left + 1 : right])
        keep = next(k for k in range(len(between) + 1) if _may_begin(between[k:]))
        cuts.append(left + 1 + keep)
    cuts.append(len(sounds))
    return tuple(tuple(sounds[a:b]) for a, b in itertools.pairwise(cuts))


def _may_begin(cluster: tuple[str, ...]) -> bool:
    """Return whether consonants may stand before a syllable's vowel."""
    return not cluster or (len(cluster) == 1 and cluster[0] not in ("NG", "ZH")) or cluster in ONSETS


@cache
def own_hyphens() -> Mapping[str, tuple[str, ...]]:
    """Return the words whose cuts follow no rule."""
    lines = (Path(__file__).parent / "tables" / "en_hyphens.txt").read_text(encoding="utf-8").splitlines()
    cut = (one.split("-") for line in lines if not line.startswith("#") for one in line.split())
    return {"".join(pieces): tuple(pieces) for pieces in cut}


@cache
def common_words() -> frozenset[str]:
    """Return the words that a longer word may be made of; the dictionary itself is full of names."""
    lines = (Path(__file__).parent / "tables" / "en_common.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(one for line in lines if not line.startswith("#") for one in line.split())


def _parts_of(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the readings of a common word, none of another."""
    return readings(word) if word in common_words() else ()


@lru_cache(maxsize=65536)
def split_spelling(word: str, sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return a word's spelling cut into as many pieces as its sounds have syllables; "_" where letters run out (w).

    >>> split_spelling("mountain", ("M", "AW1", "N", "T", "AH0", "N"))
    ('moun', 'tain')
    """
    count = syllable_count(sounds)
    if count <= 1:
        return (word,)
    if len(word) < count:
        return (*word, *("_" for _ in range(count - len(word))))
    plain = plain_word(word)
    lower = plain if len(plain) == len(word) else word.lower().replace("’", "'")
    pieces = own_hyphens().get(lower, ())
    if len(pieces) != count:
        pieces = (
            _hyphenated(lower, sounds)
            or _possessive(lower, sounds)
            or _by_parts(lower, sounds)
            or _by_sound(lower, sounds)
        )
    assert "".join(pieces) == lower and len(pieces) == count, (word, pieces)
    return _in_case(word, pieces)


def _in_case(word: str, pieces: Sequence[str]) -> tuple[str, ...]:
    """Return the pieces in the letters of the word itself, capitals and accents kept."""
    ends = [sum(map(len, pieces[: i + 1])) for i in range(len(pieces))]
    return tuple(word[a:b] for a, b in zip([0, *ends], ends, strict=False))


def _hyphenated(word: str, sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pieces of a word that is written with hyphens; each hyphen stays before its cut."""
    parts = re.findall(r"[^-]+-*|-+", word)
    if len(parts) < 2:
        return ()
    pieces: list[str] = []
    at = 0
    for i, part in enumerate(parts):
        own = _usual_count(part.strip("-"))
        rest = syllable_count(sounds[at:])
        wanted = rest if i == len(parts) - 1 else min(own, rest - (len(parts) - 1 - i))
        if wanted < 1:
            return ()
        end = len(sounds) if i == len(parts) - 1 else _after_syllables(sounds, at, wanted)
        pieces += split_spelling(part, sounds[at:end])
        at = end
    return tuple(pieces) if len(pieces) == syllable_count(sounds) and "".join(pieces) == word else ()


def _possessive(word: str, sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pieces of a word with 's or s', cut as the word itself is."""
    match = re.fullmatch(r"([a-z]{2,})('s|')", word)
    if match is None or sounds[-1] not in ("S", "Z"):
        return ()
    base, ending = match.groups()
    if ending == "'":
        return (*(pieces := split_spelling(base, sounds))[:-1], pieces[-1] + ending)
    if sounds[-2] in ("IH0", "AH0") and base[-1] in "shxzce":
        return (*split_spelling(base, sounds[:-2]), ending) if not base.endswith("e") else ()
    pieces = split_spelling(base, sounds[:-1])
    return (*pieces[:-1], pieces[-1] + ending)


def _usual_count(word: str) -> int:
    """Return how many syllables a word has by itself, at least one."""
    return max(1, syllable_count(word_sounds(word).sounds))


def _after_syllables(sounds: Sequence[str], at: int, count: int) -> int:
    """Return the place where so many syllables end, as their sounds are cut."""
    groups = split_sounds(sounds[at:])
    return at + sum(len(group) for group in groups[:count])


# Endings with the letters that may be lost or doubled before them, and how they sound.
_ENDING_LETTERS = (
    "ings ing ers er est ed es eth en ish ness less ful fully ly ment ward wards like some dom ship hood y"
)
_ENDINGS = _ENDING_LETTERS.split()
_OF_VOWEL = frozenset(["ings", "ing", "ers", "er", "est", "ed", "es", "eth", "ish", "y", "en"])
_LOSES_E = frozenset(["ings", "ing", "ers", "er", "est", "ed", "es", "eth", "ish"])
_SHORT_FIRSTS_TEXT = (
    "sun sea sky day man way out one any who how now ice eye ear sun red hot fire air bed box blue for "
    "fore low high old new well ill all back half her him our thy it may off day bee cow dew fox god ink "
    "inn jaw key law oak pea pig pot rag rat rib sap tea tip toe top war wax web wet wig log lay egg arm "
    "art big"
)
_SHORT_FIRSTS = frozenset(_SHORT_FIRSTS_TEXT.split())
_SHORT_SECONDS_TEXT = "day way man men out boy eye sea sun one sky bed end law art ice time tide tree line"
_SHORT_SECONDS = frozenset(_SHORT_SECONDS_TEXT.split())
_BEGINNINGS = ("up", "with", "un", "dis", "mis", "a", "be", "re", "for", "in", "en", "to", "ex", "pre", "de")


def _by_parts(word: str, sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pieces of a word made of a known word and an ending, a beginning or another word, or none."""
    for cut, place in _joints(word, sounds):
        head, tail = sounds[:place], sounds[place:]
        if syllable_count(head) and syllable_count(tail) and cut < len(word):
            return (*split_spelling(word[:cut], head), *split_spelling(word[cut:], tail))
    return ()


def _joints(word: str, sounds: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield (letters, sounds) before each joint of a word, the likeliest first."""
    if "'" in word:
        return
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            yield from _joint_before(stem, ending, sounds)
    for cut in range(len(word) - 3, 2, -1):
        if min(cut, len(word) - cut) > 3 or word[:cut] in _SHORT_FIRSTS or word[cut:] in _SHORT_SECONDS:
            yield from _joint_between(word[:cut], word[cut:], sounds)
    for beginning in _BEGINNINGS:
        rest = word.removeprefix(beginning)
        if rest != word and len(rest) > 1:
            found = next((one for one in _known_rest(rest) if _same(sounds[-len(one) :], one)), None)
            if found and len(found) < len(sounds):
                yield len(beginning), len(sounds) - len(found)


def _known_rest(rest: str) -> tuple[tuple[str, ...], ...]:
    """Return the readings of what follows a beginning; two letters only where they are a word of place."""
    return _parts_of(rest) if len(rest) > 2 else readings(rest) if rest in ("on", "in", "to", "up") else ()


def _joint_before(stem: str, ending: str, sounds: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the joint between a known stem and an ending."""
    spelled = [stem]
    if ending in _LOSES_E and stem[-1] not in "aeiou":
        spelled.append(stem + "e")
    if stem.endswith("i"):
        spelled.append(stem[:-1] + "y")
    is_doubled = stem[-1] == stem[-2] and stem[-1] not in "lsfze"
    for one in spelled if not is_doubled or ending not in _OF_VOWEL else ():
        for found in _parts_of(one):
            if len(found) < len(sounds) and _same(sounds[: len(found)], found):
                yield len(stem), len(found)


def _joint_between(first: str, second: str, sounds: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the joint between two known words."""
    for one in _parts_of(first):
        for other in _parts_of(second):
            if len(one) + len(other) == len(sounds) and _same(sounds, (*one, *other)):
                yield len(first), len(one)


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two runs of sounds are alike but for their stress."""
    return [sound.rstrip("012") for sound in one] == [sound.rstrip("012") for sound in other]


def _by_sound(word: str, sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pieces of a word cut between the letters of its vowels."""
    spans = align(word, sounds)
    at = [i for i, sound in enumerate(sounds) if is_vowel(sound)]
    cuts = [_cut(word, spans, (i, j), sounds) for i, j in itertools.pairwise(at)]
    cuts = _in_order(cuts, len(word))
    return tuple(word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True))


def _in_order(cuts: list[int], length: int) -> list[int]:
    """Return cut places that leave each piece a letter where there are letters enough."""
    for i in range(len(cuts)):
        low = min(length, cuts[i - 1] + 1 if i else 1)
        high = max(low, length - (len(cuts) - i))
        cuts[i] = min(max(cuts[i], low), high)
    return cuts


_UNITS = re.compile(r"tch|dge|sch|ch|sh|th|ph|ck|gh|wh|qu|gn|.", re.DOTALL)
_LIQUID_STARTS = re.compile(
    r"(?:[bcdfgkpt]|th|ch|ph|sh)[lr]|s?[ckpt]r|s[ckpt]l|sp[rl]|st[rw]|sc[rh]|[dst]w|qu|s?qu|s[tpkc]"
)
_SHORT = frozenset(("AE", "EH", "IH", "AA", "AH", "UH"))
_STAYS_BEHIND = frozenset(("x", "ck", "tch", "dge"))


def _cut(word: str, spans: Sequence[tuple[int, int]], vowels: tuple[int, int], sounds: Sequence[str]) -> int:
    """Return where a word is cut between two neighbouring vowels."""
    left, right = vowels
    start, end = spans[left][1], max(spans[left][1], spans[right][0])
    between = word[start:end]
    if not between and word[end - 2 : end] == "or" and word[end:] in ("y", "ies", "ied"):
        return end - 1  # mem-o-ry
    if "'" in between:
        after = between.rpartition("'")[2]
        return start + between.rfind("'") + (2 if len(after) > 1 else 0)
    silent = re.search(r"^[^aeiou]+e(?=[^aeiou])", between)
    if silent:
        return start + silent.end()
    is_soft = len(between) > 1 and between.endswith("i")
    units = _UNITS.findall(between.removesuffix("i") if is_soft else between)
    if is_soft and len(units) == 1:
        return start
    is_short = sounds[left][:2] in _SHORT and sounds[left][-1] in "12"
    if "NG" in sounds[left:right] and "G" not in sounds[left:right] and "K" not in sounds[left:right]:
        units = _UNITS.findall(between.replace("ng", "\0"))
    is_beginning = word[: end - len(between)] in ("be", "de", "re", "pre", "a") and sounds[left][-1] == "0"
    if is_beginning and between.startswith("s") and _LIQUID_STARTS.fullmatch(between):
        return start
    keep = _kept_units(units, is_short)
    return start + sum(2 if unit == "\0" else len(unit) for unit in units[:keep])


def _kept_units(units: Sequence[str], is_short: bool) -> int:
    """Return how many consonant units stay with the vowel before them."""
    if not units:
        return 0
    if len(units) == 1:
        return int(is_short or units[0] in _STAYS_BEHIND or units[0] == "\0")
    if len(units) == 2:
        is_start = _LIQUID_STARTS.fullmatch("".join(units)) is not None and units[0] != "s"
        return 0 if is_start and not is_short else 1
    for keep in range(1, len(units)):
        rest = "".join(units[keep:])
        if keep == len(units) - 1 or _LIQUID_STARTS.fullmatch(rest):
            return keep
    return 1
