# ruff: noqa: E501 - word tables keep one row a line
"""Targets: which bars and which parts of a score the words of an edit mean.

Conventions: bars come out 0-based and inclusive, sorted and joined; a word that fits several parts is asked about.
This module does not know what is done to the targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from zhiyin.brief.edit_numbers import BarsSaid
from zhiyin.brief.edit_plan import Ambiguity, BarRange, Outline, OutlinePart
from zhiyin.brief.match import Match
from zhiyin.brief.numbers import NUMBER, parse_number
from zhiyin.errors import InvalidInput
from zhiyin.theory.families import family_members
from zhiyin.theory.instruments import INSTRUMENTS

Found = TypeVar("Found")
_HAND_WORDS = re.compile(
    r", (?:upper|lower)$|(?<![a-z])(?:(?:right|left)(?: hand)?|[rl]\.?h\.?)(?![a-z])|[左右]手"
)
EDGE_BARS = 4  # "the end" and "the beginning" without a number
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1, "final": -1,
             "最后": -1}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_BEFORE = re.compile(
    rf"(?:(?<![a-z])(first|1st|second|2nd|third|3rd|fourth|4th|last|final)\s+|第\s*({NUMBER})\s*(?:段|次|遍|架|把|支|个|部|台|件)?的?|(最后)\s*一?\s*(?:段|次|遍|个)的?)$"
)
_AFTER = re.compile(
    r"\s*(?:no\.?\s*|#)?(\d{1,2}|iii|ii|iv|i|[一二三四])(?![a-z\d%一-龥]|\s*%)|\s*(\d{1,2})(?=[^\d%小节]|$)"
)
_MANY = re.compile(
    rf"(?:(?<![a-z])(?:both|all|every|two|three|all the|both the)\s+(?:the\s+)?|所有的?|全部的?|两个|两架|两把|两支|各个|每个|{NUMBER}(?:架|把|支|台))$"
)
_LETTER = r"(?<![a-z])(?:(?:section|part)\s+([a-h])(')?(?![a-z'])|([a-h])(')?\s+(?:section|part)(?![a-z])|([a-h])(')?\s*(?:段|部分|乐段))"
_END = ("the end", "the ending", "ending", "the close", "结尾", "末尾", "结尾处", "末尾处")
_START = (
    "the beginning",
    "the start",
    "the opening",
    "opening",
    "the top",
    "开头",
    "开始处",
    "最前面",
    "开头处",
    "曲首",
)
# Words for one family of instruments: the whole kind answers where the plain one is missing.
_KIN = {
    "guitar": ("guitar", "nylon-guitar", "electric-guitar", "distortion-guitar"),
    "piano": ("piano", "electric-piano"), "alto-sax": ("soprano-sax", "alto-sax", "tenor-sax", "baritone-sax"),
    "organ": ("organ", "hammond-organ"), "bass-guitar": ("bass-guitar", "upright-bass", "synth-bass", "double-bass"),
    "synth": ("synth", "synth-lead", "synth-pad"), "drums": ("drums", "drum-machine"), "upright-bass": ("upright-bass", "double-bass"),
    "voice": ("voice", "soprano", "alto", "tenor", "bass-voice", "choir"), "trumpet": ("trumpet", "muted-trumpet"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartsSaid:
    """Parts that words name: the candidates, whether the words ask for exactly one of them, and the instrument named."""

    parts: tuple[int, ...]
    is_one: bool = False
    instrument: str = ""
    missing: str = ""


def join_ranges(ranges: Iterable[BarRange]) -> tuple[BarRange, ...]:
    """Return ranges sorted, neighbours and overlaps joined.

    >>> join_ranges([(6, 6), (2, 2), (3, 4)])
    ((2, 4), (6, 6))
    """
    joined: list[BarRange] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def bars_meant(said: BarsSaid, outline: Outline) -> tuple[BarRange, ...]:
    """Return the bars that numbers mean in a score. Raises InvalidInput for bars that it has not."""
    shift = 0 if outline.has_pickup else 1
    count, last = said.spans[0][0], outline.bars - 1
    if said.way == "first":
        spans = [(0, count - shift)]
    elif said.way == "last":
        spans = [(outline.bars - count, last)]
    elif said.way == "from":
        spans = [(count - shift, last)]
    elif said.way == "until":
        spans = [(0, count - shift)]
    elif said.way == "half":
        middle = (outline.bars - (1 - shift) + 1) // 2 + (1 - shift)
        spans = [(0, middle - 1)] if count == 1 else [(middle, last)]
    else:
        spans = [(first - shift, final - shift) for first, final in said.spans]
    for first, final in spans:
        if not 0 <= first <= final <= last:
            named = "-".join(dict.fromkeys((str(first + shift), str(final + shift))))
            raise InvalidInput(
                f"bars must lie in {outline.bar_name(0)}..{outline.bar_name(last)}, first before last, got {named}: "
                "name bars that the score has"
            )
    return tuple(spans)


def target_matches(lower: str, words: Sequence[Match], outline: Outline) -> Iterator[Match]:
    """Yield the names of sections and parts in the text, and of its ends; `words` are fixed words already found."""
    for word in words:
        if word.field == "section":
            yield _ordinal_section(lower, word, outline)
        elif word.field in ("role", "hand", "instrument"):
            yield _ordinal_part(lower, word, outline)
    yield from _lettered(lower, outline)
    yield from _literal(lower, outline)
    for surfaces, is_end in ((_END, True), (_START, False)):
        for surface in surfaces:
            for found in re.finditer(_bounded(surface), lower):
                yield Match(found.start(), found.end(), "edge", is_end, rank=4)


def _bounded(surface: str) -> str:
    body = re.escape(surface)
    return rf"(?<![a-z]){body}(?![a-z])" if surface.isascii() else body


def _ordinal_section(lower: str, word: Match, outline: Outline) -> Match:
    found = [s for s in outline.sections if _plain_name(s.name) == word.value]
    start, end, number = _numbered(lower, word)
    if not found:
        is_end = word.value == "outro" and lower[word.start : word.end] in _END
        return Match(start, end, "edge" if is_end else "no_section", is_end or word.value, word.rank + 2)
    if number is not None:
        found = _pick(found, number, f"section {word.value}")
    spans = (
        join_ranges((s.first, s.last) for s in found)
        if number is not None
        else tuple((s.first, s.last) for s in found)
    )
    return Match(start, end, "bars", spans, word.rank + 2)


def _plain_name(name: str) -> str:
    return re.sub(r"[\s\d'’]+$", "", name.casefold().strip())


def _pick(found: list[Found], number: int, what: str) -> list[Found]:
    if number != -1 and number > len(found):
        raise InvalidInput(
            f"{what} must be number 1..{len(found)}, got {number}: the score has {len(found)} of them"
        )
    return [found[number if number == -1 else number - 1]]


def _numbered(lower: str, word: Match) -> tuple[int, int, int | None]:
    """Return (start, end, number) of a word with the ordinal before it or the number behind it."""
    before = _BEFORE.search(lower[: word.start])
    if before:
        said = before.group(1) or before.group(3)
        number = _ORDINALS[said] if said else int(parse_number(before.group(2)))
        return before.start(), word.end, number
    after = _AFTER.match(lower[word.end :])
    if after:
        said = after.group(1) or after.group(2)
        return word.start, word.end + after.end(), _ROMAN.get(said) or int(parse_number(said))
    return word.start, word.end, None


def _lettered(lower: str, outline: Outline) -> Iterator[Match]:
    for found in re.finditer(_LETTER, lower):
        letter = next(group for group in (found[1], found[3], found[5]) if group).upper()
        is_prime = bool(found[2] or found[4] or found[6])
        named = [
            s
            for s in outline.sections
            if s.name.rstrip("'’0123456789 ") == letter and (not is_prime or "'" in s.name)
        ]
        if named:
            yield Match(found.start(), found.end(), "bars", tuple((s.first, s.last) for s in named), rank=6)
        else:
            yield Match(found.start(), found.end(), "no_section", letter, rank=6)


def _literal(lower: str, outline: Outline) -> Iterator[Match]:
    """Yield the score's own names of parts and sections where they stand in the text word for word."""
    for index, part in enumerate(outline.parts):
        name = part.name.casefold()
        if (
            len(name) > 1 and name.replace(" ", "-") != part.instrument
        ):  # a bare instrument may mean its like too
            for found in re.finditer(_bounded(name), lower):
                same = tuple(i for i, other in enumerate(outline.parts) if other.name.casefold() == name)
                if not _AFTER.match(lower[found.end() :]) and same[0] == index and len(same) == 1:
                    told = PartsSaid(same, False, part.instrument)
                    yield Match(found.start(), found.end(), "parts", told, rank=4)
    for name in {section.name.casefold() for section in outline.sections if len(section.name) > 2}:
        spans = tuple((s.first, s.last) for s in outline.sections if s.name.casefold() == name)
        for found in re.finditer(_bounded(name), lower):
            yield Match(found.start(), found.end(), "bars", spans, rank=3)


