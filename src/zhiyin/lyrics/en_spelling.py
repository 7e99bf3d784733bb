"""How an English word sounds that the dictionary lacks: by its parts, else letter by letter.

Conventions: sounds are ARPAbet with stress digits; what this module answers is a guess, and the caller says so.
This module does not read the dictionary's own words: see `zhiyin.lyrics.en_words`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from zhiyin.lyrics.en_dict import is_vowel

Lookup = Callable[[str], tuple[str, ...] | None]

_ENDINGS = (
    ("'s", ""), ("s'", ""), ("iest", "EH0 S T"), ("ness", "N AH0 S"), ("less", "L AH0 S"), ("ful", "F AH0 L"),
    ("ly", "L IY0"), ("ing", "IH0 NG"), ("in'", "IH0 N"), ("eth", "IH0 TH"), ("est", "AH0 S T"), ("edst", "D S T"),
    ("ed", ""), ("'d", ""), ("er", "ER0"), ("ers", "ER0 Z"), ("y", "IY0"), ("ish", "IH0 SH"), ("like", "L AY2 K"),
    ("ward", "W ER0 D"), ("s", ""), ("es", ""), ("st", "S T"), ("able", "AH0 B AH0 L"), ("ment", "M AH0 N T"),
    ("dom", "D AH0 M"), ("hood", "HH UH2 D"), ("ship", "SH IH2 P"), ("some", "S AH0 M"), ("'ring", "R IH0 NG"),
)  # fmt: skip
_BEGINNINGS = {
    "un": "AH0 N", "re": "R IY0", "fore": "F AO1 R", "over": "OW2 V ER0", "out": "AW2 T", "under": "AH2 N D ER0",
    "be": "B IH0", "dis": "D IH0 S", "mis": "M IH0 S", "non": "N AA0 N", "en": "EH0 N", "in": "IH0 N", "a": "AH0",
    "up": "AH1 P", "counter": "K AW1 N T ER0", "inter": "IH2 N T ER0", "pre": "P R IY0",
}  # fmt: skip
_VOICELESS, _HISSING = frozenset(["P", "T", "K", "F", "TH"]), frozenset(["S", "Z", "SH", "ZH", "CH", "JH"])


def sounds_by_parts(word: str, look_up: Lookup) -> tuple[str, ...] | None:
    """Return the sounds of a word made of known parts (moon-light, un-know-ing, wander-eth), or None."""
    return _by_ending(word, look_up) or _by_beginning(word, look_up) or _as_compound(word, look_up)


def _by_ending(word: str, look_up: Lookup) -> tuple[str, ...] | None:
    """Return a known stem's sounds with those of a known ending."""
    for ending, sounds in _ENDINGS:
        if not word.endswith(ending) or len(word) - len(ending) < 2:
            continue
        stem = word[: -len(ending)]
        doubled = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem
        as_y = stem[:-1] + "y" if stem.endswith("i") else stem
        for one in dict.fromkeys((stem, stem + "e", as_y, doubled)):
            found = look_up(one) if len(one) > 1 else None
            if found:
                return found + (tuple(sounds.split()) if sounds else _inflection(ending, found[-1]))
    return None


def _inflection(ending: str, last: str) -> tuple[str, ...]:
    """Return how -s, 's and -ed sound after a sound."""
    if ending in ("ed", "'d"):
        if last in ("T", "D"):
            return ("IH0", "D")
        return ("T",) if last in _VOICELESS or last in ("S", "SH", "CH") else ("D",)
    if last in _HISSING:
        return () if ending == "s'" else ("IH0", "Z")
    return ("S",) if last in _VOICELESS else ("Z",)


def _by_beginning(word: str, look_up: Lookup) -> tuple[str, ...] | None:
    """Return a known beginning's sounds with those of a known word."""
    for beginning, sounds in _BEGINNINGS.items():
        rest = word.removeprefix(beginning)
        found = look_up(rest) if rest != word and len(rest) > 2 else None
        if found:
            return (*sounds.split(), *found)
    return None


def _as_compound(word: str, look_up: Lookup) -> tuple[str, ...] | None:
    """Return the sounds of two known words written as one, the second with secondary stress."""
    for cut in range(len(word) - 3, 2, -1):
        first, second = look_up(word[:cut]), look_up(word[cut:])
        if first and second:
            return first + tuple(one.replace("1", "2") for one in second)
    return None


# Letter groups and their sounds; longer ones are tried first.
_GROUPS = {
    "tch": "CH", "sch": "S K", "igh": "AY", "eigh": "EY", "augh": "AO", "ough": "OW", "tion": "SH AH N",
    "sion": "ZH AH N", "cian": "SH AH N", "tious": "SH AH S", "cious": "SH AH S", "gious": "JH AH S",
    "geous": "JH AH S", "tial": "SH AH L", "cial": "SH AH L", "gion": "JH AH N", "ous": "AH S", "ture": "CH ER",
    "que": "K", "dge": "JH", "chr": "K R", "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "wh": "W", "gh": "G",
    "ck": "K", "ng": "NG", "qu": "K W", "kn": "N", "wr": "R", "ee": "IY", "ea": "IY", "oa": "OW", "oo": "UW",
    "ai": "EY", "ay": "EY", "au": "AO", "aw": "AO", "ei": "EY", "ey": "IY", "ie": "IY", "oi": "OY", "oy": "OY",
    "ou": "AW", "ow": "OW", "ue": "UW", "ui": "UW", "ew": "UW", "eu": "UW", "oe": "OW", "ire": "AY R",
    "ar": "AA R", "er": "ER", "ir": "ER", "ur": "ER", "yr": "ER", "or": "AO R", "ce": "S IY", "ci": "S IH",
    "cy": "S IY", "ge": "JH IY", "gi": "JH IH", "x": "K S", "j": "JH", "c": "K", "q": "K", "y": "Y",
}  # fmt: skip
_SHORT = {"a": "AE", "e": "EH", "i": "IH", "o": "AA", "u": "AH", "y": "IH"}
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}
_PLAIN = {letter: letter.upper() for letter in "bdfgklmnprstvwz"} | {"h": "HH"}


