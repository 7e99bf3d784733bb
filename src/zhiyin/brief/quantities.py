# ruff: noqa: E501 - pattern tables keep one row a line
"""Quantities: numbers with a unit - tempo, length, bars, moments, frame rates, decades - and numbers that mean none.

Conventions: tempo is quarter notes a minute, length seconds; a number has one role, the unit beside it decides which.
This module does not know fixed words (`zhiyin.brief.lexicon`) nor keys and metres (`zhiyin.brief.patterns`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from zhiyin.brief.match import Amount, Folded, Match
from zhiyin.brief.numbers import NUMBER, parse_number, zh_ranges

N = f"({NUMBER})"
TO = r"\s*(?:-|–|—|~|→|到|至|to|or|或者?)\s*"
_BPM = r"\s*-?(?:bpm|b\.p\.m\.?|拍每分钟?|拍/分钟?|beats?[ -](?:per|a|every|/)[ -]?min(?:ute)?|beats?/min(?:ute)?|qpm)(?![a-z])"
_TEMPO = r"(?<![a-z])(?:tempo|bpm|speed|mm|m\.m\.|metronome(?: mark(?:ing)?)?|速度|拍速|节奏速度|节拍器|曲速)(?:\s*(?:of|at|is|to be|around|about|为|是|在|约|大约|大概|定在|设为|控制在|改为|改成|[:=]))*\s*"
_MINUTE = r"[ -]?(?:minutes?|mins?|min)(?![a-z])"
_SECOND = r"[ -]?(?:seconds?|secs?|sec)(?![a-z])"
BARS = r"\s*-?(?:(?:bars?|measures?)(?![a-z])|个?小节(?!数))"
# Length of the note that a metronome mark counts, in quarters, and its name.
BEAT_UNITS: dict[str, tuple[float, str]] = {
    "附点四分": (1.5, "dotted_quarter"), "dotted quarter": (1.5, "dotted_quarter"),
    "dotted crotchet": (1.5, "dotted_quarter"), "♩.": (1.5, "dotted_quarter"), "附点二分": (3.0, "dotted_half"),
    "dotted half": (3.0, "dotted_half"), "dotted minim": (3.0, "dotted_half"), "附点八分": (0.75, "dotted_eighth"),
    "dotted eighth": (0.75, "dotted_eighth"), "二分": (2.0, "half"), "half": (2.0, "half"), "minim": (2.0, "half"),
    "八分": (0.5, "eighth"), "eighth": (0.5, "eighth"), "quaver": (0.5, "eighth"), "♪": (0.5, "eighth"),
    "四分": (1.0, "quarter"), "quarter": (1.0, "quarter"), "crotchet": (1.0, "quarter"), "♩": (1.0, "quarter"),
    "1/4": (1.0, "quarter"), "1/8": (0.5, "eighth"), "1/2": (2.0, "half"), "3/8": (1.5, "dotted_quarter"),
    "全": (4.0, "whole"), "whole": (4.0, "whole"), "十六分": (0.25, "sixteenth"), "sixteenth": (0.25, "sixteenth"),
}  # fmt: skip
_UNIT = "(" + "|".join(sorted(map(re.escape, BEAT_UNITS), key=len, reverse=True)) + ")"
_MARK = rf"(?<![\d/]){_UNIT}(?:[- ]?notes?|音符)?\s*(?:[=≈:]|equals|is|at|等于|为)\s*(?:(?:about|around|approx(?:imately)?|约|大约|大概)\s*)?{N}(?:{TO}{N})?(?:{_BPM})?"

Reader = Callable[[re.Match[str]], "Amount | None"]


def _one(text: str, scale: float = 1.0) -> Amount:
    ends = zh_ranges(text)
    if ends is not None:
        return Amount(ends[0] * scale, ends[1] * scale)
    value = parse_number(text) * scale
    return Amount(value, value)


def _first(match: re.Match[str]) -> Amount:
    return _one(match.group(1))


def _scaled(scale: float) -> Reader:
    return lambda match: _one(match.group(1), scale)


def _range(scale: float = 1.0) -> Reader:
    def read(match: re.Match[str]) -> Amount | None:
        first, last = match.group(1), match.group(2)
        low, high = parse_number(first), parse_number(last)
        if re.search(r"[a-z]-[a-z]", match.string[match.end(1) - 1 : match.start(2) + 1]):
            return None  # one-twenty is one number
        return Amount(low * scale, high * scale) if low < high else None  # ninety-two is no range

    return read


def _at_least(read: Reader, least: float) -> Reader:
    """Return a reader that declines small numbers: 两拍 is a length, not a tempo."""

    def reader(match: re.Match[str]) -> Amount | None:
        amount = read(match)
        return amount if amount is not None and (amount.low or 0) >= least else None

    return reader


def _bounded(is_most: bool) -> Reader:
    def read(match: re.Match[str]) -> Amount:
        value = parse_number(match.group(1))
        return Amount(None, value) if is_most else Amount(value, None)

    return read


def _metronome(match: re.Match[str]) -> Amount:
    size, name = BEAT_UNITS[match.group(1)]
    low = parse_number(match.group(2))
    high = parse_number(match.group(3)) if match.group(3) else low
    return Amount(low, high, unit=name, quarters=size)


def _plus_minus(match: re.Match[str]) -> Amount:
    middle, width = parse_number(match.group(1)), parse_number(match.group(2))
    return Amount(middle - width, middle + width)


def _tens(match: re.Match[str]) -> Amount:
    """Return what 八十多 leaves open: 80 to 89; 一百多: 100 to 199 is cut to a hundred and a half."""
    value = parse_number(match.group(1))
    return Amount(value, value + (49 if value % 100 == 0 else 9))


def _counted_notes(match: re.Match[str]) -> Amount:
    size, name = BEAT_UNITS[match.group(2)]
    value = parse_number(match.group(1))
    return Amount(value, value, unit=name, quarters=size)


def _fixed(seconds: float) -> Reader:
    return lambda match: Amount(seconds, seconds)


def _sum(*scales: float) -> Reader:
    """Return a reader that adds up the groups, each in so many seconds."""

    def read(match: re.Match[str]) -> Amount:
        total = sum(
            parse_number(group) * scale
            for group, scale in zip(match.groups(), scales, strict=False)
            if group is not None
        )
        return Amount(total, total)

    return read


def _and_half(scale: float) -> Reader:
    def read(match: re.Match[str]) -> Amount:
        value = (parse_number(match.group(1)) + 0.5) * scale
        return Amount(value, value)

    return read


def _clock(match: re.Match[str]) -> Amount | None:
    parts = [float(group) for group in match.groups() if group is not None]
    total = parts[-1] + 60 * parts[-2] + (3600 * parts[-3] if len(parts) > 2 else 0)
    return Amount(total, total)


def _plain_seconds(match: re.Match[str]) -> Amount | None:
    value, rest = float(match.group(1)), match.string[match.end() :].lstrip()
    is_year = 1900 <= value <= 2090 and value % 10 == 0
    before = match.string[: match.start()]
    is_length = rest.startswith("long") or re.search(
        r"(?:long|length|duration|for|lasting|about|around)\s*:?\s*$", before
    )
    if match.group(1) in ("808", "909", "303", "707"):
        return None  # drum machines
    if " " in match.group(0):
        return Amount(value, value)
    is_decade = value in (50, 70, 80, 90) or (value in (20, 30, 40, 60) and rest[:1].isalnum())
    return None if (is_decade and not is_length) or is_year else Amount(value, value)


_NO_MINUTE = r"(?!\s*[之音])"
_TABLE: tuple[tuple[str, str, Reader], ...] = (
    ("tempo", rf"{N}{TO}{N}{_BPM}", _range()),
    ("tempo", rf"{N}{TO}{N}\s*拍(?!子)", _at_least(_range(), 30)),
    ("tempo", rf"(?:每分钟?|一分钟)\s*{N}{TO}{N}\s*[拍下]", _range()),
    ("tempo", rf"between {N} and {N}{_BPM}", _range()),
    ("tempo", rf"(?:bpm|tempo) (?:is )?between {N} and {N}(?:{_BPM})?", _range()),
    ("tempo", rf"{N}(?:-?ish)?{_BPM}", _first),
    ("tempo", rf"{N}来拍", _first),
    ("tempo", r"(\d+0|[一二三四五六七八九百]+十|百|[一二三]百)\s*(?:多|几)\s*(?:拍(?!子)|bpm)", _tens),
    ("tempo", rf"(?:每分钟?|一分钟)\s*(?:大约|大概|约)?\s*{N}\s*[拍下]", _first),
    ("tempo", rf"{N}\s*拍(?!子)(?:的?速度|的?节奏)?", _at_least(_first, 30)),
    ("tempo", rf"{_TEMPO}{N}{TO}{N}(?:{_BPM})?(?:\s*拍)?", _range()),
    ("tempo", rf"{_TEMPO}{N}\s*(?:和|与|and){N}\s*(?:之间|$|[,，。])", _range()),
    ("tempo", rf"{_TEMPO}{N}{TO}{N}\s*之间", _range()),
    ("tempo", rf"(?:{_TEMPO})?{N}\s*(?:±|\+/-|\+-|正负|上下浮动)\s*{N}(?:{_BPM}|\s*拍)", _plus_minus),
    ("tempo", rf"{_TEMPO}{N}\s*(?:±|\+/-|\+-|正负)\s*{N}(?:{_BPM}|\s*拍)?", _plus_minus),
    ("tempo", rf"{_TEMPO}{N}(?:{_BPM})?(?:\s*拍(?!子))?", _first),
    ("tempo", rf"(?:no|not(?: any)?|never) (?:faster|quicker) than {N}(?:{_BPM})?", _bounded(True)),
    ("tempo", rf"(?:no|not(?: any)?|never) slower than {N}(?:{_BPM})?", _bounded(False)),
    ("tempo", rf"(?:faster|quicker) than {N}(?:{_BPM})?", _bounded(False)),
    ("tempo", rf"slower than {N}(?:{_BPM})?", _bounded(True)),
    ("tempo", rf"(?:不要?|别)(?:快于|快过)\s*{N}(?:\s*拍|{_BPM})?|最快\s*(?:不(?:要)?超过)?\s*{N}(?:\s*拍|{_BPM})?", lambda m: Amount(None, parse_number(m.group(1) or m.group(2)))),
    ("tempo", rf"(?:不要?|别)(?:慢于|慢过)\s*{N}(?:\s*拍|{_BPM})?|最慢\s*(?:不(?:要)?低于)?\s*{N}(?:\s*拍|{_BPM})?", lambda m: Amount(parse_number(m.group(1) or m.group(2)), None)),
    ("tempo", rf"(?<![a-z])(?:speed|slow)(?: it| this| things)?(?: up| down) to {N}(?:{_BPM})?", _first),
    ("tempo", rf"(?:加速|减速|提速|加快|放慢|提高|降低|快|慢)到\s*{N}(?:{_BPM}|\s*拍(?!子))?(?!\s*[%秒小分])", _at_least(_first, 30)),
    ("tempo", _MARK, _metronome),
    ("tempo", rf"(?:每分钟?|一分钟)\s*{N}\s*个?{_UNIT}音符", _counted_notes),
    ("tempo", rf"{N} {_UNIT}(?:[- ]?notes?) (?:per|a) minute", _counted_notes),
    ("seconds", rf"{N}{TO}{N}\s*分钟?{_NO_MINUTE}", _range(60)),
    ("seconds", rf"{N}{TO}{N}\s*秒钟?", _range()),
    ("seconds", rf"{N}{TO}{N}{_MINUTE}", _range(60)),
    ("seconds", rf"{N}{TO}{N}{_SECOND}", _range()),
    ("seconds", rf"between {N} and {N}{_MINUTE}", _range(60)),
    ("seconds", rf"between {N} and {N}{_SECOND}", _range()),
    ("seconds", rf"{N}\s*分钟?\s*(?:零|又|加)?\s*{N}\s*秒钟?", _sum(60, 1)),
    ("seconds", rf"{N}\s*(?:分半钟?|个半分钟|分钟半)", _and_half(60)),
    ("seconds", rf"{N}\s*分钟?{_NO_MINUTE}", _scaled(60)),
    ("seconds", r"(?<!分)半分钟", _fixed(30)),
    ("seconds", r"一刻钟", _fixed(900)),
    ("seconds", r"半个?(?:小时|钟头)", _fixed(1800)),
    ("seconds", rf"{N}\s*个半(?:小时|钟头)", _and_half(3600)),
    ("seconds", rf"{N}\s*个?(?:小时|钟头)", _scaled(3600)),
    ("seconds", rf"{N}\s*秒半", _and_half(1)),
    ("seconds", rf"{N}\s*秒钟?", _first),
    ("seconds", rf"{N}{_MINUTE},?\s*(?:and\s+)?{N}{_SECOND}", _sum(60, 1)),
    ("seconds", r"(?<![\d.])(\d+) ?m(?:in)? ?(\d+) ?s(?:ec)?(?![a-z])", _sum(60, 1)),
    ("seconds", rf"{N}(?: minutes?)? and a half(?:[ -]minutes?)?", _and_half(60)),
    ("seconds", r"(?<![a-z])(?:a|one) minute and a half(?![a-z])", _fixed(90)),
    ("seconds", r"(?<![a-z])half[ -]a[ -]minute(?![a-z])|(?<![a-z])half[ -]minute(?![a-z])", _fixed(30)),
    ("seconds", r"(?<![a-z])half an hour(?![a-z])", _fixed(1800)),
    ("seconds", r"(?<![a-z])(?:a )?quarter of an hour(?![a-z])", _fixed(900)),
    ("seconds", rf"(?:{N}|(?<![a-z])an?)[ -]?(?:hours?|hrs?)(?![a-z])", lambda m: _one(m.group(1) or "1", 3600)),
    ("seconds", rf"{N}{_MINUTE}", _scaled(60)),
    ("seconds", r"(?<!beats )(?<!beat )(?<!times )(?<![a-z])an? minute(?![a-z])(?! and)", _fixed(60)),
    ("seconds", r"(?<![a-z])a couple of minutes(?![a-z])", _fixed(120)),
    ("seconds", r"(?<![a-z])a few minutes(?![a-z])", lambda m: Amount(120, 300)),
    ("seconds", rf"{N}{_SECOND}", _first),
    ("seconds", r"(?<![\d.])(\d+(?:\.\d+)?) ?s(?![a-z])", _plain_seconds),
    ("seconds", r"(?<!\d)(?<!\d:)(\d{1,2}):([0-5]\d(?:\.\d+)?)(?![\d:])", _clock),
    ("seconds", r"(?<![\d:])(\d{1,2}):([0-5]\d):([0-5]\d(?:\.\d+)?)(?![\d:;])", _clock),
    ("seconds", r"(?<!\d)(\d{1,2})'([0-5]?\d)(?:\"|'')", _sum(60, 1)),
    ("bars", rf"{N}{TO}{N}{BARS}", _range()),
    ("bars", rf"{N}{BARS}", _first),
    ("bars", rf"(?:bars?|measures?|小节数?)\s*[:=]\s*{N}(?![-\d/])", _first),
    ("fps", rf"{N}\s*(?:fps|frames?(?: per second|/s)|帧(?:每秒|/秒|率)?)", _first),
    ("fps", rf"(?:fps|帧率|每秒)\s*[:=为是]?\s*{N}\s*帧?(?![拍\d])", _first),
)  # fmt: skip
_PLACES = (
    rf"(?<![a-z\d])(?:bars?|measures?|m\.) ?{N}(?:{TO}(?:bars? )?{N})?(?![\d:/]| ?bpm)",
    rf"第\s*{N}\s*(?:{TO}第?\s*{N}\s*)?个?小节",
)
_FIRST_BARS = rf"前\s*{NUMBER}\s*个?小节|(?:the )?first {NUMBER} (?:bars|measures)"
_FIRST_TIME = rf"前\s*{NUMBER}\s*(?:秒钟?|分钟?)|(?<![a-z])(?:the )?first {NUMBER} (?:seconds|minutes)"
_LAST_BARS = rf"[最]?后\s*{NUMBER}\s*个?小节|(?:the )?last {NUMBER} (?:bars|measures)"
_TIMECODE = r"(?<![\d:])(\d{1,2}):([0-5]\d):([0-5]\d)[:;](\d{2})(?![\d:])"
# Numbers that are no wish: opus and catalogue numbers, rates, versions, years, counts of other things.
_TRAPS = (
    r"(?<![a-z])(?:an? )?(?:minor|major|perfect|augmented|diminished) (?:second|third|fourth|fifth|sixth|seventh|triad|interval)s?(?![a-z])",
    rf"(?:(?:speed|slow)(?: it| this| things)?(?: up| down)?|faster|slower|up|down|it|tempo|speed) by {NUMBER} ?bpm", rf"{NUMBER} ?bpm (?:faster|slower|quicker)",
    r"(?:加快|提高|快|慢|放慢|降低|提速|减速|降速|减慢)了?\s*(?:[4-9]|[1-3]\d|[五六七八九]|[一二三]?十[一二三四五六七八九]?)\s*(?:个?bpm|拍(?!子))", rf"每个?小节\s*{NUMBER}\s*(?:秒钟?|拍)", rf"{NUMBER}\s*seconds? (?:per|a|each) (?:bar|measure)",
    r"(?<![a-z])op(?:us)?\.? ?\d+(?:[,，]? ?(?:no|nr)\.? ?\d+)?", r"(?<![a-z])(?:no|nr)\.? ?\d+(?![\d:]*\s*(?:bpm|bars?))",
    r"(?<![a-z])(?:bwv|hwv|kv|hob|rv|woo)\.? ?\d+[a-z]?", r"(?<![a-z])k\. ?\d+", r"作品(?:第)?\s*\d+号?",
    rf"第\s*{NUMBER}\s*[号首个次段章遍届代版名位交](?!小节)", r"\d+(?:\.\d+)?\s*k?hz(?![a-z])", r"\d+[ -]?k(?:bps)?(?![a-z])(?:/\d+)?",
    r"(?<![\d.])(?:16|24|32)[ -]?bits?(?![a-z])", r"\d+ ?(?:位深|采样率|比特)", r"\d+(?:p|fps)(?![a-z])", r"mp[34]", r"24/7",
    r"(?<![a-z])v(?:er(?:sion)?)?\.? ?\d+(?:\.\d+)*", r"\d+ ?(?:gb|mb|kb|tb|px|cm|mm|km|kg|db|lufs|ms)(?![a-z])", r"\d+(?:st|nd|rd|th)(?![a-z])",
    r"(?<!\d)(?:1[4-9]|20)\d\d\s*年(?!代)", r"(?<![\d.:/=])(?:1[6-9]|20)\d\d(?![\d%.:/s']|\s*(?:bpm|bars?|年代|拍|小节|秒|分))",
    rf"{NUMBER}\s*(?:岁|块钱?|元|个人|位客人|万|亿|周年|个月|天|月|日|度|层|米|公里|公斤|号|点钟?|倍|平方)",
    r"[$¥€£]\s*\d+(?:\.\d+)?", r"\d+(?:\.\d+)? ?(?:%|percent)", r"百分之[一二三四五六七八九十百零\d]+",
    rf"{NUMBER}[ -](?:years?|yrs?|people|persons?|friends|kids|children|dollars|euros|pages?|words?|songs|takes|versions|tracks|days?|weeks?|months?|times|levels?|players|voices|notes|chords|octaves?|semitones?|strings)(?![a-z])(?! (?:per|a) minute)",
    r"(?<![a-z])(?:level|stage|chapter|part|episode|season|take|track|day|week|route|world|section) \d+", r"\d{7,}",
    rf"{NUMBER}\s*(?:首歌|首|支曲子|个版本|个音|个八度|个半音|度音|和弦|连音|声部|重奏|岁的?)",
)  # fmt: skip
_DECADES = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
    "eighties": 1980, "nineties": 1990, "noughties": 2000,
}  # fmt: skip


def _decade(century: str, years: str) -> int | None:
    year = int(century + years)
    return year if 1900 <= year <= 2020 else None


def _zh_decade(match: re.Match[str]) -> int | None:
    years = int(parse_number(match.group(2)))
    century = match.group(1) if (match.group(1) or "").isdigit() else ("20" if years < 20 else "19")
    return _decade(str(century), f"{years:02d}")


def _short_decade(match: re.Match[str]) -> int | None:
    is_length = (
        match.group(1) in ("20", "30", "40", "60") and not match.string[match.end() :].lstrip()[:1].isalnum()
    )
    return None if is_length and "'" not in match.group(0) else _decade("19", match.group(1))


_DECADE_TABLE: tuple[tuple[str, Callable[[re.Match[str]], int | None]], ...] = (
    (r"(?<!\d)(?:19|20)([0-9]0)\s*'?s(?![a-z])", lambda m: _decade(m.group(0)[:2], m.group(1))),
    (r"(?<![\d:.])(?<!for )(?<!lasting )(?<!length )'?([2-9]0)'?s(?![a-z])(?!\s*long)", _short_decade),
    (r"(?<!\d)(?:(19|20|二十世纪|上世纪|上个世纪))?\s*([0-9]0|[二三四五六七八九]十)\s*年代", _zh_decade),
    (rf"\b({'|'.join(_DECADES)})\b", lambda m: _DECADES[m.group(1)]),
)


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str], Reader], ...]:
    return tuple((field, re.compile(pattern), read) for field, pattern, read in _TABLE)


def quantity_matches(text: Folded) -> Iterator[Match]:
    """Yield every number with a unit, every place in bars or time, and every number that means nothing musical."""
    for field, pattern, read in _compiled():
        for found in pattern.finditer(text.lower):
            amount = read(found)
            if amount is not None:
                yield Match(found.start(), found.end(), field, None, rank=2, amount=amount)
    for pattern_text, year_of in _DECADE_TABLE:
        for found in re.finditer(pattern_text, text.lower):
            year = year_of(found)
            if year is not None:
                yield Match(found.start(), found.end(), "decade", year, rank=2)
    for pattern_text in _PLACES:
        for found in re.finditer(pattern_text, text.lower):
            yield Match(found.start(), found.end(), "place", int(parse_number(found.group(1))), rank=2)
    for found in re.finditer(_FIRST_BARS, text.lower):
        yield Match(found.start(), found.end(), "place", 1, rank=3)
    for found in re.finditer(_FIRST_TIME, text.lower):
        yield Match(found.start(), found.end(), "place", 1, rank=3)
    for found in re.finditer(_LAST_BARS, text.lower):
        yield Match(found.start(), found.end(), "place", -1, rank=3)
    for found in re.finditer(_TIMECODE, text.lower):
        yield Match(found.start(), found.end(), "timecode", tuple(map(int, found.groups())), rank=4)
    for pattern_text in _TRAPS:
        for found in re.finditer(pattern_text, text.lower):
            yield Match(found.start(), found.end(), "trap", found.group(0))


_ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|circa|ca\.|c\.|nearly|almost|close to|some(?:where)? around|say)\s*(?:a |an |the )?|~|≈|大概|大约|约莫?|差不多|接近|将近|近)\s*$"
)
_ABOUT_AFTER = re.compile(
    r"^\s*(?:-?ish(?![a-z])|or so(?![a-z])|(?:give|more) or (?:take|less)(?![a-z])|左右|上下|前后|来拍)"
)
_MOST = re.compile(
    r"(?:不(?:要|能|可|得)?(?:超过|大于|高于|多于|长于|快于)|别超过|最多|至多|顶多|最高|最长|上限|小于|低于|少于|短于|(?:\b(?:under|below|less than|at most|up to|no more than|not more than|no longer than|not longer than|no greater than|maximum(?: of)?|max\.?|within|shorter than|(?:not|never|don't) exceed(?:ing)?|must not exceed|not above|never above|not over)))\s*$"
)
_LEAST = re.compile(
    r"(?:不(?:要|能|可|得)?(?:低于|少于|小于|短于|慢于)|至少|最少|最低|最短|起码|超过|大于|高于|多于|长于|(?:\b(?:over|above|more than|at least|no less than|not less than|no shorter than|not shorter than|minimum(?: of)?|min\.?|longer than|upwards of|not below|not under|no fewer than)))\s*$"
)
_MOST_AFTER = re.compile(
    r"^\s*(?:(?:以内|之内|以下|内)(?!容)|or (?:less|under|shorter|slower|fewer|below)(?![a-z])|max(?:imum)?(?![a-z])|at (?:the )?most(?![a-z])|tops(?![a-z])|封顶)"
)
_LEAST_AFTER = re.compile(
    r"^\s*(?:以上|or (?:more|longer|faster|above|over)(?![a-z])|min(?:imum)?(?![a-z])|at least(?![a-z])|\+|plus(?![a-z])|起步)"
)


def told_whole(match: Match, lower: str) -> Match:
    """Return a quantity with the words beside it that make it a bound or only about so much."""
    amount = match.amount
    if amount is None or match.field not in ("tempo", "seconds", "bars"):
        return match
    start, end = match.start, match.end
    for _ in range(2):
        hits = [
            (found.group(0), change)
            for pattern, change in ((_ABOUT, "about"), (_MOST, "most"), (_LEAST, "least"))
            if (found := pattern.search(lower[max(0, start - 24) : start]))
        ]
        if hits:
            words, change = max(hits, key=lambda hit: len(hit[0]))
            start -= len(words)
            amount = _changed(amount, change)
    for pattern, change in ((_ABOUT_AFTER, "about"), (_MOST_AFTER, "most"), (_LEAST_AFTER, "least")):
        found = pattern.match(lower[end : end + 16])
        if found:
            end += len(found.group(0))
            amount = _changed(amount, change)
    if re.search(r"around|about|approx|约|大概|ish|来拍", lower[match.start : match.end]):
        amount = _changed(amount, "about")
    return replace(match, start=start, end=end, amount=amount)


def _changed(amount: Amount, change: str) -> Amount:
    if change == "about":
        return replace(amount, is_about=True)
    if change == "most":
        return replace(amount, low=None) if amount.high is not None else amount
    return replace(amount, high=None) if amount.low is not None else amount