def _ordinal_part(lower: str, word: Match, outline: Outline) -> Match:
    instrument = str(word.value[0]) if isinstance(word.value, tuple) else ""
    found = [i for i, part in enumerate(outline.parts) if _fits(part, word)]
    if not found and instrument:
        kin = (*_KIN.get(instrument, ()), *family_members(instrument))
        found = [i for i, part in enumerate(outline.parts) if part.instrument in kin]
        if not found and instrument == "strings":
            found = [
                i for i, part in enumerate(outline.parts) if INSTRUMENTS[part.instrument].family == "bowed"
            ]
    if instrument and len(found) > 1:  # a part called so comes before one that only sounds so
        said = lower[word.start : word.end].removesuffix("s")
        found = [i for i in found if said in outline.parts[i].name.casefold()] or found
    if word.field == "role" and not found:
        found = [i for i, part in enumerate(outline.parts) if _role_kin(part, str(word.value))]
    start, end, number = _numbered(lower, word)
    missing = "" if found else lower[word.start : word.end]
    if number is not None and len(_players(found, outline)) > 1:
        told = PartsSaid(
            tuple(_pick(_players(found, outline), number, lower[word.start : word.end])[0]), False, instrument
        )
        return Match(start, end, "parts", told, word.rank + 2)
    many = _MANY.search(lower[: word.start])
    is_plural = (
        bool(many)
        or (instrument and lower[word.start : word.end].endswith("s") and not instrument.endswith("s"))
        or word.field in ("role", "hand")
    )
    is_one = not is_plural and len(_players(found, outline)) > 1
    start = many.start() if many else word.start
    return Match(
        start, word.end, "parts", PartsSaid(tuple(found), is_one, instrument, missing), word.rank + 1
    )