@lru_cache(maxsize=4096)
def sounds_by_letters(word: str) -> tuple[str, ...]:
    """Return the sounds of a word by letter-to-sound rules, at least one vowel, one of them stressed.

    >>> sounds_by_letters("blim")
    ('B', 'L', 'IH1', 'M')
    """
    letters = "".join(mark for mark in word.lower() if mark.isalpha() and mark.isascii())
    sounds: list[str] = []
    at = 0
    while at < len(letters):
        taken, found = _next_sounds(letters, at)
        sounds += [one for one in found if not (sounds and sounds[-1] == one and not is_vowel(one))]
        at += taken
    if not any(is_vowel(one) for one in sounds):
        sounds.append("AH")
    return _stressed(letters, sounds)


def _next_sounds(letters: str, at: int) -> tuple[int, list[str]]:
    """Return how many letters were read at a place, and their sounds."""
    rest = letters[at:]
    ending = _ending_sounds(letters, at)
    if ending is not None:
        return len(rest), ending
    if rest[0] == "e" and at > 1 and rest[1:] in _AFTER_SILENT_E:
        return 1, []
    if rest[0] == "y" and at and (len(rest) == 1 or rest[1] not in "aeiou"):
        return 1, ["IY" if len(rest) == 1 and at > 2 else "AY" if len(rest) == 1 else "IH"]
    for size in (5, 4, 3, 2):
        group = rest[:size]
        if len(group) == size and group in _GROUPS and not (group == "que" and len(rest) > 3):
            return _soft(group, rest)
    if rest[0] in _SHORT and (rest[0] != "y" or at):
        is_long = (
            len(rest) > 2 and rest[1] not in "aeiouywx" and rest[2] == "e" and rest[3:] in ("", "s", "d")
        )
        is_open = len(rest) == 1 and rest[0] in "eiou"
        return 1, [
            (_LONG if is_long or is_open else {**_SHORT, "a": "AH" if len(rest) == 1 else "AE"})[rest[0]]
        ]
    return 1, [*(_GROUPS.get(rest[0]) or _PLAIN.get(rest[0], "")).split()]


_AFTER_SILENT_E = frozenset(
    ("ment", "ments", "ness", "less", "ful", "ly", "hood", "some", "thing", "man", "men")
)
_HISSING_LETTERS = ("s", "x", "z", "ch", "sh", "c", "g")


def _ending_sounds(letters: str, at: int) -> list[str] | None:
    """Return the sounds of an ending in e that stands at a place (-e, -es, -ed, -le, -re), or None."""
    head, rest = letters[:at], letters[at:]
    if at < 2 or not any(one in "aeiouy" for one in head):
        return None
    if rest in ("le", "les", "re", "res") and head[-1] not in "aeiouyrl":
        return [*(["AH", "L"] if rest[0] == "l" else ["ER"]), *(["Z"] if rest.endswith("s") else [])]
    if rest in ("led", "ling") and head[-1] in "bdfgkptz":
        return ["AH", "L", "D"] if rest == "led" else ["L", "IH", "NG"]
    if rest == "e":
        return []
    if rest == "es":
        return ["IH", "Z"] if head.endswith(_HISSING_LETTERS) else ["Z"]
    if rest == "ed":
        return ["IH", "D"] if head[-1] in "td" else ["T"] if head[-1] in "pkfscx" else ["D"]
    return None


def _soft(group: str, rest: str) -> tuple[int, list[str]]:
    """Return a group's sounds; the vowel after a soft c or g is read on its own."""
    if group in ("ce", "ci", "cy", "ge", "gi"):
        return 1, [_GROUPS[group].split()[0]]
    if group in ("ar", "or") and len(rest) > 2 and rest[2] in "aeiou":
        return 1, [_SHORT[rest[0]]]
    return len(group), _GROUPS[group].split()


_WEAK_BEGINNINGS = ("a", "be", "com", "con", "de", "dis", "ex", "for", "per", "pre", "pro", "re", "un", "up")


def _stressed(word: str, sounds: list[str]) -> tuple[str, ...]:
    """Return the sounds with stress on the first vowel, or the one before a -tion; the others without."""
    vowels = [i for i, one in enumerate(sounds) if is_vowel(one)]
    main = vowels[0]
    if len(vowels) == 2 and word.startswith(_WEAK_BEGINNINGS):
        main = vowels[1]
    if len(vowels) > 2:
        main = vowels[-2] if sounds[-3:-1] in (["SH", "AH"], ["ZH", "AH"]) else vowels[-3]
    return tuple(f"{one}{int(i == main)}" if is_vowel(one) else one for i, one in enumerate(sounds))
