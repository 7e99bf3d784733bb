# ruff: noqa: E501 - patterns keep one row a line
"""Numbers in their roles: lengths and moments, tempi in quarters, bars of sections, counts of players, ranges kept.

Conventions: a number out of its range is told as a problem with the range, never cut to fit.
This module reads no words: see `zhiyin.brief.quantities`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhiyin.brief.match import Amount, Folded, Match
from zhiyin.brief.numbers import NUMBER, parse_number
from zhiyin.brief.quantities import TO
from zhiyin.brief.words_control import tempo_word_range
from zhiyin.score.wishes import MAX_BARS, MAX_SECONDS, MAX_TEMPO, MIN_TEMPO

MAX_COUNT = 8
_COUNT = re.compile(rf"({NUMBER})\s*(?:把|支|个|架|只|件|台|位|面|条|管)?\s*$")
_FPS = 24.0
_BEFORE_MOMENT = re.compile(
    r"(?:(?<![a-z])(?:at|from|by|until|till|after|around|@|past|towards?|near|before|mark)(?: about| around| the)?|第|在|从|到了?|于|过了|约)\s*$"
)
_AFTER_MOMENT = re.compile(
    r"^\s*(?:mark(?![a-z])|in(?:to it)?(?:$|[,.;]| )|后|之后|以后|过后|处|时(?!长|间)|的时候|的地方|那里|开始|起(?!来)|左右?开始|point)"
)
_BEFORE_END = re.compile(
    r"(?:(?<![a-z])(?:ends?|ending|finish(?:es|ing)?|stops?|done|over|close[sd]?|wraps? up)(?: it)?(?: at| by| around| after)?(?: about)?)\s*$"
)
_AFTER_END = re.compile(r"^\s*(?:处|时|左右)?(?:结束|收尾|完|停)")
_LENGTH_BEFORE = re.compile(
    r"(?:时长|长度|长|总长|全长|持续|length|duration|long|lasts?|lasting|for|runs?|running time|runtime)\s*(?:of|is|为|是|:|=|大约|约)*\s*$"
)
_HITS = re.compile(
    r"(?<![a-z])(?:hits?|accents?|sync(?: points?)?|impacts?|stingers?|hit points?|cue points?|cut(?:s)? at|land(?:s|ing)? on|stabs?|punch)(?![a-z])|卡点|踩点|重音|击中|打点|落点|对点|命中|卡在|踩在|对准|对上"
)
_BARE = re.compile(
    r"(?<![\d.:/#%,$€¥-])(?<![a-z])(\d{2,3})(?![\d.:/%'\"a-z-]|\s*[年月日岁个人次首号点块元天度万件张分秒条位%小周百])"
)
_BARE_RANGE = re.compile(
    rf"(?<![\d.:/#%,])({NUMBER})\s*(?:-|–|~|到|至|to)\s*({NUMBER})(?:\s*之间)?(?=\s*(?:$|[,，。;!]))"
)
_BARE_WORDS = re.compile(rf"(?:^|[,，。;；])\s*({NUMBER})\s*(?:$|[,，。;；.!！])")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text: a code such as `tempo_out_of_range`, and the value, rule and remedy in words."""

    code: str
    message: str


def with_moments(matches: list[Match], text: str) -> list[Match]:
    """Return the matches; a time that says when, not how long, becomes a `moment`."""
    found = [
        _when(match, text) if match.field in ("seconds", "timecode") else match for match in _rated(matches)
    ]
    if _HITS.search(text):
        for index, match in enumerate(found):
            if match.field == "seconds" and match.amount is not None and _in_list(found, index, text):
                found[index] = replace(match, field="moment", value=match.amount.value)
    return _joined(found, text)


def _joined(matches: list[Match], text: str) -> list[Match]:
    """Return the matches; "45 seconds to a minute" is one range, "at least 3, at most 4 minutes" says it twice."""
    found: list[Match] = []
    for match in matches:
        before = found[-1] if found else None
        if before is None or match.field not in ("seconds", "tempo") or match.field != before.field:
            found.append(match)
            continue
        one, other = before.amount, match.amount
        gap = text[before.end : match.start]
        if one is None or other is None:
            found.append(match)
        elif (
            one.value is not None
            and other.value is not None
            and re.fullmatch(TO, gap)
            and one.value < other.value
        ):
            found[-1] = replace(before, end=match.end, amount=Amount(one.value, other.value))
        elif {one.low, other.high} == {None} or {one.high, other.low} == {None}:
            ends = [end for end in (one.low, one.high, other.low, other.high) if end is not None]
            if len(ends) == 2 and ends[0] != ends[1]:
                both = replace(one, low=min(ends), high=max(ends))
                found[-1] = replace(before, end=match.end, amount=both)
            else:
                found.append(match)
        else:
            found.append(match)
    return found


