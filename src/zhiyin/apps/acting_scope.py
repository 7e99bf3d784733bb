"""The scope of an act as people type it: bars, places and parts.

Conventions: bars and beats count from 1; no bars and no places mean the whole score.
This module knows no single act.
"""

from __future__ import annotations

from zhiyin.errors import InvalidInput
from zhiyin.fill.desk import Desk
from zhiyin.fill.scope import Scope, read_bars, read_place, stretch_of_places, whole_bars
from zhiyin.score import Timeline


def asked_scope(desk: Desk, parts: str, *, bars: str = "", start: str = "", end: str = "") -> Scope:
    """Return the scope of parts: whole bars, or from one place to another.

    Raises InvalidInput for parts or bars that are not there, or for bars and places at once.
    """
    chosen = desk.parts_named(parts)
    if start or end:
        if bars:
            raise InvalidInput(
                f"a scope must be bars or places, got bars {bars!r} and places: give one of both"
            )
        line = Timeline.of(desk.frame)
        first = read_place(start, desk.frame) if start else 0
        last = read_place(end, desk.frame) if end else line.bar_start(desk.bars)
        return stretch_of_places(desk.frame, chosen, start=first, end=last)
    if not desk.bars:
        raise InvalidInput(
            f"a score must have bars to be written anew, got none in {desk.own.title!r}: use compose"
        )
    return whole_bars(desk.frame, chosen, read_bars(bars, count=desk.bars) if bars else range(desk.bars))


def one_part(desk: Desk, text: str) -> int:
    """Return the one part that a text names, the first of them where a role names several.

    Where no part is a melody, `melody` is the first pitched part that plays. Raises InvalidInput.
    """
    if text == "melody" and not any(p.role == "melody" for p in (*desk.own.parts, *desk.frame.parts)):
        playing = (i for i, p in enumerate(desk.frame.parts) if len(p.notes) and not p.is_drums)
        return next(playing, 0)
    return desk.parts_named(text)[0]
