"""Mandarin as it is sung: runs of characters to syllables with tones, rhymes and openness.

Conventions: one character is one syllable, 儿 too, unless a person's reading joins it ("花儿": "huar1").
This module does not know other writings: see `zhiyin.lyrics.languages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.zh_pinyin import OPENNESS
from zhiyin.lyrics.zh_readings import Reading, read_run
from zhiyin.lyrics.zh_sandhi import sing_tones
from zhiyin.lyrics.zh_words import TABLES


@cache
def function_words() -> frozenset[str]:
    """Return the words that carry grammar rather than meaning."""
    lines = (TABLES / "zh_function_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def read_han(
    run: str, first_word: int, fixed: Mapping[str, str] | None = None
) -> tuple[list[str], list[Syllable]]:
    """Return the words and the syllables of a run of Han characters, counted from `first_word`."""
    words, readings = read_run(run, fixed)
    sung = sing_tones(readings, words)
    return list(words), [_syllable(sung, i, words, first_word) for i in range(len(sung))]


def _syllable(sung: list[Reading], i: int, words: tuple[str, ...], first_word: int) -> Syllable:
    """Return one syllable of a run."""
    one = sung[i]
    is_begin = i == 0 or sung[i - 1].word != one.word
    is_end = i + 1 == len(sung) or sung[i + 1].word != one.word
    place = "single" if is_begin and is_end else "begin" if is_begin else "end" if is_end else "middle"
    return Syllable(
        text=one.text,
        word=first_word + one.word,
        place=place,
        reading=one.pinyin.base,
        rhyme=one.pinyin.final,
        tone=one.pinyin.tone,
        openness=OPENNESS.get(one.pinyin.final, 0.5),
        is_content=words[one.word] not in function_words(),
        is_sure=one.is_sure,
        onset=one.pinyin.initial,
        coda=one.pinyin.coda,
    )


def is_level(syllable: Syllable) -> bool | None:
    """Return whether a syllable is 平 (tones 1, 2; the new rules) or 仄 (3, 4); None for neutral and other languages.

    A third tone that sandhi raised is heard as 2 and counts as 平.
    """
    return {1: True, 2: True, 3: False, 4: False}.get(syllable.tone)
