"""accompany: playable parts under a tune, a lead sheet, or anything else that is given.

Conventions: players are new parts; donor is a score whose texture the accompaniment takes over, bar by bar.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import read_score
from zhiyin.fill.acts.accompany import USUAL_PLAYERS, accompany
from zhiyin.fill.desk import lay_out


@dataclass(frozen=True, kw_only=True)
class AccompanyRequest(ActRequest):
    """Who accompanies, and whose texture they play."""

    players: tuple[str, ...] = USUAL_PLAYERS
    donor: Path | None = None


def run(request: AccompanyRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    donor = None if request.donor is None else lay_out(read_score(request.donor).score)
    return act(
        "accompany", request,
        lambda desk, rng: accompany(desk, players=request.players, style=request.style, donor=donor),
        progress=progress,
    )  # fmt: skip
