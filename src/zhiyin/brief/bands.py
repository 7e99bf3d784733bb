"""Bands: a word such as band or jazz trio gives way to the players that are named for it.

Conventions: a word that tells the whole line-up (of, consisting of, :, 由…组成) takes one name or more; a word that
may only add to it (with, a comma) takes two, and not sections such as strings or brass.
This module does not know which players a band has: see `zhiyin.brief.lexicon`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from zhiyin.brief.lexicon import OPEN_SETS
from zhiyin.brief.match import Match
from zhiyin.theory.families import FAMILY_WORDS

_STOP = re.compile(r"[。.;；!！?？\n]")
_WHOLE = re.compile(
    r"\s*(?:of\b|:|consist\w*|made (?:up )?of|formed (?:by|of)|compris\w+|由|编制|[(]|只用|只有|only\b)"
)
_PERHAPS = re.compile(r"\s*(?:with\b|featuring\b|using\b|on\b|用|有|包括|包含|带|-|—|–|,|、)")
_MORE = re.compile(r"plus|add|also|as well|include|including|extra|another|另|还|加|再|外")
_MADE_OF = re.compile(r"由([^。;!?]*)(?:组成|构成|演奏)的?[^,。;!?]{0,6}$")
_SECTIONS = frozenset((*FAMILY_WORDS, "choir"))


def without_replaced(matches: Sequence[Match], negated: frozenset[int], text: str) -> list[Match]:
    """Return the matches; a band whose players are named becomes an `ensemble` that brings none of its own.

    matches: in text order; negated: indices of those not wanted; text: the folded lower-case text.
    """
    return [
        replace(match, field="ensemble")
        if match.value in OPEN_SETS and index not in negated and _is_replaced(index, matches, negated, text)
        else match
        for index, match in enumerate(matches)
    ]


def _is_replaced(index: int, matches: Sequence[Match], negated: frozenset[int], text: str) -> bool:
    band = matches[index]
    if _MADE_OF.search(text[: band.start]):
        start = text.rindex("由", 0, band.start)
        return bool(_players(matches, negated, start, band.start))
    stop = _STOP.search(text, band.end)
    end = stop.start() if stop else len(text)
    named = _players(matches, negated, band.end, end)
    if not named or _MORE.search(text[band.end : named[0].start]):
        return False
    if _WHOLE.match(text[band.end : end]):
        return True
    names = {str(name) for match in named if isinstance(match.value, tuple) for name in match.value}
    return bool(_PERHAPS.match(text[band.end : end])) and len(names) > 1 and not names <= _SECTIONS


def _players(matches: Sequence[Match], negated: frozenset[int], start: int, end: int) -> list[Match]:
    return [
        match
        for index, match in enumerate(matches)
        if match.field == "instrument" and index not in negated and start <= match.start and match.end <= end
    ]
