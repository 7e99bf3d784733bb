"""melodise: a tune over given chords or over any accompaniment.

Conventions: the tune is a new part; on strong beats it takes chord tones or leans on them by step; where the given
music returns, so does the tune. This module writes nothing itself: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from zhiyin.fill.act import Order
from zhiyin.fill.acts.new_parts import cells_of, joined, limits_of, returns_of, textures_of_style
from zhiyin.fill.acts.usual import usual
from zhiyin.fill.constraints import Cadences, Closes, Constraint, LeaningTones, Sounds, WithinBars
from zhiyin.fill.constraints.cadence import CLOSE, PAUSE
from zhiyin.fill.desk import Desk

PHRASE_BARS = 4


def melodise(desk: Desk, *, instrument: str = "voice", style: str | None = None) -> Order:
    """Return the order for a tune of an instrument over a score. Raises NotFound for an unknown instrument."""
    new = joined(desk, [(instrument, "melody")])
    cells = cells_of(new)
    asked = usual(new.desk, cells, sounding=frozenset())
    wishes: list[Constraint] = [*limits_of(new), Sounds(cells)]
    wishes += [LeaningTones(frozenset(new.parts)), Cadences(_ends(desk.bars))]
    limits = (*asked.limits, WithinBars(new.desk.bars), Closes(new.desk.bars, is_hard=False))
    return Order(
        new.desk, new.scope, tuple(wishes), limits, textures=textures_of_style(new, style),
        like=returns_of(new.desk), style=style,
    )  # fmt: skip


def _ends(bars: int) -> dict[int, str]:
    """Return where phrases end: every fourth bar pauses, the last one closes."""
    ends = dict.fromkeys(range(PHRASE_BARS - 1, bars - 1, PHRASE_BARS), PAUSE)
    return ends | {bars - 1: CLOSE}
