"""Which reading a Chinese character has in its line.

Conventions: a person's readings win; then the words of `tables/zh_polyphones.txt` that stand as words do, the phrase
dictionary of pypinyin, the table's words inside longer ones, and at last a character's usual reading, unsure where it
has living rivals. Citation tones, neutral ones included; sandhi is `zhiyin.lyrics.zh_sandhi`'s.
This module does not know melodies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.zh_pinyin import Pinyin, parse_pinyin
from zhiyin.lyrics.zh_words import TABLES, split_words


@dataclass(frozen=True, slots=True)
class Reading:
    """How one sung syllable of a run is read: its characters (two where an r was joined), word, sound.

    citation: the tone before the neutral one took its place (个 in 一个 is 4), for sandhi; is_fixed: a person said it,
    and no sandhi may change it.
    """

    text: str
    word: int
    pinyin: Pinyin
    citation: int
    is_sure: bool = True
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class _Polyphone:
    """A character of the table: its usual reading, whether that is sure outside all words, and its words."""

    usual: str
    is_sure: bool
    words: Mapping[str, str]


@cache
def polyphones() -> Mapping[str, _Polyphone]:
    """Return the table of characters with rival readings."""
    rows: dict[str, tuple[str, bool, dict[str, str]]] = {}
    for line in (TABLES / "zh_polyphones.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        mark, reading, *words = line.split()
        plain = reading.removesuffix("?")
        row = rows.setdefault(mark, (plain, not reading.endswith("?"), {}))
        row[2].update((word, plain) for word in words if len(word) > 1)
    return {mark: _Polyphone(*row) for mark, row in rows.items()}


@cache
def neutral_words() -> frozenset[str]:
    """Return the words whose last syllable is neutral."""
    lines = (TABLES / "zh_neutral.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _dictionary() -> tuple[Mapping[str, list[list[str]]], Mapping[int, str]]:
    """Return pypinyin's phrases and characters; imported late, for it takes a third of a second."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    return PHRASES_DICT, PINYIN_DICT


def is_known(mark: str) -> bool:
    """Return whether a character has a reading at all."""
    return ord(mark) in _dictionary()[1]


def read_run(run: str, fixed: Mapping[str, str] | None = None) -> tuple[tuple[str, ...], list[Reading]]:
    """Return the words of a run of Han characters and its syllables, in citation tones.

    fixed: readings a person gave, "长": "zhang3" or "成长": "cheng2 zhang3"; one syllable less than characters joins
    a final 儿. Raises InvalidInput where a reading has another count of syllables than its word.
    """
    fixed = {word: reading for word, reading in (fixed or {}).items() if word in run}
    words = split_words(run, [word for word in fixed if len(word) > 1])
    bounds = {0}
    for word in words:
        bounds.add(max(bounds) + len(word))
    sounds: list[tuple[str, bool, bool] | None] = [None] * len(run)
    _fix(run, fixed, sounds)
    _from_table(run, bounds, sounds, is_inside=False)
    _from_phrases(words, sounds)
    _from_table(run, bounds, sounds, is_inside=True)
    _by_usage(run, words, sounds)
    return words, _readings(run, words, sounds)


def _fix(run: str, fixed: Mapping[str, str], sounds: list[tuple[str, bool, bool] | None]) -> None:
    """Write a person's readings, longer words first; "" marks an 儿 joined to what stands before it."""
    for word, reading in sorted(fixed.items(), key=lambda pair: -len(pair[0])):
        parts = reading.split()
        if len(parts) == len(word) - 1 and word.endswith("儿") and parts[-1].rstrip("012345").endswith("r"):
            parts = [*parts, ""]
        if len(parts) != len(word):
            raise InvalidInput(
                f"a reading must hold one syllable a character, got {reading!r} for {word!r}: write {len(word)} of them"
            )
        at = run.find(word)
        while at >= 0:
            for i, part in enumerate(parts):
                if sounds[at + i] is None:
                    sounds[at + i] = (part, True, True)
            at = run.find(word, at + len(word))


def _from_table(
    run: str, bounds: set[int], sounds: list[tuple[str, bool, bool] | None], *, is_inside: bool
) -> None:
    """Write the readings of listed words, the longest around each character.

    Their ends are words' ends, or, where is_inside, they stand inside one word (重来 in 卷土重来); never across two
    (子弹 in 曲子|弹).
    """
    table = polyphones()
    fits = _is_inside if is_inside else _is_aligned
    for i, mark in enumerate(run):
        if sounds[i] is not None or mark not in table:
            continue
        best = ""
        for word in table[mark].words:
            if len(word) > len(best) and any(fits(bounds, *span) for span in _spans_around(run, i, word)):
                best = word
        if best:
            sounds[i] = (table[mark].words[best], True, False)


def _spans_around(run: str, at: int, word: str) -> Iterator[tuple[int, int]]:
    """Yield (from, to) of each stand of a word that covers a place of the run."""
    for offset, mark in enumerate(word):
        if mark == run[at] and at >= offset and run.startswith(word, at - offset):
            yield at - offset, at - offset + len(word)


def _is_aligned(bounds: set[int], start: int, end: int) -> bool:
    """Return whether a span begins and ends where words do; three characters tell enough to end inside one."""
    return start in bounds and (end in bounds or end - start > 2)


def _is_inside(bounds: set[int], start: int, end: int) -> bool:
    """Return whether no word ends within a span."""
    return not any(start < one < end for one in bounds)


def _from_phrases(words: tuple[str, ...], sounds: list[tuple[str, bool, bool] | None]) -> None:
    """Write the readings of the words that the phrase dictionary knows."""
    phrases = _dictionary()[0]
    at = 0
    for word in words:
        if len(word) > 1 and word in phrases and len(phrases[word]) == len(word):
            for i, options in enumerate(phrases[word], at):
                sounds[i] = sounds[i] or (options[0], True, False)
        at += len(word)


def _by_usage(run: str, words: tuple[str, ...], sounds: list[tuple[str, bool, bool] | None]) -> None:
    """Write the usual reading of what is left."""
    table, single = polyphones(), _dictionary()[1]
    for i, mark in enumerate(run):
        if sounds[i] is not None:
            continue
        if mark in table:
            sounds[i] = (table[mark].usual, table[mark].is_sure, False)
        elif ord(mark) in single:
            sounds[i] = (single[ord(mark)].split(",")[0], True, False)
        else:
            sounds[i] = ("", False, False)


def _readings(run: str, words: tuple[str, ...], sounds: list[tuple[str, bool, bool] | None]) -> list[Reading]:
    """Return the syllables with their words, neutral endings applied."""
    found: list[Reading] = []
    at = 0
    for index, word in enumerate(words):
        is_neutral = word in neutral_words()
        for offset, mark in enumerate(word):
            sound = sounds[at + offset]
            assert sound is not None
            text, is_sure, is_fixed = sound
            if not text and is_fixed:
                last = found.pop()
                found.append(Reading(last.text + mark, last.word, last.pinyin, last.citation, True, True))
                continue
            pinyin = parse_pinyin(text) if text else Pinyin("", "", "", 0)
            citation = pinyin.tone
            if is_neutral and offset == len(word) - 1 and not is_fixed and text:
                pinyin = pinyin.with_tone(5)
            found.append(Reading(mark, index, pinyin, citation, is_sure, is_fixed))
        at += len(word)
    return found
