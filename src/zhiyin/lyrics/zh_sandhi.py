"""Tones as they are sung: 一 and 不, and third tones that meet.

Conventions: 33 becomes 23; in longer runs words first, then pairs of single syllables counted from the end of the
phrase (我想你: 3 23), then what still meets. A neutral syllable keeps the third tones around it apart.
This module does not choose readings.

Source: Y. R. Chao, A Grammar of Spoken Chinese (1968); M. Chen, Tone Sandhi (2000), on minimal rhythmic units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhiyin.lyrics.zh_readings import Reading
from zhiyin.lyrics.zh_words import word_counts

_BEFORE_ORDINAL = frozenset("第初十百千万零〇二三四五六七八九")
_AFTER_DATE = frozenset("月日号")
_ALWAYS_FIRST = frozenset({"一一", "一二", "一三", "一二三", "一月", "一九", "一等", "一流"})


def sing_tones(readings: Sequence[Reading], words: Sequence[str]) -> list[Reading]:
    """Return the readings of one phrase with the tones that are sung."""
    changed = _of_yi_and_bu(list(readings), words)
    tones = [one.pinyin.tone for one in changed]
    _third_tones(tones, changed, words)
    return [
        one if one.is_fixed else replace(one, pinyin=one.pinyin.with_tone(tone))
        for one, tone in zip(changed, tones, strict=True)
    ]


def _of_yi_and_bu(readings: list[Reading], words: Sequence[str]) -> list[Reading]:
    """Return the readings with 一 and 不 in the tone that the next syllable asks for."""
    out = list(readings)
    for i, one in enumerate(readings):
        if one.text not in ("一", "不") or one.is_fixed:
            continue
        tone = _yi_tone(readings, i, words) if one.text == "一" else _bu_tone(readings, i)
        out[i] = replace(one, pinyin=one.pinyin.with_tone(tone))
    return out


def _yi_tone(readings: Sequence[Reading], i: int, words: Sequence[str]) -> int:
    """Return the tone of 一 at place i."""
    word = words[readings[i].word]
    before = readings[i - 1] if i else None
    after = readings[i + 1] if i + 1 < len(readings) else None
    if before and after and before.text == after.text and before.text != "一" and before.word != after.word:
        return 5
    is_last = after is None or (after.word != readings[i].word and len(word) > 1)
    if is_last or word in _ALWAYS_FIRST or (before and before.text in _BEFORE_ORDINAL):
        return 1
    assert after is not None
    if after.text in _AFTER_DATE or after.text == "一":
        return 1
    return 2 if after.citation == 4 else 4


def _bu_tone(readings: Sequence[Reading], i: int) -> int:
    """Return the tone of 不 at place i."""
    before = readings[i - 1] if i else None
    after = readings[i + 1] if i + 1 < len(readings) else None
    if after is None:
        return 4
    if before and before.text == after.text:
        return 5
    return 2 if after.citation == 4 else 4


def _third_tones(tones: list[int], readings: Sequence[Reading], words: Sequence[str]) -> None:
    """Change third tones in place: inside words, inside pairs of single syllables, then across all."""
    fixed = [one.is_fixed for one in readings]
    groups = _word_spans(readings)
    for start, end in groups:
        for inner in _inner_spans(words[readings[start].word], start, end):
            _meet(tones, inner, fixed)
    for pair in _feet(groups, readings):
        _meet(tones, pair, fixed)
    _meet(tones, (0, len(tones)), fixed)


def _meet(tones: list[int], span: tuple[int, int], fixed: Sequence[bool]) -> None:
    """Change every third tone before a third tone in a span, from its start on."""
    for i in range(span[0], span[1] - 1):
        if tones[i] == 3 and tones[i + 1] == 3 and not fixed[i]:
            tones[i] = 2


def _word_spans(readings: Sequence[Reading]) -> list[tuple[int, int]]:
    """Return the first and last-but-one places of each word."""
    spans: list[tuple[int, int]] = []
    for i, one in enumerate(readings):
        if i and readings[i - 1].word == one.word:
            spans[-1] = (spans[-1][0], i + 1)
        else:
            spans.append((i, i + 1))
    return spans


def _inner_spans(word: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of a word in which tones meet first: 纸|老虎, 展览|馆, 左右|左右."""
    if end - start == 4:
        return [(start, start + 2), (start + 2, end), (start, end)]
    if end - start == 3 and len(word) == 3:
        counts = word_counts()
        late = counts.get(word[1:], 0) > counts.get(word[:2], 0)
        return [(start + 1, end) if late else (start, end - 1), (start, end)]
    return [(start, end)]


def _feet(groups: Sequence[tuple[int, int]], readings: Sequence[Reading]) -> list[tuple[int, int]]:
    """Return pairs of neighbouring one-syllable words, counted from the end of each run of such words."""
    feet, i = [], len(groups) - 1
    while i > 0:
        (before, b_end), (start, end) = groups[i - 1], groups[i]
        if b_end - before == 1 and end - start == 1:
            feet.append((before, end))
            i -= 2
        else:
            i -= 1
    return feet