def _rated(matches: list[Match]) -> list[Match]:
    """Return the matches; timecodes become seconds at the frame rate that is told, 24 frames where none is."""
    rate = next(
        (m.amount.low for m in matches if m.field == "fps" and m.amount is not None and m.amount.low), _FPS
    )
    found: list[Match] = []
    for match in matches:
        if match.field == "timecode" and isinstance(match.value, tuple):
            hours, minutes, seconds, frames = match.value
            at = round(3600 * hours + 60 * minutes + seconds + frames / rate, 3)
            found.append(replace(match, field="timecode", value=at, amount=Amount(at, at)))
        else:
            found.append(match)
    return found


def _when(match: Match, text: str) -> Match:
    amount = match.amount
    if amount is None or amount.value is None:
        return match
    before, after = text[max(0, match.start - 16) : match.start], text[match.end : match.end + 8]
    if _BEFORE_END.search(before) or _AFTER_END.match(after):
        return replace(match, field="seconds")
    if match.field == "timecode":
        return match if not _LENGTH_BEFORE.search(before) else replace(match, field="seconds")
    if _LENGTH_BEFORE.search(before):
        return match
    is_clock = ":" in text[match.start : match.end] or "'" in text[match.start : match.end]
    is_when = _AFTER_MOMENT.match(after) or _BEFORE_MOMENT.search(before)
    if is_when and not (
        re.search(r"(?:到|约)\s*$", before) and not _AFTER_MOMENT.match(after) and not is_clock
    ):
        return replace(match, field="moment", value=amount.value)
    return match


def hits_of(matches: Sequence[Match], used: frozenset[int], text: str) -> tuple[float, ...]:
    """Return the moments that music must hit: timecodes, and times in a sentence that speaks of hits."""
    found: list[float] = []
    for index, match in enumerate(matches):
        if index in used or match.amount is None or match.amount.value is None:
            continue
        if match.field == "timecode" or (match.field == "moment" and _HITS.search(text)):
            found.append(match.amount.value)
    return tuple(dict.fromkeys(found))


def _in_list(matches: Sequence[Match], index: int, text: str) -> bool:
    """Return whether a time goes on a list of moments ("at 0:12, 0:31 and 0:47")."""
    place = index - 1
    while place >= 0 and matches[place].field in ("trap", "BUT"):
        place -= 1
    if place < 0:
        return False
    gap = text[matches[place].end : matches[index].start]
    if re.sub(r"[\s,，、和与及&]|and", "", gap):
        return False
    return matches[place].field in ("moment", "timecode") or (
        matches[place].field == "seconds" and _in_list(matches, place, text)
    )


def of_section(match: Match, found: list[Match], *, index: int, folded: Folded) -> Match:
    """Return a bar count beside a section's name ("verse (8 bars)", "an 8-bar intro") as that section's own."""
    if match.field != "bars" or match.amount is None or match.amount.value is None:
        return match
    value = int(match.amount.value)
    if index and found[index - 1].field == "section":
        gap = folded.lower[found[index - 1].end : match.start].strip(" (:=of是为有,")
        if not gap and "," not in folded.lower[found[index - 1].end : match.start].strip():
            return replace(match, field="section_bars", value=value)
    if index + 1 < len(found) and found[index + 1].field == "section":
        gap = folded.lower[match.end : found[index + 1].start].strip(" -的of")
        if not gap:
            return replace(match, field="bars_of_next", value=value)
    return match


def measured(matches: list[Match], folded: Folded) -> tuple[list[Match], list[Problem]]:
    """Return the matches with tempi, lengths and bars as wishes take them, and what is out of range."""
    kept: list[Match] = []
    problems: list[Problem] = []
    for match in matches:
        if match.field == "metre_bad":
            problems.append(Problem(
                "metre_invalid",
                f"a metre must be beats over 2, 4, 8 or 16, got {match.value}: write e.g. 3/4 or 6/8",
            ))  # fmt: skip
            kept.append(replace(match, field="bad"))
            continue
        if match.field == "tempo_word":
            kept.append(_with_word_range(match))
            continue
        if match.amount is None or match.field not in ("tempo", "seconds", "bars"):
            kept.append(match)
            continue
        words = folded.cased[match.start : match.end]
        wrong = _problem(match.field, match.amount, words)
        if wrong is not None:
            problems.append(wrong)
            kept.append(replace(match, field="bad", amount=None))
        else:
            kept.append(_as_wish(match, match.amount))
    return kept, problems


