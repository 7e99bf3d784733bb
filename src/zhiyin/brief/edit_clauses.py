# ruff: noqa: E501 - word tables keep one row a line
"""Clauses of an edit: the words of a sentence cut into stretches that each ask for something.

Conventions: a stretch that asks for nothing joins the one it belongs to; word order decides which.
This module does not know what a kind of edit does: see edit_steps.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from zhiyin.brief.edit_lexicon import Asked, edit_word_matches
from zhiyin.brief.edit_numbers import BarsSaid, edit_number_matches
from zhiyin.brief.edit_plan import BarRange, Outline
from zhiyin.brief.edit_targets import bars_meant, target_matches
from zhiyin.brief.lexicon import word_matches
from zhiyin.brief.match import Folded, Match, longest_first
from zhiyin.brief.measure import measured
from zhiyin.brief.patterns import metre_matches, named_matches
from zhiyin.brief.quantities import quantity_matches

_SHARED = {"instrument", "section", "style", "mode"}  # fields of briefs that edits read too
_SHARED_NUMBERS = {"tempo_bpm", "seconds", "metre"}
_RAW = {"instrument", "section", "role", "hand"}
_OF = re.compile(r"\s*(?:of|in)\s*(?:the\s+)?")
_LISTED = re.compile(r"(?<![a-z])and(?![a-z])|[和、&跟与及;。]|\.")
_FIRST = re.compile(r"(?:the\s+)?(?:very\s+)?(?:first|opening)|前|开头|最初|最前|头")
_HALF = re.compile(r"(?:the\s+)?(?:first|second)\s+half|[前后]半")
_LAST = re.compile(r"(?:the\s+)?(?:very\s+)?(?:last|final|closing)|最后|末|结尾|最末|尾")
_STOP = re.compile(r"\.(?!\d)|。|[;!?\n]")
_MEANT = {"act", "adjective", "interval", "percent", "key", "mode", "metre", "style", "tempo_bpm", "tempo_to", "seconds", "cadence"}  # fmt: skip
# Verbs that ask for nothing alone: they need a value beside them.
_BARE = {"instrument", "put"}
TARGETS = {"bars", "edge", "parts", "no_section", "whole", "there", "it"}


@dataclass(frozen=True, slots=True)
class Clause:
    """Matches in text order that ask for one thing; starts: True where a new sentence begins."""

    matches: tuple[Match, ...]
    is_fresh: bool = False

    def of(self, *fields: str) -> list[Match]:
        """Return the matches of some fields."""
        return [match for match in self.matches if match.field in fields]

    def asked(self, *kinds: str) -> list[Match]:
        """Return the acts and adjectives of some kinds, all kinds when none is named."""
        found = [m for m in self.matches if isinstance(m.value, Asked)]
        return [m for m in found if not kinds or (isinstance(m.value, Asked) and m.value.kind in kinds)]

    @property
    def start(self) -> int:
        """Return where the clause begins in the folded text."""
        return self.matches[0].start

    @property
    def end(self) -> int:
        """Return where the clause ends in the folded text."""
        return self.matches[-1].end


def find_matches(text: Folded, outline: Outline) -> list[Match]:
    """Return everything understood in the text, in order, bars and parts resolved against the score.

    Raises InvalidInput for bars that the score has not.
    """
    fixed = [*edit_word_matches(text.lower)]
    fixed += [match for match in word_matches(text) if match.field in _SHARED and match.confidence == 1]
    told, _ = measured([*quantity_matches(text)], text)
    numbers = [match for match in (*told, *metre_matches(text)) if match.field in _SHARED_NUMBERS]
    named = named_matches(text)
    keys = [replace(match, field="key") for match in named if match.field in ("key", "tonic")]
    targets = target_matches(text.lower, fixed, outline)
    plain = (match for match in fixed if match.field not in _RAW)
    stops = (Match(m.start(), m.end(), "join", None, 3) for m in _STOP.finditer(text.lower))
    found = longest_first((*plain, *numbers, *keys, *targets, *edit_number_matches(text.lower), *stops))
    return within_sections([_resolved(match, outline) for match in found], text.lower, outline)


def _resolved(match: Match, outline: Outline) -> Match:
    if not isinstance(match.value, BarsSaid):
        return match
    return Match(match.start, match.end, "bars", bars_meant(match.value, outline), match.rank)


def within_sections(matches: Sequence[Match], lower: str, outline: Outline) -> list[Match]:
    """Return the matches, "the last two bars of the verse" and 前奏的前两小节 counted inside their section.

    A section and a count belong together when the one stands right behind the other, or no listing word between them.
    """
    found = list(matches)
    places = [i for i, match in enumerate(found) if match.field == "bars"]
    for one, other in pairwise(places):
        gap = lower[found[one].end : found[other].start]
        for count, section in ((one, other), (other, one)):
            spans = _spans_inside(found[count], found[section], lower, outline)
            is_close = _OF.fullmatch(gap) if count < section else not _LISTED.search(gap)
            if spans and is_close:
                found[count] = replace(found[count], value=spans)
                found[section] = replace(found[section], field="filler")
                break
    return found


def _spans_inside(count: Match, section: Match, lower: str, outline: Outline) -> tuple[BarRange, ...]:
    """Return the first or last bars of a section, () when the words are not a count and a section."""
    names = {(s.first, s.last) for s in outline.sections}
    spans = section.value if isinstance(section.value, tuple) else ()
    own = count.value if isinstance(count.value, tuple) else ()
    words = lower[count.start : count.end]
    if not spans or not set(spans) <= names or len(own) != 1 or set(own) <= set(spans):
        return ()
    size = own[0][1] - own[0][0] + 1
    if _FIRST.match(words) and not _HALF.match(words):
        return tuple((first, min(last, first + size - 1)) for first, last in spans)
    if _HALF.match(words):
        is_second = words.startswith(("后", "second", "the second"))
        return tuple(
            (first + (last - first + 1) // 2, last) if is_second else (first, first + (last - first) // 2)
            for first, last in spans
        )
    if _LAST.match(words):
        return tuple((max(first, last - size + 1), last) for first, last in spans)
    return ()


def clauses_of(matches: Sequence[Match], lower: str) -> list[Clause]:
    """Return the clauses: cut at joining words, then stretches that ask for nothing joined to their neighbours."""
    pieces: list[Clause] = []
    current: list[Match] = []
    is_fresh = True
    for match in matches:
        if match.field != "join":
            current += [match] if match.field != "filler" else []
            continue
        if current:
            pieces.append(Clause(tuple(current), is_fresh))
            current, is_fresh = [], False
        is_fresh = is_fresh or bool(_STOP.match(lower[match.start : match.end]))
    if current:
        pieces.append(Clause(tuple(current), is_fresh))
    return _merged(pieces)


def asks(clause: Clause) -> bool:
    """Return whether a clause asks for something by itself."""
    for match in clause.of(*_MEANT):
        if not isinstance(match.value, Asked):
            return True
        if match.value.kind == "only" and not clause.of("parts"):
            continue
        if match.value.kind not in _BARE or (match.value.kind == "instrument" and clause.of("parts")):
            return True
    return bool(clause.of("bar_count"))


def _merged(pieces: list[Clause]) -> list[Clause]:
    found: list[Clause] = []
    waiting: tuple[Match, ...] = ()
    waiting_fresh = False
    for index, piece in enumerate(pieces):
        if asks(piece) or (waiting and index == len(pieces) - 1 and not found):
            found.append(Clause((*waiting, *piece.matches), piece.is_fresh or waiting_fresh))
            waiting, waiting_fresh = (), False
        elif (
            found
            and not waiting
            and not piece.is_fresh
            and _reaches_on(found[-1], piece, pieces[index + 1 :])
        ):
            found[-1] = Clause((*found[-1].matches, *piece.matches), found[-1].is_fresh)
        else:
            waiting_fresh = waiting_fresh or (piece.is_fresh and not waiting)
            waiting = (*waiting, *piece.matches)
    if waiting and found:
        found[-1] = Clause((*found[-1].matches, *waiting), found[-1].is_fresh)
    elif waiting:
        found.append(Clause(waiting, waiting_fresh))
    return found


def _reaches_on(before: Clause, piece: Clause, after: Sequence[Clause]) -> bool:
    """Return whether a stretch without an act belongs to the one before: its verb came first, or nothing follows."""
    if not after or after[0].is_fresh or not piece.of(*TARGETS):
        return True
    if before.asked("swap"):
        return len(before.of("bars")) < 2
    acts, targets = before.of(*_MEANT), before.of("bars", "parts", "edge")
    is_verb_first = bool(acts and targets) and acts[0].start < targets[0].start
    kinds = {piece_match.field for piece_match in piece.of("bars", "parts", "edge")}
    alike = bool(targets) and targets[-1].field in kinds
    return is_verb_first and alike and acts[-1].end <= targets[-1].start
