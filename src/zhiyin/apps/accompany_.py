"""accompany: playable parts under a tune, a lead sheet, or anything else that is given.

Conventions: players are new parts; donor is a score whose texture the accompaniment takes over, bar by bar.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.families import FAMILIES, Family
from zhiyin.apps.files import read_score
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.accompany import USUAL_PLAYERS, accompany
from zhiyin.fill.acts.band_by_book import band_by_book, band_notices
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.request import Take
from zhiyin.fill.team import Unserved


@dataclass(frozen=True, kw_only=True)
class AccompanyRequest(ActRequest):
    """Who accompanies, a piano or the book's own band where nobody is named, and whose texture they play."""

    players: tuple[str, ...] = ()
    donor: Path | None = None


def run(request: AccompanyRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    donor = None if request.donor is None else lay_out(read_score(request.donor).score)

    def make(desk: Desk, rng: np.random.Generator) -> Order | Take:
        if request.family == "rules":
            if donor is not None:
                raise InvalidInput(
                    f"the style book plays its own textures, got the donor {str(request.donor)!r}: "
                    "leave it out or use --family transformer"
                )
            return band_by_book(
                desk,
                players=request.players,
                style=request.style,
                seed=request.seed,
                take=int(rng.integers(1000)),
            )
        return accompany(desk, players=request.players or USUAL_PLAYERS, style=request.style, donor=donor)

    def tell(desk: Desk, takes: tuple[Take, ...]) -> dict[str, Any]:
        return {"notices": band_notices(takes, request.style)}

    try:
        return act("accompany", request, make, progress=progress, tell=tell)
    except Unserved as error:
        others = ", ".join(
            name for name, one in FAMILIES.items() if name != request.family and is_any_player(one)
        )
        own = [role for role in ("bass", "drums") if role in error.roles]
        asked = f"ask for --players {' or '.join(own)}, or " if own else ""
        raise InvalidInput(
            f"family {error.family!r} writes {', '.join(error.roles)}, got players of role {error.asked}: "
            f"{asked}use --family {others}"
        ) from error


def is_any_player(family: Family) -> bool:
    """Return whether a family accompanies by a piano, who plays where nobody is named."""
    return "accompany" in family.acts and family is not FAMILIES["vae"]
