"""Words that demean, kept out of what is read, written and learned.

Conventions: `tables/slurs.txt` holds digests, not words, so that nobody meets them on the page; whether a word is in
it is asked with `slur_kind`. Slurs are refused wherever they stand, coarse words only in what the system writes.
This module does not judge themes: see `zhiyin.lyrics.safety_requests` for requests that copy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.en_words import plain_word
from zhiyin.lyrics.writing import HAN, runs
from zhiyin.lyrics.zh_words import split_words

SLUR, COARSE = "slur", "coarse"
_LEET = str.maketrans("013457@$!", "oieastasi")
_WORD = re.compile(r"[a-z013457@$!'\-]+")
_MOST_CHARACTERS = 6


def digest(word: str) -> str:
    """Return what a word is stored as in the table: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(word.encode()).hexdigest()[:16]


@cache
def _digests() -> dict[str, str]:
    """Return the kind of every stored word."""
    lines = (Path(__file__).parent / "tables" / "slurs.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=65536)
def slur_kind(word: str) -> str:
    """Return SLUR, COARSE or "" for one word, disguises with digits and signs seen through.

    >>> slur_kind("mountain"), slur_kind("雨夜")
    ('', '')
    """
    table = _digests()
    for one in dict.fromkeys(_disguises(plain_word(word))):
        found = table.get(digest(one))
        if found:
            return found
    return ""


def _disguises(word: str) -> Iterator[str]:
    """Yield the ways a word may be stored: as it is, without signs, digits as letters, long letters short."""
    yield word
    letters = re.sub(r"['\-.*_\s]", "", word.translate(_LEET))
    yield letters
    yield re.sub(r"['\-.*_\s]", "", word.replace("1", "l").replace("!", "l").translate(_LEET))
    yield re.sub(r"(.)\1{2,}", r"\1\1", letters)
    yield re.sub(r"(.)\1{2,}", r"\1", letters)


def find_slurs(text: str, kinds: tuple[str, ...] = (SLUR,)) -> tuple[str, ...]:
    """Return the words of a text that are slurs (and coarse ones, if asked), as they stand in it."""
    found = [one for one in _WORD.findall(plain_word(text)) if slur_kind(one.strip("'-!")) in kinds]
    for kind, run in runs(text):
        if kind == HAN:
            found += _in_run(run, kinds)
    return tuple(dict.fromkeys(found))


def _in_run(run: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """Yield the slurs of a run of Han characters that begin and end where words do."""
    ends = {0}
    for word in split_words(run):
        ends.add(max(ends) + len(word))
    for start in sorted(ends):
        for end in range(start + 1, min(len(run), start + _MOST_CHARACTERS) + 1):
            if end in ends and slur_kind(run[start:end]) in kinds:
                yield run[start:end]


def refuse_slurs(line: str) -> None:
    """Raise InvalidInput if a line holds a slur; the message shows its first letter only."""
    found = find_slurs(line)
    if found:
        masked = found[0][0] + "*" * (len(found[0]) - 1)
        raise InvalidInput(
            f"words that demean people are not set to music here, got {masked!r}: choose another word",
            zh=f"侮辱人的词不能入歌，读到 {masked!r}：请换一个词",
        )


# Spellings of the mock dialect of minstrel shows. Some are words of other languages or plain clippings: those count
# only beside others.
_STRONG_SPELLINGS = (
    "gwine ebber nebber hebben lubly ribber massa massa's marse mas'r wid dat's dese dose dere dey'll dey's ob hab gib "
    "lub ebery eberybody ober bredren chillen chilluns sartin yaller dinah's obersee fotch heah befo' foh"
)
_WEAK_SPELLINGS = (
    "de dat dis dem dey den dar ole chile mo' po' yo' jes' lawd honey banjo cotton am ain't 'possum possum"
)
_STRONG, _WEAK = frozenset(_STRONG_SPELLINGS.split()), frozenset(_WEAK_SPELLINGS.split())
_MINSTREL_WORDS = re.compile(r"[a-z']+")


def is_minstrel(text: str) -> bool:
    """Return whether an English text is in the mock dialect of minstrel shows, or holds a slur.

    Such texts teach contempt and are left out of training. One strong spelling with another sign, or four weak ones
    of which two are articles or pronouns, decide.
    >>> is_minstrel("Way down upon de Swanee ribber, dere's where my heart am turning ebber")
    True
    >>> is_minstrel("Auld lang syne, my dear; the cuckoo's ain't a-calling"), is_minstrel("Fleur de lys, den Haag")
    (False, False)
    """
    words = _MINSTREL_WORDS.findall(plain_word(text))
    strong = {one for one in words if one in _STRONG}
    weak = {one for one in words if one in _WEAK}
    articles = weak & {"de", "dat", "dis", "dem", "dey"}
    if (
        len(strong) >= 2
        or (strong and articles)
        or len(articles) >= 3
        or (len(articles) >= 2 and len(weak) >= 4)
    ):
        return True
    return bool(find_slurs(text))
