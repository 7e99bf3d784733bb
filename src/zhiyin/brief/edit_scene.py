"""The scene of an edit: one clause, the text around it and the score it speaks of; and the draft it becomes.

Conventions: places are "after", "before" or "at" something by the words beside them.
This module does not know kinds of edits: see edit_steps.py and edit_combined.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiyin.brief.edit_clauses import Clause
from zhiyin.brief.edit_lexicon import Asked
from zhiyin.brief.edit_plan import BarRange, Outline, Value
from zhiyin.brief.match import Match

_VALUE_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:to|with|for|into|by|on|onto|let|have|as)\s+(?:the\s+|a\s+|an\s+|some\s+|my\s+)*"
    r"|(?:交给|换成|改成|改用|变成|改为|换为|换作|让|由|用|给|改由|替换成|替换为)\s*(?:一?[把支架个台件组])?)$"
)
_ANCHOR_BEFORE = re.compile(r"(?<![a-z])(before|after|behind|following|to|at|onto)\s+(?:the\s+)?$")
_ANCHOR_AFTER = re.compile(r"\s*的?(之前|以前|前面|前|之后|后面|以后|往后|后)(?!半)")
_INSTEAD = re.compile(r"(?<![a-z])(?:instead|in place) of")


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing asked for: kind, way, amount, value in a unit; bars of its own choosing; matches that are its value."""

    kind: str
    direction: int = 0
    amount: float = 1.0
    unit: str = ""
    value: Value = None
    at: int | None = None
    bars: tuple[BarRange, ...] = ()
    used: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """A clause with the text around it and the score it speaks of."""

    clause: Clause
    lower: str
    outline: Outline

    def first(self, *fields: str) -> Match | None:
        """Return the first match of some fields."""
        return next(iter(self.clause.of(*fields)), None)

    @property
    def amount(self) -> float:
        """Return how much: the strongest word, or a little where one says so."""
        told = [float(str(match.value)) for match in self.clause.of("degree")]
        return 2.0 if 2.0 in told else 0.5 if 0.5 in told else 1.0

    @property
    def is_flipped(self) -> bool:
        """Return whether a "less" or "too" turns the adjectives round."""
        return len(self.clause.of("flip")) % 2 == 1

    @property
    def direction(self) -> int:
        """Return the way that words of height point, 0 without one."""
        for match in self.clause.asked("up", "register"):
            if isinstance(match.value, Asked):
                return match.value.direction
        return 0

    def value_part(self) -> Match | None:
        """Return the part that a preposition makes the new player ("with a guitar", 换成吉他)."""
        parts = [m for m in self.clause.of("parts") if _VALUE_BEFORE.search(self.lower[: m.start])]
        if instead := _INSTEAD.search(self.lower, self.clause.start, self.clause.end):
            return next((m for m in self.clause.of("parts") if m.end <= instead.start()), None)
        return parts[-1] if parts else None

    def anchor(self) -> tuple[Match, int] | None:
        """Return the place that something is put at, with the bar before which it comes."""
        bars = self.clause.of("bars")
        for edge in self.clause.of("edge"):
            return edge, self.outline.bars if edge.value else 0
        for match in reversed(bars):
            spans: tuple[BarRange, ...] = match.value if isinstance(match.value, tuple) else ()
            side = side_of(match, self.lower)
            if side == "after":
                return match, spans[-1][1] + 1
            if side or (len(bars) > 1 and match is bars[-1]):
                return match, spans[0][0]
        return None


def side_of(match: Match, lower: str) -> str:
    """Return how words beside a place use it: after, before, at, or an empty string."""
    before, after = _ANCHOR_BEFORE.search(lower[: match.start]), _ANCHOR_AFTER.match(lower[match.end :])
    if (before and before.group(1) in ("after", "behind", "following")) or (after and "后" in after.group(1)):
        return "after"
    if after or (before and before.group(1) == "before"):
        return "before"
    return "at" if before else ""
