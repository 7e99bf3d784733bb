"""Filling what words leave open: from a guess or from another model, never over what was said.

Conventions: names are those of `zhiyin.brief.said`; what is filled is told in the defaults with where it came from.
This module guesses nothing itself: see `zhiyin.brief.guess` and `zhiyin.brief.asked_model`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from zhiyin.brief.match import Amount
from zhiyin.brief.read import Brief
from zhiyin.brief.said import feeling_of
from zhiyin.brief.words_players import finer_players
from zhiyin.brief.words_styles import finer_styles
from zhiyin.theory.families import family_players
from zhiyin.theory.moods import MOODS
from zhiyin.theory.usages import USAGES


@dataclass(frozen=True, slots=True)
class Filling:
    """What may fill an open field, and the words that tell where it came from ("guessed, 81% sure; ...")."""

    told: str
    styles: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    usage: str | None = None
    players: tuple[str, ...] = ()
    tempo_bpm: float | None = None
    seconds: float | None = None
    bars: int | None = None


@cache
def style_names() -> dict[str, str]:
    """Return every finer name of a style with the style that is written for it."""
    return {said: style for said, style in finer_styles().values() if ":" not in said}


@cache
def player_names() -> dict[str, str]:
    """Return every finer name of a player with the instrument that plays it."""
    return dict(finer_players().values())


def with_filling(brief: Brief, filling: Filling) -> Brief:
    """Return the reading with open fields filled; what is unknown, refused or already said is left out."""
    said, wishes = brief.said, brief.wishes
    fields: dict[str, Any] = {}
    asked: dict[str, Any] = {}
    lines: list[str] = []
    moods = tuple(m for m in filling.moods if m in MOODS and m not in said.avoid_moods)
    if moods and not said.moods and not any(turn.moods for turn in said.changes):
        valence, arousal = feeling_of(moods, said.avoid_moods)
        fields |= {"moods": moods, "valence": valence, "arousal": arousal}
        asked["moods"] = moods
        lines.append(f"mood {', '.join(moods)}: {filling.told}")
    styles = tuple(s for s in filling.styles if s in style_names() and s not in said.exclude_styles)
    if styles and not said.styles:
        fields["styles"] = styles
        asked |= {"style": style_names()[styles[0]]} if wishes.style is None else {}
        lines.append(f"style {', '.join(styles)}: {filling.told}")
    if filling.usage in USAGES and said.usage is None:
        fields["usage"] = asked["usage"] = filling.usage
        lines.append(f"use {filling.usage}: {filling.told}")
    players = tuple(p for p in filling.players if p in player_names() and p not in said.excluded)
    if players and not said.players:
        own = tuple(dict.fromkeys(n for p in players for n in family_players(player_names()[p])))
        own = tuple(name for name in own if name not in wishes.excluded)
        fields["players"] = players
        asked |= {"players": own} if own and not wishes.players else {}
        lines.append(f"players {', '.join(players)}: {filling.told}")
    _numbers(brief, filling, fields, asked, lines)
    return replace(
        brief,
        said=replace(said, **fields),
        wishes=replace(wishes, **asked),
        defaults=(*brief.defaults, *lines),
    )


def _numbers(
    brief: Brief, filling: Filling, fields: dict[str, Any], asked: dict[str, Any], lines: list[str]
) -> None:
    """Add the numbers that may fill open fields."""
    said, wishes = brief.said, brief.wishes
    if filling.tempo_bpm is not None and said.tempo is None:
        fields["tempo"] = Amount(filling.tempo_bpm, filling.tempo_bpm)
        asked |= {"tempo_bpm": filling.tempo_bpm} if wishes.tempo_range is None else {}
        lines.append(f"tempo {filling.tempo_bpm:g}: {filling.told}")
    if filling.seconds is not None and said.seconds is None and not said.hits:
        fields["seconds"] = Amount(filling.seconds, filling.seconds)
        asked["seconds"] = filling.seconds
        lines.append(f"length {filling.seconds:g}: {filling.told}")
    if filling.bars is not None and said.bars is None and wishes.bars is None:
        fields["bars"] = Amount(filling.bars, filling.bars)
        asked["bars"] = filling.bars
        lines.append(f"bars {filling.bars}: {filling.told}")
