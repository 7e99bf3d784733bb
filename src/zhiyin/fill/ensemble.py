"""Ensembles: several families answer one request and the judges keep one answer, with the reasons.

Conventions: members answer in their order, each with the same seed; a member that cannot keep a hard wish, or cannot
serve the request, drops out and is told of. This module knows no family: see `zhiyin.apps.families`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhiyin.errors import ConstraintsUnmet, InvalidInput
from zhiyin.fill.best_of import judged_best
from zhiyin.fill.request import Take
from zhiyin.models import StepModel, StepState


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Families that each answer, by name; where only a step model is known, the first one stands for all."""

    members: tuple[tuple[str, StepModel], ...]
    name: str = "ensemble"

    @property
    def version(self) -> str:
        """Return the members' versions."""
        return "+".join(model.version for _, model in self.members)

    @property
    def order(self) -> str:
        """Return how the first member lays cells out."""
        return self.members[0][1].order

    @property
    def card(self) -> dict[str, Any]:
        """Return what the members learned from together: pieces of each set, the most that one of them saw."""
        pieces: dict[str, int] = {}
        for _, model in self.members:
            for name, count in getattr(model, "card", {}).get("train_pieces", {}).items():
                pieces[name] = max(pieces.get(name, 0), int(count))
        return {"train_pieces": pieces}

    def start(self) -> StepState:
        """Return an empty sequence of the first member."""
        return self.members[0][1].start()


def best_member(
    members: Sequence[tuple[str, Callable[[], Take]]], *, style: str | None, family: str = "ensemble"
) -> Take:
    """Return the members' best take by the judges, its choice told by family.

    Raises ConstraintsUnmet, or what the last member raised, when none answers.
    """
    takes: dict[int, Take] = {}
    failed: list[ConstraintsUnmet | InvalidInput] = []
    for number, (_, write) in enumerate(members):
        try:
            takes[number] = write()
        except (ConstraintsUnmet, InvalidInput) as error:
            failed.append(error)
    if not takes:
        raise failed[-1]
    names = [name for name, _ in members]
    best = judged_best(takes, count=len(members), style=style, names=names)
    return replace(best, request=replace(best.request, family=family))
