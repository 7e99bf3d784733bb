"""counterpoint: a second line beside a given one, on its own feet and in step with the harmony.

Conventions: the line is a new part, led against the part it is set to; strong beats take chord tones or lean on them.
This module writes nothing itself: see `zhiyin.fill.act`.
"""

from __future__ import annotations

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.new_parts import Joined, cells_of, joined, limits_of, returns_of
from zhiyin.fill.acts.usual import levels, usual
from zhiyin.fill.constraints import Closes, Constraint, LeaningTones, Sounds, VoiceLeading, WithinBars
from zhiyin.fill.desk import Desk
from zhiyin.fill.request import Textures
from zhiyin.theory.instruments import find_instrument

DISTANCE = 9.0  # semitones between the middles of the two lines, about a sixth
MIDDLE_DENSITY = 4  # a level: the line moves about once a beat where the given one does not say otherwise


def counterpoint(
    desk: Desk, *, against: int, instrument: str = "violin", is_above: bool = False, style: str | None = None
) -> Order:
    """Return the order for a line against a part (index). Raises InvalidInput for a part that has no tune to answer."""
    if not 0 <= against < len(desk.frame.parts) or desk.frame.parts[against].is_drums:
        raise InvalidInput(
            f"counterpoint must be set against a pitched part 0..{len(desk.frame.parts) - 1}, got {against}"
        )
    if not len(desk.frame.parts[against].notes):
        raise InvalidInput(
            f"counterpoint must be set against notes, got an empty part {desk.frame.parts[against].name!r}"
        )
    new = joined(desk, [(instrument, "inner")])
    cells, line = cells_of(new), new.first
    asked = usual(new.desk, cells, sounding=frozenset())
    order = (line, against) if is_above else (against, line)
    given = {b for b in range(desk.bars) if levels(desk)[0][b, against] > 0}
    wishes: list[Constraint] = [
        *limits_of(new), Sounds(frozenset(c for c in cells if c.bar in given)),
        VoiceLeading(order), LeaningTones(frozenset({line})),
    ]  # fmt: skip
    limits = (*asked.limits, WithinBars(new.desk.bars), Closes(new.desk.bars, is_hard=False))
    return Order(
        new.desk, new.scope, tuple(wishes), limits, textures=_textures(new, against, instrument, is_above),
        like=returns_of(new.desk), style=style,
    )  # fmt: skip


def _textures(new: Joined, against: int, instrument: str, is_above: bool) -> Textures:
    """Return wishes for a line that moves while the other holds and holds while it moves, a sixth away."""
    density, _, register = levels(new.desk)
    wanted = Textures.open(new.desk.bars, len(new.desk.frame.parts))
    player = find_instrument(instrument)
    usual_density = float(np.median(density[:, against][density[:, against] > 0]))
    for bar in range(min(new.desk.bars, len(density))):
        theirs = density[bar, against]
        own = MIDDLE_DENSITY + usual_density - theirs if theirs else MIDDLE_DENSITY
        wanted.density[bar, new.first] = int(np.clip(round(own), 2, 6))
        wanted.polyphony[bar, new.first] = 1
        middle = register[bar, against] or (player.low + player.high) / 2
        away = middle + (DISTANCE if is_above else -DISTANCE)
        wanted.register_pitch[bar, new.first] = float(np.clip(away, player.low + 4, player.high - 4))
    return wanted
