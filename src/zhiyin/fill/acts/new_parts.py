"""Parts that an act adds: who plays them, how busy and how high, and which bars answer each other.

Conventions: textures follow what the role does in the style, or a donor piece, bar by bar; bars of a new part resemble
each other where the bars of what is given do. This module writes no notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.analysis.structure import repeat_of
from zhiyin.encode.context import NOT_TOLD
from zhiyin.encode.levels import density_level, polyphony_level
from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.usual import levels, usual
from zhiyin.fill.compose_plan import ROLE_POLYPHONY
from zhiyin.fill.constraints import MaxPolyphony, WithinReach
from zhiyin.fill.constraints.reach import ONE_HAND
from zhiyin.fill.desk import Desk
from zhiyin.fill.norms import Leaning, norms_of
from zhiyin.fill.plan import PlannedSection, Player
from zhiyin.fill.plan_players import named_players
from zhiyin.fill.plan_texture import make_textures
from zhiyin.fill.request import Textures
from zhiyin.fill.scope import Scope, whole_bars
from zhiyin.score import Cell, Part
from zhiyin.theory.instruments import find_instrument
from zhiyin.units import IntArray

USUAL_STYLE, USUAL_ENERGY = "song", 0.55
MAX_PARTS = 64


@dataclass(frozen=True, eq=False)
class Joined:
    """A desk with new, empty parts; players: the new ones; first: index of the first of them."""

    desk: Desk
    players: tuple[Player, ...]
    first: int

    @property
    def parts(self) -> range:
        """Return the indices of the new parts."""
        return range(self.first, self.first + len(self.players))

    @property
    def scope(self) -> Scope:
        """Return every bar of the new parts."""
        return whole_bars(self.desk.frame, self.parts, range(self.desk.bars))


def joined(desk: Desk, asked: Sequence[tuple[str, str]]) -> Joined:
    """Return the desk with an empty part for each (instrument, role).

    Raises NotFound for an unknown instrument, InvalidInput when the score is empty or has too many parts.
    """
    if not desk.bars:
        raise InvalidInput(
            f"a score must have bars for others to join, got none in {desk.own.title!r}: use compose"
        )
    if len(desk.own.parts) + len(asked) > MAX_PARTS:
        raise InvalidInput(
            f"a score may have {MAX_PARTS} parts, got {len(desk.own.parts)} and {len(asked)} more: ask for fewer"
        )
    players = named_players([(find_instrument(name).name, role) for name, role in asked])
    taken = {part.name for part in desk.own.parts}
    players = tuple(replace(p, part=_unused(p.part, taken)) for p in players)
    added = [Part(p.part, role=p.role, program=p.program, is_drums=p.is_drums) for p in players]
    return Joined(desk.with_parts(added), players, len(desk.own.parts))


def _unused(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    taken.add(found)
    return found


def textures_of_style(new: Joined, style: str | None) -> Textures:
    """Return texture wishes for the new parts as their roles play in a style."""
    bars, desk = new.desk.bars, new.desk
    norms = norms_of(style or USUAL_STYLE)
    rows = make_textures(
        new.players, [PlannedSection("A", 0, bars)], [USUAL_ENERGY] * bars, norms=norms,
        leaning=Leaning(),
    )  # fmt: skip
    wanted = Textures.open(bars, len(desk.frame.parts))
    for part, row in zip(new.parts, rows, strict=True):
        for bar, wish in enumerate(row):
            if wish.is_empty:
                wanted.density[bar, part] = wanted.polyphony[bar, part] = 0
                continue
            if wish.density is not None:
                wanted.density[bar, part] = density_level(wish.density)
            if wish.polyphony is not None:
                wanted.polyphony[bar, part] = polyphony_level(wish.polyphony)
            if wish.register is not None:
                wanted.register_pitch[bar, part] = wish.register
    return wanted


def textures_of_donor(new: Joined, donor: Desk) -> Textures:
    """Return texture wishes for the new parts as parts of the same role play in a donor piece, its bars cycled.

    Raises InvalidInput when the donor has no part of a role.
    """
    density, polyphony, register = levels(donor)
    wanted = Textures.open(new.desk.bars, len(new.desk.frame.parts))
    used: set[int] = set()
    for part, player in zip(new.parts, new.players, strict=True):
        source = _like_role(donor, player, used)
        used.add(source)
        sounding = np.flatnonzero(density[:, source] > 0)
        first, last = int(sounding[0]), int(sounding[-1])
        for bar in range(new.desk.bars):
            at = first + bar % (last - first + 1)
            wanted.density[bar, part] = density[at, source]
            wanted.polyphony[bar, part] = polyphony[at, source]
            wanted.register_pitch[bar, part] = register[at, source]
    return wanted


def _like_role(donor: Desk, player: Player, used: set[int]) -> int:
    """Return the donor's part for a player: of its role, else another accompanying one, not yet used if possible."""
    roles = [player.role, *(r for r in ("accompaniment", "chords", "inner", "bass") if r != player.role)]
    parts = [
        (roles.index(p.role), i in used, i)
        for i, p in enumerate(donor.frame.parts)
        if p.role in roles and p.is_drums == player.is_drums and len(p.notes)
    ]
    if not parts:
        have = ", ".join(p.role for p in donor.frame.parts)
        raise InvalidInput(
            f"a texture donor must have a part of role {player.role!r} or another accompaniment, got {have}: "
            "choose another donor"
        )
    return min(parts)[2]


def returns_of(desk: Desk) -> IntArray:
    """Return for each bar the earlier bar that it resembles in what is given, (bars,), NOT_TOLD where none is."""
    like = np.full(desk.bars, NOT_TOLD, np.int64)
    found = repeat_of(desk.frame)[: desk.bars]
    like[: found.size] = np.where(found >= 0, found, NOT_TOLD)
    return like


def limits_of(new: Joined) -> tuple[MaxPolyphony, WithinReach]:
    """Return how many notes at once, and how far apart, the parts of a desk with new ones may strike."""
    asked = usual(new.desk, frozenset(), sounding=frozenset())
    voices = list(next(c for c in asked.wishes if isinstance(c, MaxPolyphony)).limits)
    reaches = [0] * len(new.desk.frame.parts)
    for part, player in zip(new.parts, new.players, strict=True):
        instrument = find_instrument(player.instrument)
        most = ROLE_POLYPHONY.get(player.role, instrument.polyphony)
        # Bowed double stops are an effect, not a habit.
        voices[part] = 1 if instrument.polyphony <= 2 else min(instrument.polyphony, most)
        is_hand = instrument.family == "keyboard" and instrument.polyphony > 1
        reaches[part] = ONE_HAND if is_hand else 0
    return MaxPolyphony(tuple(voices)), WithinReach(tuple(reaches))


def cells_of(new: Joined) -> frozenset[Cell]:
    """Return every cell of the new parts."""
    return new.scope.cells(new.desk.frame)
