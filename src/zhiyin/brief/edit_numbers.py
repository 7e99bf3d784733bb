# ruff: noqa: E501 - word tables keep one row a line
"""Numbers of edits: intervals, percentages, factors, counts of bars and times, note values, and bars by number.

Conventions: bar numbers stay as people say them (from 1) until a score is at hand; intervals are (unit, size).
This module does not know a score: see edit_targets.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhiyin.brief.match import Match
from zhiyin.brief.numbers import NUMBER, parse_number

_N = f"({NUMBER})"
_TO = r"\s*(?:-|–|—|~|\bto\b|\bthrough\b|\bthru\b|\btill\b|\buntil\b|到|至)\s*"
_BAR_EN = r"(?<![a-z])(?:bars?|measures?|mm?\.)\s*"
_NO_UNIT = (
    r"(?![\d/]|\.\d|\s*(?:%|percent|bpm|semitone|half|times|more|empty|bars?\b|octave|steps?\b|beats?\b))"
)
_BARS_ZH = r"\s*个?小节"
_DEGREES_EN = {
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "ninth": 9,
    "tenth": 10,
}
_PERFECT = {4: 5, 5: 7, 8: 12}
_MAJOR = {2: 2, 3: 4, 6: 9, 7: 11, 9: 14, 10: 16}
_QUALITIES = {"major": 0, "大": 0, "minor": -1, "小": -1, "perfect": 0, "纯": 0, "augmented": 1, "增": 1}
_DIMINISHED = ("diminished", "减")
_TRITONES = {("augmented", 4): 6, ("增", 4): 6, ("diminished", 5): 6, ("减", 5): 6}


@dataclass(frozen=True, slots=True)
class BarsSaid:
    """Bars as they were said: spans of numbers counted from 1, or a way to find them.

    way: numbers, first, last, from, until or half; spans: (first, last) numbers; for the other ways one span whose
    first number is the count, the bar, or the half.
    """

    way: str
    spans: tuple[tuple[int, int], ...]


Reader = Callable[[re.Match[str]], object]


def _whole(text: str) -> int:
    value = parse_number(text)
    return int(value) if value == int(value) else 0


def _numbers(match: re.Match[str]) -> BarsSaid | None:
    found = re.findall(rf"(?:第\s*)?{_N}(?:\s*小节)?(?:{_TO}(?:第\s*)?(?:bars?\s*)?{_N})?", match.group(0))
    spans = tuple((_whole(first), _whole(last or first)) for first, last in found)
    return BarsSaid("numbers", spans) if spans and all(min(span) >= 0 for span in spans) else None


def _counted(way: str) -> Reader:
    def read(match: re.Match[str]) -> BarsSaid | None:
        said = next((group for group in match.groups() if group), None)
        count = _whole(said) if said else 1
        return BarsSaid(way, ((count, count),)) if count else None

    return read


def _degree(size: int, quality: str) -> tuple[str, int] | None:
    if size == 8 and not quality:
        return "semitones", 12
    if not quality:
        return ("steps", size - 1) if size > 1 else None
    if (quality, size) in _TRITONES:
        return "semitones", _TRITONES[quality, size]
    if quality in _DIMINISHED:
        return ("semitones", _PERFECT[size] - 1 if size in _PERFECT else _MAJOR[size] - 2)
    table = _PERFECT if size in _PERFECT else _MAJOR
    return ("semitones", table[size] + _QUALITIES[quality]) if size in table else None


def _degree_en(match: re.Match[str]) -> tuple[str, int] | None:
    return _degree(_DEGREES_EN[match.group(2)], match.group(1) or "")


def _degree_zh(match: re.Match[str]) -> tuple[str, int] | None:
    return _degree(_whole(match.group(2)), match.group(1) or "")


def _times_unit(unit: str, size: int) -> Reader:
    def read(match: re.Match[str]) -> tuple[str, int] | None:
        said = match.group(1)
        count = 1 if not said or said.strip() in ("a", "an", "one", "半") else _whole(said)
        return (unit, size * count) if count else None

    return read


def _percent(match: re.Match[str]) -> float | None:
    return parse_number(match.group(1)) / 100


def _zh_tenths(match: re.Match[str]) -> float:
    return parse_number(match.group(1)) / 10


_GRID = {"quarter": 4, "eighth": 8, "sixteenth": 16, "thirty-second": 32, "32nd": 32, "16th": 16, "8th": 8, "4th": 4,
         "四分": 4, "八分": 8, "十六分": 16, "三十二分": 32}  # fmt: skip
_COUNT_WORDS = {"twice": 2, "once": 1, "thrice": 3, "double": 2}
_LIST_EN = rf"{NUMBER}(?:{_TO}(?:bars?\s*)?{NUMBER}{_NO_UNIT})?(?:\s*(?:,\s*and|,|and|&)\s*(?:bars?\s*)?\d+(?:{_TO}\d+)?{_NO_UNIT})*"
_LIST_ZH = rf"第\s*{NUMBER}(?:\s*小节)?(?:{_TO}(?:第\s*)?{NUMBER})?(?:\s*[、,和与及]\s*第?\s*{NUMBER}(?:{_TO}(?:第\s*)?{NUMBER})?)*\s*个?小节"
_ORDER = r"(?:the\s+)?(?:very\s+)?"
_NUMERIC: tuple[tuple[str, str, Reader], ...] = (
    ("bars_said", rf"{_BAR_EN}{_LIST_EN}", _numbers),
    ("bars_said", _LIST_ZH, _numbers),
    ("bars_said", rf"第\s*{NUMBER}\s*小节{_TO}第?\s*{NUMBER}\s*小节", _numbers),
    ("bars_said", rf"(?<!第){NUMBER}{_TO}{NUMBER}\s*小节", _numbers),
    ("bars_said", rf"{_ORDER}first\s+{_N}\s*(?:bars?|measures?)", _counted("first")),
    ("bars_said", rf"{_ORDER}opening\s+{_N}\s*(?:bars?|measures?)", _counted("first")),
    ("bars_said", rf"{_ORDER}(?:first|opening)\s+(?:bar|measure)(?![a-z])", _counted("first")),
    ("bars_said", rf"{_ORDER}(?:last|final|closing)\s+{_N}\s*(?:bars?|measures?)", _counted("last")),
    ("bars_said", rf"{_ORDER}(?:last|final|closing)\s+(?:bar|measure)(?![a-z])", _counted("last")),
    ("bars_said", rf"(?:最后|末尾|结尾|末|最末|尾部)的?\s*{_N}{_BARS_ZH}", _counted("last")),
    ("bars_said", rf"(?:前面?|开头|最初|最前面?|头)的?\s*{_N}{_BARS_ZH}", _counted("first")),
    ("bars_said", rf"from\s+(?:bar|measure)\s*{_N}(?:\s*(?:on|onwards?|to the end|till the end|until the end))?", _counted("from")),
    ("bars_said", rf"(?:bars?|measures?)\s*{_N}\s*(?:on|onwards?|to the end|till the end|until the end)(?![a-z])", _counted("from")),
    ("bars_said", rf"从\s*第?\s*{_N}\s*小节(?:开始|起)?(?:到最后|到结尾|到底)?", _counted("from")),
    ("bars_said", rf"第?\s*{_N}\s*小节(?:开始|起)(?:到最后|到结尾)?", _counted("from")),
    ("bars_said", rf"(?:up to|until|till)\s+(?:bar|measure)\s*{_N}", _counted("until")),
    ("bars_said", rf"(?:到|直到)第\s*{_N}\s*小节为止", _counted("until")),
    ("bars_said", r"(?:the\s+)?first half(?! ?note)|前半(?:部分|段|首|曲)?", lambda m: BarsSaid("half", ((1, 1),))),
    ("bars_said", r"(?:the\s+)?second half|后半(?:部分|段|首|曲)?", lambda m: BarsSaid("half", ((2, 2),))),
    ("bar_count", rf"{_N}\s*(?:more\s+|empty\s+|new\s+|blank\s+|extra\s+|further\s+)*(?:bars?|measures?)(?![a-z])", lambda m: _whole(m.group(1)) or None),
    ("bar_count", r"(?<![a-z])(?:a|an|another|one)\s+(?:empty\s+|new\s+|blank\s+|extra\s+)*(?:bar|measure)(?![a-z])", lambda m: 1),
    ("tempo_bpm", rf"{_N}\s*个?\s*bpm", lambda m: parse_number(m.group(1))),
    ("bar_count", rf"(?<!第)(?:空出?|留空?)?{_N}\s*个?(?:空白?|新)?的?小节", lambda m: _whole(m.group(1)) or None),
    ("interval", rf"(?:by\s+)?(?:{_N}|an?)?\s*octaves?", _times_unit("semitones", 12)),
    ("interval", r"(?:by\s+)?an?\s+(?:diatonic\s+)?(?:(major|minor|perfect|augmented|diminished)\s+)?"
                 rf"({'|'.join(_DEGREES_EN)})(?![a-z])", _degree_en),
    ("interval", rf"(?:by\s+)?(?:{_N}|an?)\s*(?:semi-?tones?|half[ -]?steps?|half[ -]?tones?)", _times_unit("semitones", 1)),
    ("interval", rf"(?:by\s+)?(?:{_N}|an?)\s*whole[ -]?(?:steps?|tones?)", _times_unit("semitones", 2)),
    ("interval", rf"(?:by\s+)?(?:{_N}|a)\s*tones?(?![a-z])", _times_unit("semitones", 2)),
    ("interval", rf"(?:by\s+)?(?:{_N}|a)\s*(?:scale\s+)?steps?(?![a-z])", _times_unit("steps", 1)),
    ("interval", rf"(?:{_N}\s*个)?八度", _times_unit("semitones", 12)),
    ("interval", r"(大|小|纯|增|减)?([二三四五六七九十2-79])度", _degree_zh),
    ("interval", rf"(?:{_N}\s*个?)?半音", _times_unit("semitones", 1)),
    ("interval", rf"(?:{_N}\s*个?)?全音", _times_unit("semitones", 2)),
    ("percent", rf"(?:by\s+)?{_N}\s*(?:%|percent|per cent)", _percent),
    ("percent", rf"百分之{_N}", _percent),
    ("percent", rf"{_N}成", _zh_tenths),
    ("times", rf"{_N}\s*(?:more\s+)?times", lambda m: _whole(m.group(1)) or None),
    ("times", r"(?<![a-z])(once|twice|thrice)(?:\s+more)?(?![a-z])", lambda m: _COUNT_WORDS[m.group(1)]),
    ("times", rf"{_N}\s*(?:遍|次)", lambda m: _whole(m.group(1)) or None),
    ("grid", rf"(?<![a-z\d])({'|'.join(_GRID)})(?:s|es)?(?:[ -]?notes?)?(?:[ -]?grid)?(?:音符)?", lambda m: _GRID[m.group(1)]),
    ("grid", r"(?<!\d)1/(4|8|16|32)(?![\d/])(?:[ -]?notes?)?(?:音符)?", lambda m: int(m.group(1))),
    ("tempo_to", rf"(?:慢下来|慢|快|提速|加速|减速|放慢|加快|减慢)一?点?到\s*{_N}(?!\s*(?:%|percent|成|倍|小节))", lambda m: parse_number(m.group(1))),
    ("tempo_to", rf"(?:tempo|bpm|speed|速度|拍速)\s*(?:is|of|at|to|=|:|改?成|改?为|设为|设成|调到|[降升提减加调]到|提高到|降低到|放慢到|加快到|到|变成|调成|是)*\s*{_N}(?!\s*(?:%|percent|成|倍|小节))", lambda m: parse_number(m.group(1))),
)  # fmt: skip


def edit_number_matches(lower: str) -> Iterator[Match]:
    """Yield every number with its unit in folded lower-case text, overlaps included."""
    for field, pattern, reader in _NUMERIC:
        for found in re.finditer(pattern, lower):
            value = reader(found)
            if value is not None:
                yield Match(found.start(), found.end(), field, value, rank=5)
