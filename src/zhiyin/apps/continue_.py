"""continue: a score written on after its last bar.

Conventions: the person's notes come back untouched; the new bars follow the last bar that sounds.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.grow import MAX_NEW_BARS, continue_


@dataclass(frozen=True, kw_only=True)
class ContinueRequest(ActRequest):
    """By how many bars to go on."""

    bars: int = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.bars <= MAX_NEW_BARS:
            raise InvalidInput(f"bars to add must be 1..{MAX_NEW_BARS}, got {self.bars}: ask for fewer")


def run(request: ContinueRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    return act(
        "continue",
        request,
        lambda desk, rng: continue_(desk, request.bars, style=request.style),
        progress=progress,
    )
