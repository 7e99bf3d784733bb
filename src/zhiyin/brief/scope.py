"""Scope: which of the things named in a brief are wanted, and which are not.

Conventions: a negator reaches the next thing and whatever is joined to it by 'and', 'or', 和, 、 and the like.
This module does not know what the things are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhiyin.brief.lexicon import BUT, EXCEPT, FREE, NOT, ONLY
from zhiyin.brief.match import Match

_JOINERS = re.compile(
    r"[\s、/&]|(?<![a-z])(?:and|or|nor|any|a|an|the|of|too|very|so|some|key|mode)(?![a-z])|以及|或者|或是|和|或|与|跟|及|也|太|很|过于|任何|那么|有|把|个|支|什么"
)
_STOP = re.compile(r"[。.;；!！?？\n]")
_LATER_OR = re.compile(r"^[^。;；!！?？\n]*?(?:,\s*|\s)(?:or|nor)\s|^[^。;；!！?？\n]*?或")
_NONE_ELSE = re.compile(
    r"都不|全不|全都不|一概不|其他不|其它不|不要其他|别的不|no other|nothing else|不要别的"
)
_ALSO = re.compile(r"还|另外|再加|also|as well|too")
OPERATORS = frozenset((NOT, ONLY, EXCEPT, BUT, FREE))


def unwanted(matches: Sequence[Match], text: str) -> tuple[frozenset[int], bool]:
    """Return the indices of the matches that are negated, and whether the brief says 'only'.

    matches: in text order, without overlaps; text: the folded lower-case text.
    """
    negated: set[int] = set()
    is_not = is_fresh = says_only = False
    for index, match in enumerate(matches):
        gap = text[matches[index - 1].end if index else 0 : match.start]
        if _STOP.search(gap) or ("," in gap and (is_fresh or not _list_goes_on(gap, text[match.end :]))):
            is_not = False
        if match.field in OPERATORS:
            says_only = says_only or match.field == ONLY
            is_not, is_fresh = _after_operator(match, matches, index, text), True
            continue
        if is_not and not is_fresh and _JOINERS.sub("", gap).replace(",", ""):
            is_not = False
        if is_not:
            negated.add(index)
        is_fresh = False
    return frozenset(negated), says_only


def _list_goes_on(gap: str, rest: str) -> bool:
    return not _JOINERS.sub("", gap).replace(",", "") and (
        bool(_LATER_OR.search(rest)) or bool(re.search(r"(?<![a-z])(?:or|nor)(?![a-z])|或", gap))
    )


def _after_operator(match: Match, matches: Sequence[Match], index: int, text: str) -> bool:
    """Return whether things after this operator are unwanted."""
    if match.field == NOT:
        return True
    if match.field == BUT:
        before = matches[index - 1] if index else match
        return before.field == NOT and not text[before.end : match.start].strip()  # "don't use"
    if match.field != EXCEPT:
        return False
    tail = re.split(r"[。;；!！?？\n]", text[match.end :])[0]
    is_after_not = any(
        item.field == NOT and not _STOP.search(text[item.end : match.start])
        for item in matches[max(0, index - 3) : index]
    )
    return not (is_after_not or _NONE_ELSE.search(tail) or _ALSO.search(tail))
