"""Teams: a family that proposes some rows, and a step model that writes the others.

Conventions: a team passes for a step model wherever only those are known: it then is its helper. Who wrote which row is
told by the origins of the notes. This module does not write: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from zhiyin.encode.context import Context
from zhiyin.encode.fields import PROGRAM_DRUMS
from zhiyin.errors import InvalidInput
from zhiyin.fill.request import Request
from zhiyin.models import StepModel, StepState
from zhiyin.models.proposal import Proposer
from zhiyin.score import CHORD_ROW, ROLES, Origin
from zhiyin.units import IntArray

Writer: TypeAlias = StepModel | Proposer


@dataclass(frozen=True, eq=False)
class Team:
    """A leader that proposes, and a helper for the rows it does not serve and for chords."""

    leader: Proposer
    helper: StepModel

    @property
    def name(self) -> str:
        """Return the leader's name."""
        return self.leader.name

    @property
    def version(self) -> str:
        """Return the leader's version."""
        return self.leader.version

    @property
    def order(self) -> str:
        """Return how the helper's cells are laid out."""
        return self.helper.order

    @property
    def card(self) -> dict[str, Any]:
        """Return what both learned from: pieces of each set, the most that one of them saw."""
        cards = [getattr(one, "card", {}) for one in (self.leader, self.helper)]
        pieces: dict[str, int] = {}
        for card in cards:
            for name, count in card.get("train_pieces", {}).items():
                pieces[name] = max(pieces.get(name, 0), int(count))
        return {**cards[0], "train_pieces": pieces}

    def start(self) -> StepState:
        """Return an empty sequence of the helper."""
        return self.helper.start()


class Unserved(InvalidInput):
    """A team's leader writes nothing of what is asked. family: its name; roles: those it writes; asked: in words."""

    def __init__(self, message: str, *, family: str, roles: tuple[str, ...], asked: str) -> None:
        super().__init__(message)
        self.family, self.roles, self.asked = family, roles, asked


def team_of(leader: Proposer, model: StepModel) -> Team:
    """Return the team of a leader and a step model; of a team its helper, for a team has one leader."""
    return Team(leader, model.helper if isinstance(model, Team) else model)


def casts(model: StepModel, context: Context, rows: IntArray) -> list[tuple[IntArray, Writer]]:
    """Return who writes which of some rows, in turn: the helper's chord row, the leader's rows, the helper's others."""
    if not isinstance(model, Team):
        return [(rows, model)]
    leader = model.leader
    serves_row = getattr(leader, "serves_row", lambda row: True)
    led = np.array(
        [
            bool(r) and serves_row(r) and leader.serves(int(context.role[r]), int(context.program[r]))
            for r in rows.tolist()
        ],
        bool,
    )
    found: list[tuple[IntArray, Writer]] = [
        (rows[rows == 0], model.helper), (rows[led], leader), (rows[~led & (rows > 0)], model.helper)
    ]  # fmt: skip
    return [(some, writer) for some, writer in found if some.size]


def origin_by(origin: Origin, model: StepModel, writer: Writer) -> Origin:
    """Return the origin of what a member of a team wrote, from that of the team's leader."""
    if writer is model or writer.name == origin.name:
        return origin
    rest = origin.detail.partition(" ")[2]
    return Origin(origin.kind, writer.name, f"{writer.version} {rest}")


def refuse_unserved(model: StepModel, request: Request) -> None:
    """Raise Unserved where a team's leader has nothing to write: the helper alone would answer in its name."""
    if not isinstance(model, Team):
        return
    serves_row = getattr(model.leader, "serves_row", lambda row: True)
    asked = sorted({cell.part for cell in request.write} - {CHORD_ROW})
    parts = request.score.parts
    for index in asked:
        program = PROGRAM_DRUMS if parts[index].is_drums else parts[index].program
        if serves_row(index + 1) and model.leader.serves(ROLES.index(parts[index].role), program):
            return
    roles = ", ".join(dict.fromkeys(parts[i].role for i in asked)) or "chords"
    raise Unserved(
        f"family {model.leader.name!r} does not write what is asked, got parts of role {roles}: "
        "use --family transformer, or see  zhiyin families",
        family=model.leader.name,
        roles=tuple(role for role in ROLES if _serves(model.leader, role)),
        asked=roles,
    )


def _serves(leader: Proposer, role: str) -> bool:
    """Return whether a leader writes a role, played by a piano or a kit."""
    return leader.serves(ROLES.index(role), PROGRAM_DRUMS if role == "drums" else 0)
