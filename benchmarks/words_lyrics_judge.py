"""An independent ear for lyrics: readings by pypinyin and the raw CMU dictionary, rhyme tables and tones of its own.

Conventions: nothing of `zhiyin.lyrics` is used; a line's tones are as sung after its own rules of sandhi; pairs are
decided where tones and tune both move. Does not know: how lines were written.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from benchmarks.runner import BenchmarkError
from zhiyin.data.fetch import data_home

HEIGHTS = {1: (55, 55), 2: (35, 35), 3: (21, 21), 4: (51, 51)}
# 十三辙, finals as pypinyin writes them in strict mode.
TRACKS = {
    "发花": "a ia ua", "梭坡": "o e uo", "乜斜": "ê ie üe ve", "姑苏": "u", "一七": "i ü v er -i", "怀来": "ai uai",
    "灰堆": "ei uei ui", "遥条": "ao iao", "由求": "ou iou iu", "言前": "an ian uan üan van",
    "人辰": "en in uen un ün vn", "江阳": "ang iang uang", "中东": "eng ing ueng ong iong",
}  # fmt: skip
TRACK_OF = {final: name for name, finals in TRACKS.items() for final in finals.split()}
SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but nor of to in on at by for from with as if than that this these those is are was were be "
        "been am do did does has have had shall will would should could may might can must i you he she it we they me "
        "him her us them my your his its our their who which what when where there so not no",
    )
)


@dataclass(slots=True)
class Tally:
    """Counts over many songs; shares are made of them at the end."""

    slots: int = 0
    filled: int = 0
    rhymes: int = 0
    rhymed: int = 0
    ends: int = 0
    same_ends: int = 0
    agree: int = 0
    clash: int = 0
    small: int = 0
    small_down: int = 0
    content: int = 0
    content_strong: int = 0
    lines: int = 0
    verbatim: int = 0
    rests: int = 0
    across: int = 0
    keywords: int = 0
    kept: int = 0
    longest: int = 0
    unknown: int = 0
    grams: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    units: list[list[str]] = field(default_factory=list)

    def share(self, one: str, of: str) -> float:
        """Return a share of two counts, 0 where there is none to share."""
        total = getattr(self, of)
        return float(getattr(self, one) / total) if total else 0.0


def tones_of(line: str) -> list[int]:
    """Return the tones of a Chinese line as sung: 33 is 23, 一 and 不 before a fourth tone rise."""
    read = lazy_pinyin(line, style=Style.TONE3, neutral_tone_with_five=True)
    tones = [int(one[-1]) if one[-1:].isdigit() else 5 for one in read]
    chars = list(line)
    for i in range(len(tones) - 2, -1, -1):
        if chars[i] == "不" and tones[i + 1] == 4:
            tones[i] = 2
        elif chars[i] == "一":
            tones[i] = 2 if tones[i + 1] == 4 else 4
        elif tones[i] == 3 and tones[i + 1] == 3:
            tones[i] = 2
    return tones


def track_of(line: str) -> str:
    """Return the rhyme of a Chinese line's last character in the thirteen tracks."""
    final = lazy_pinyin(line, style=Style.FINALS, strict=True)[-1]
    own = lazy_pinyin(line, style=Style.NORMAL)[-1]
    if final == "i" and re.match(r"(zh|ch|sh|r|z|c|s)i$", own):
        final = "-i"
    return TRACK_OF.get(final, final)


def tone_pairs(line: str, pitches: Sequence[int]) -> tuple[int, int]:
    """Return how many decided pairs of a line go with its notes and against them."""
    tones, good, bad = tones_of(line), 0, 0
    for i in range(len(pitches) - 1):
        if tones[i] not in HEIGHTS or tones[i + 1] not in HEIGHTS:
            continue
        move = HEIGHTS[tones[i + 1]][0] // 10 - HEIGHTS[tones[i]][1] % 10
        step = pitches[i + 1] - pitches[i]
        good += move * step > 0
        bad += move * step < 0
    return good, bad


@cache
def readings() -> dict[str, list[tuple[str, ...]]]:
    """Return the pronunciations of every word of the CMU dictionary."""
    path = Path(os.environ.get("ZHIYIN_DATA") or data_home()) / "cmudict" / "cmudict.dict"
    if not path.is_file():
        raise BenchmarkError(f"the CMU dictionary must be at {path}: run  zhiyin corpus fetch cmudict")
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in path.read_text(encoding="utf-8").splitlines():
        word, *phones = row.split("#", 1)[0].split()
        found.setdefault(word.split("(", 1)[0], []).append(tuple(phones))
    return found


def words_of(line: str) -> list[str]:
    """Return the words of an English line in small letters."""
    return re.findall(r"[a-z]+(?:'[a-z]+)*", line.lower().replace("’", "'"))


def stresses(words: Sequence[str], count: int) -> list[list[int]] | None:
    """Return the stress digits of a line's words, read so that they have so many syllables in all.

    First pronunciations are tried first. None where a word is not in the dictionary or no reading fits.
    """
    known = [readings().get(word) for word in words]
    if any(one is None for one in known):
        return None
    for chosen in itertools.islice(itertools.product(*(one for one in known if one is not None)), 512):
        digits = [[int(p[-1]) for p in phones if p[-1].isdigit()] for phones in chosen]
        if sum(map(len, digits)) == count:
            return digits
    return None


def rhymes(one: str, other: str) -> bool | None:
    """Return whether two words rhyme in some reading: alike from the last stressed vowel on, unlike before it.

    None where the dictionary lacks one.
    """
    if one not in readings() or other not in readings():
        return None
    pairs = itertools.product(map(_split, readings()[one]), map(_split, readings()[other]))
    return one != other and any(a[1] == b[1] and a[0] != b[0] for a, b in pairs)


def _split(phones: tuple[str, ...]) -> tuple[str, str]:
    """Return the consonants before the vowel that a rhyme begins with, and the sounds from it on."""
    vowels = [i for i, p in enumerate(phones) if p[-1].isdigit()]
    told = [i for i in vowels if phones[i][-1] in "12"] or vowels
    start = max((i + 1 for i in vowels if i < told[-1]), default=0)
    return " ".join(phones[start : told[-1]]), " ".join(p.rstrip("012") for p in phones[told[-1] :])


def stress_pairs(line: str, accents: Sequence[float]) -> tuple[int, int, int]:
    """Return pairs of syllables inside words that go with the beats, those against them, and 1 if unreadable."""
    told = stresses(words_of(line), len(accents))
    if told is None:
        return 0, 0, 1
    at, good, bad = 0, 0, 0
    for digits in told:
        weight = [{1: 2, 2: 1, 0: 0}[digit] for digit in digits]
        for i in range(len(weight) - 1):
            move, beat = weight[i] - weight[i + 1], accents[at + i] - accents[at + i + 1]
            good += move * beat > 0
            bad += move * beat < 0
        at += len(weight)
    return good, bad, 0


def beat_words(line: str, accents: Sequence[float], tally: Tally) -> None:
    """Count words of one syllable on downbeats and strong beats."""
    words = words_of(line)
    at = 0
    for word, digits in zip(words, stresses(words, len(accents)) or [], strict=False):
        if len(digits) == 1 and word in SMALL_WORDS:
            tally.small += 1
            tally.small_down += accents[at] >= 1.0
        elif len(digits) == 1:
            tally.content += 1
            tally.content_strong += accents[at] >= 0.75
        at += len(digits)
