"""drums: a groove for a piece, or around a rhythm that a person tapped.

Conventions: tap is a score whose attacks are the rhythm, such as a MIDI file of taps on one key.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import read_score
from zhiyin.fill.acts.drums import drums


@dataclass(frozen=True, kw_only=True)
class DrumsRequest(ActRequest):
    """Which kit, and the rhythm that was tapped, if any."""

    kit: str = "drums"
    tap: Path | None = None


def run(request: DrumsRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    tapped = None if request.tap is None else read_score(request.tap).score
    return act(
        "drums",
        request,
        lambda desk, rng: drums(desk, style=request.style, tapped=tapped, kit=request.kit),
        progress=progress,
    )
