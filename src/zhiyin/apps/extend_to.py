"""extend-to: a score brought to exactly so many bars or seconds, with an ending.

Conventions: one of bars and seconds is given; the person's bars stay as they are.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.fill.acts.grow import extend_to


@dataclass(frozen=True, kw_only=True)
class ExtendToRequest(ActRequest):
    """The length to reach, in bars or in seconds."""

    bars: int | None = None
    seconds: float | None = None


def run(request: ExtendToRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    return act(
        "extend-to", request,
        lambda desk, rng: extend_to(desk, bars=request.bars, seconds=request.seconds, style=request.style),
        progress=progress,
    )  # fmt: skip