def _with_word_range(match: Match) -> Match:
    low, high = tempo_word_range(str(match.value))
    return replace(match, amount=Amount(low, high))


def _problem(field: str, amount: Amount, words: str) -> Problem | None:
    ends = [end for end in (amount.low, amount.high) if end is not None]
    if field == "tempo":
        quarters = [end * (amount.quarters or 1.0) for end in ends]
        if any(not MIN_TEMPO <= end <= MAX_TEMPO for end in quarters):
            return Problem(
                "tempo_out_of_range",
                f"tempo must be 20..300 BPM, got {quarters[0]:g}: give a tempo in that range",
            )
    elif field == "seconds" and any(not 1.0 <= end <= MAX_SECONDS for end in ends):
        return Problem(
            "duration_out_of_range",
            f"length must be 1..{MAX_SECONDS:g} seconds, got {ends[0]:g}: give a length in that range",
        )
    elif field == "bars":
        if any(end != int(end) for end in ends):
            return Problem("bars_not_whole", f"bars must be a whole number, got {words!r}: write e.g. 8 bars")
        if any(not 1 <= end <= MAX_BARS for end in ends):
            return Problem(
                "bars_out_of_range", f"bars must be 1..{MAX_BARS}, got {int(ends[0])}: give 1 to {MAX_BARS}"
            )
    return None


def _as_wish(match: Match, amount: Amount) -> Match:
    """Return a tempo, length or number of bars with the value that a wish takes."""
    if match.field == "tempo":
        scale = amount.quarters or 1.0
        if amount.value is not None:
            return replace(match, field="tempo_bpm", value=amount.value * scale)
        low = (
            amount.low if amount.low is not None else max(MIN_TEMPO / scale, 0.7 * (amount.high or MAX_TEMPO))
        )
        high = amount.high if amount.high is not None else min(MAX_TEMPO / scale, 1.3 * low)
        return replace(match, field="tempo_range", value=(low * scale, high * scale))
    if match.field == "seconds":
        bound = (
            amount.value
            if amount.value is not None
            else amount.high
            if amount.low is None
            else amount.low
            if amount.high is None
            else None
        )
        if bound is not None:
            return replace(match, value=float(bound))
        return replace(match, field="seconds_range", value=(amount.low, amount.high))
    end = amount.value if amount.value is not None else amount.high if amount.high is not None else amount.low
    return replace(match, value=int(end or 0))


def bare_tempo(matches: list[Match], folded: Folded) -> Match | None:
    """Return the one number 40..240 without a unit, taken for a tempo with little confidence; None where there is none."""
    if any(match.field in ("tempo_bpm", "tempo_range") for match in matches):
        return None
    marks = list(folded.lower)
    for match in matches:
        marks[match.start : match.end] = "\0" * (match.end - match.start)
    plain = "".join(marks)
    pair = _BARE_RANGE.search(plain)
    low, high = map(parse_number, pair.groups()) if pair is not None else (0.0, 0.0)
    if pair is not None and 40 <= low < high <= 240:
        return Match(*pair.span(), "tempo_range", (low, high), amount=Amount(low, high), confidence=0.5)
    found = [hit for hit in _BARE.finditer(plain) if 40 <= float(hit.group(1)) <= 240]
    if len(found) != 1:
        found = [hit for hit in _BARE_WORDS.finditer(plain) if 40 <= parse_number(hit.group(1)) <= 240]
    if len(found) != 1:
        return None
    value = parse_number(found[0].group(1))
    start, end = found[0].span(1)
    return Match(start, end, "tempo_bpm", value, amount=Amount(value, value), confidence=0.5)


def counted(matches: list[Match], folded: Folded) -> tuple[list[Match], list[Problem]]:
    """Return the matches with instruments widened by a number before them ("two violins"), and counts out of range."""
    found: list[Match] = []
    problems: list[Problem] = []
    for index, match in enumerate(matches):
        widened, wrong = _with_count(match, matches, index, folded)
        found.append(widened)
        problems += [wrong] if wrong is not None else []
    return found, problems


def _with_count(match: Match, found: list[Match], index: int, folded: Folded) -> tuple[Match, Problem | None]:
    if match.field != "instrument" or not isinstance(match.value, tuple):
        return match, None
    floor = found[index - 1].end if index else 0
    number = _COUNT.search(folded.lower[floor : match.start])
    if not number:
        return match, None
    count = parse_number(number.group(1))
    if count != int(count) or not 1 <= count <= MAX_COUNT:
        return match, Problem(
            "players_out_of_range",
            f"players of one instrument must number 1..{MAX_COUNT}, got {number.group(1)!r} before {match.value[0]}",
        )
    return replace(match, start=floor + number.start(), value=match.value * int(count)), None
