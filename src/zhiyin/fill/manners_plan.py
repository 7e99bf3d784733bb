"""Manners in a plan: which sections of which players keep a manner of their style, and what that says of their texture.

Conventions: a manner is a pattern of `zhiyin.fill.manners`, drawn from how people play the style; the last bar of a
piece, and of a tune's section, stays open, so that it can close. This module writes no notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.fill.constraints import InManner
from zhiyin.fill.manners import BOUND, LEANING, LED, MANNERED, Manner, drawn_manners, is_near, manners_of
from zhiyin.fill.plan import Plan, PlannedSection, Player, Texture
from zhiyin.fill.plan_texture import LOWER_HAND
from zhiyin.theory.metre import Metre
from zhiyin.theory.style_words import base_style

Rows = tuple[tuple[Texture, ...], ...]


def with_manners(
    textures: Rows, players: Sequence[Player], sections: Sequence[PlannedSection], *, style: str, metre: Metre,
    seed: int, is_felt: bool,
) -> tuple[Rows, list[tuple[str, str]]]:  # fmt: skip
    """Return textures with manners where the style has them, and what is told of them in English and Chinese.

    is_felt: a mood leans the piece; then its densities and heights stand, and only manners near them are taken.
    """
    rng = np.random.default_rng([seed, 17])
    bars = sections[-1].end_bar
    rows, notes = [list(row) for row in textures], list[tuple[str, str]]()
    for index, player in enumerate(players):
        known = manners_of(style, player.role, metre) if _keeps(player, style) else ()
        drawn: list[list[Manner]] = []
        is_led = player.role in LED
        for section in sections:
            wanted = rows[index][section.first_bar].density
            near = [m for m in known if is_near(m, wanted)] if is_felt else known
            aimed = wanted if is_led or base_style(style) not in BOUND else None
            if section.like >= 0 and drawn[section.like]:
                drawn.append(drawn[section.like])
            else:
                drawn.append(
                    drawn_manners(
                        near,
                        section.bars,
                        rng,
                        is_led=is_led,
                        density=aimed,
                    )
                )
            last = (
                bars - 1 if player.role in LED else section.end_bar - 1
            )  # tunes close, what is under them goes on
            for bar, manner in zip(
                range(section.first_bar, min(section.end_bar, last)), drawn[-1], strict=False
            ):
                rows[index][bar] = _told(rows[index][bar], manner, player, is_felt=is_felt)
        if any(drawn) and player.role in LED:
            notes.append(_reason(player, drawn[0][0] if drawn[0] else next(d for d in drawn if d)[0]))
    return tuple(tuple(row) for row in rows), notes


def _keeps(player: Player, style: str) -> bool:
    base = base_style(style)
    return base in MANNERED if player.role in LED else player.role == "melody" and base in BOUND | LEANING


def _told(texture: Texture, manner: Manner, player: Player, *, is_felt: bool) -> Texture:
    """Return a texture that keeps a manner, with the numbers that follow from it."""
    if texture.is_empty:
        return texture
    if is_felt:
        return replace(texture, manner=manner.pattern)
    busy = round(manner.density, 2)
    if player.role not in LED:
        return replace(texture, manner=manner.pattern, density=busy)
    full, height = round(manner.polyphony, 2), manner.register
    is_hand = player.part.endswith(", lower") and not np.isnan(height)
    found = round(float(np.clip(height, *LOWER_HAND)), 1) if is_hand else texture.register
    return replace(texture, manner=manner.pattern, density=busy, polyphony=full, register=found)


def _reason(player: Player, manner: Manner) -> tuple[str, str]:
    return (
        f"{player.part} plays {manner.pattern[2:]} as people do in the style ({manner.pieces} pieces)",
        f"{player.part} 按此风格常见音型 {manner.pattern[2:]} 伴奏（见于{manner.pieces}首）",
    )


def wish_of(plan: Plan) -> InManner | None:
    """Return the wish for the plan's manners, None where it has none."""
    patterns, heights = dict[tuple[int, int], str](), dict[tuple[int, int], tuple[float, float]]()
    for part, row in enumerate(plan.textures):
        known = {m.pattern: m for m in manners_of(plan.style, plan.players[part].role, plan.metre)}
        for bar, texture in enumerate(row):
            if texture.manner:
                patterns[part, bar] = texture.manner
                found = known.get(texture.manner)
                heights[part, bar] = (found.low, found.high) if found else (float("nan"), float("nan"))
    tunes = {i for i, p in enumerate(plan.players) if p.role not in LED}
    bound = frozenset(tunes) if plan.style in BOUND else frozenset[int]()
    return InManner(patterns, heights, bound) if patterns else None
