"""reply: an answer of a part to its own last phrase.

Conventions: the answer stands after the end, as long as the phrase unless told.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.acting_scope import one_part
from zhiyin.apps.base import Progress, silent
from zhiyin.fill.acts.grow import reply


@dataclass(frozen=True, kw_only=True)
class ReplyRequest(ActRequest):
    """Which part answers, and in how many bars (None: as long as its last phrase)."""

    part: str = "melody"
    bars: int | None = None


def run(request: ReplyRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    return act(
        "reply", request,
        lambda desk, rng: reply(desk, one_part(desk, request.part), bars=request.bars, style=request.style),
        progress=progress,
    )  # fmt: skip
