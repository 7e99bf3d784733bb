"""orchestrate: any piece in orchestral colours.

Conventions: the lead passes from family to family by phrases; loud phrases are doubled; the source is not changed.
This module gives nobody notes: see `zhiyin.arrange`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.arranging import Arranged, ArrangingRequest, perform_arranging
from zhiyin.apps.base import Progress, silent
from zhiyin.arrange import find_ensemble, orchestrate


@dataclass(frozen=True, kw_only=True)
class OrchestrateRequest(ArrangingRequest):
    """Which score, and for which orchestra when not the small one."""

    players: str = "small orchestra"

    def __post_init__(self) -> None:
        find_ensemble(self.players)


def run(request: OrchestrateRequest, progress: Progress = silent) -> Arranged:
    """Write the orchestration. Raises InvalidInput, NotFound, UnreadableFile."""
    ensemble = find_ensemble(request.players)
    return perform_arranging(
        "orchestrate", request, make=lambda score: orchestrate(score, ensemble), progress=progress
    )