def _players(found: Sequence[int], outline: Outline) -> list[tuple[int, ...]]:
    """Return the parts by player: two hands of one name are one player."""
    players: dict[str, list[int]] = {}
    for index in found:
        part = outline.parts[index]
        player = _hand_of(part.name) if part.hand else f"{part.name}\n{index}"
        players.setdefault(player, []).append(index)
    return [tuple(player) for player in players.values()]


def _hand_of(name: str) -> str:
    """Return whose hand a part is: its name without the words for hands."""
    return _HAND_WORDS.sub("", name.casefold()).strip(" ,-()")


def _fits(part: OutlinePart, word: Match) -> bool:
    if word.field == "hand":
        return part.hand == word.value or (word.value == "both" and bool(part.hand))
    if word.field == "role":
        role = str(word.value)
        return part.role == role or (role == "chords" and part.role == "accompaniment")
    return isinstance(word.value, tuple) and part.instrument in word.value


def _role_kin(part: OutlinePart, role: str) -> bool:
    if role == "bass":
        return INSTRUMENTS[part.instrument].family == "bass" or part.hand == "left"
    return role == "melody" and part.hand == "right"


def question(words: str, parts: tuple[int, ...], outline: Outline) -> Ambiguity:
    """Return the question which of several parts is meant."""
    names = [f"{outline.parts[i].name} ({i + 1})" for i in parts]
    return Ambiguity(
        words, parts,
        f"{words!r} may be {' or '.join(names)}: which one? Say e.g. 'the first', 'the second' or 'both'",
        f"“{words}”可以指{'或'.join(names)}：是哪一个？请说“第一个”“第二个”或“两个都”",
    )  # fmt: skip


def no_part(words: str, outline: Outline) -> InvalidInput:
    """Return the error for a part that the score has not."""
    names = ", ".join(f"{part.name} ({part.role})" for part in outline.parts) or "none"
    return InvalidInput(f"the part to edit must be one of {names}, got {words!r}: name one of these")


def no_section(words: str, outline: Outline) -> InvalidInput:
    """Return the error for a section that the score has not."""
    names = ", ".join(
        f"{s.name} (bars {outline.bar_name(s.first)}-{outline.bar_name(s.last)})" for s in outline.sections
    )
    return InvalidInput(
        f"the section to edit must be one of {names or 'none'}, got {words!r}: name one of these, or bars by number"
    )
