"""arrange: any piece for another ensemble.

Conventions: the source is not changed; ensembles by name in English or Chinese, or as a list of instruments.
This module gives nobody notes: see `zhiyin.arrange`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.arranging import Arranged, ArrangingRequest, perform_arranging
from zhiyin.apps.base import Progress, silent
from zhiyin.arrange import arrange, find_ensemble
from zhiyin.arrange.act import check_span
from zhiyin.arrange.hands import WIDEST


@dataclass(frozen=True, kw_only=True)
class ArrangeRequest(ArrangingRequest):
    """Which score for whom; span: semitones that one hand at a keyboard reaches, 8..16."""

    players: str = "string quartet"
    span: int = WIDEST

    def __post_init__(self) -> None:
        find_ensemble(self.players)
        check_span(self.span)


def run(request: ArrangeRequest, progress: Progress = silent) -> Arranged:
    """Write the arrangement. Raises InvalidInput, NotFound, UnreadableFile."""
    ensemble = find_ensemble(request.players)
    return perform_arranging(
        "arrange",
        request,
        make=lambda score: arrange(score, ensemble, widest=request.span),
        progress=progress,
    )
