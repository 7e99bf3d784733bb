"""accompany: playable parts under a tune, a lead sheet or anything else that is given.

Conventions: players are new parts; the texture is that of the style, or of a donor piece of the person's choice.
This module writes nothing itself: see `zhiyin.fill.act`; bands of the style book are `zhiyin.fill.rules_accompany`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.new_parts import (
    Joined,
    cells_of,
    joined,
    limits_of,
    returns_of,
    textures_of_donor,
    textures_of_style,
)
from zhiyin.fill.acts.usual import usual
from zhiyin.fill.constraints import ChordsOnStrongBeats, Constraint, Foundation, Sounds, WithinBars
from zhiyin.fill.desk import Desk
from zhiyin.theory.instruments import find_instrument

USUAL_PLAYERS = ("piano",)


def accompany(
    desk: Desk, *, players: Sequence[str] = USUAL_PLAYERS, style: str | None = None, donor: Desk | None = None
) -> Order:
    """Return the order for an accompaniment by players, a piano by default.

    Raises NotFound for an unknown instrument, InvalidInput for a donor without an accompaniment.
    """
    if not players:
        raise InvalidInput(
            "an accompaniment must have players, got none: name e.g. piano or guitar, bass, drums"
        )
    new = joined(desk, [(name, _role(name)) for name in players])
    cells = cells_of(new)
    asked = usual(new.desk, cells, sounding=frozenset())
    textures = textures_of_style(new, style) if donor is None else textures_of_donor(new, donor)
    resting = frozenset(c for c in cells if textures.density[c.bar, c.part] == 0)
    pitched = frozenset(p for p in new.parts if not new.desk.frame.parts[p].is_drums)
    wishes: list[Constraint] = [
        *limits_of(new), Sounds(cells - resting, resting), ChordsOnStrongBeats(pitched),
        *_floor(new),
    ]  # fmt: skip
    limits = (*asked.limits, WithinBars(new.desk.bars))
    return Order(
        new.desk,
        new.scope,
        tuple(wishes),
        limits,
        textures=textures,
        like=returns_of(new.desk),
        style=style,
    )


def _role(name: str) -> str:
    """Return the role that an instrument takes in an accompaniment."""
    instrument = find_instrument(name)
    if instrument.is_drums:
        return "drums"
    if instrument.family == "bass" or instrument.name in ("tuba", "double-bass"):
        return "bass"
    if instrument.polyphony == 1:
        return "inner"
    return (
        "chords"
        if instrument.name in ("strings", "synth-pad", "choir", "organ", "brass")
        else "accompaniment"
    )


def _floor(new: Joined) -> list[Constraint]:
    """Return the wish for a floor under the lowest accompaniment where nobody plays the bass."""
    if any(p.role == "bass" for p in new.desk.frame.parts):
        return []
    backing = [
        i for i, p in zip(new.parts, new.players, strict=True) if p.role in ("accompaniment", "chords")
    ]
    return (
        [
            Foundation(
                min(backing, key=lambda i: (find_instrument(new.players[i - new.first].instrument).low, i))
            )
        ]
        if backing
        else []
    )
