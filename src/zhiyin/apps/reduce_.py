"""reduce: an ensemble's piece for two hands at a piano.

Conventions: the tune and the bass always; other tones by importance within the span of a hand.
This module gives nobody notes: see `zhiyin.arrange`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.arranging import Arranged, ArrangingRequest, perform_arranging
from zhiyin.apps.base import Progress, silent
from zhiyin.arrange import reduce
from zhiyin.arrange.act import check_span
from zhiyin.arrange.hands import WIDEST


@dataclass(frozen=True, kw_only=True)
class ReduceRequest(ArrangingRequest):
    """Which score; span: semitones that one hand reaches, 8..16."""

    span: int = WIDEST

    def __post_init__(self) -> None:
        check_span(self.span)


def run(request: ReduceRequest, progress: Progress = silent) -> Arranged:
    """Write the reduction. Raises InvalidInput, NotFound, UnreadableFile."""
    return perform_arranging(
        "reduce", request, make=lambda score: reduce(score, widest=request.span), progress=progress
    )
