"""melodise: a tune over given chords, or over any accompaniment.

Conventions: the tune is a new part; chords are the score's, or found in it.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.fill.acts.melodise import melodise


@dataclass(frozen=True, kw_only=True)
class MelodiseRequest(ActRequest):
    """Which instrument gets the tune."""

    instrument: str = "voice"


def run(request: MelodiseRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    return act(
        "melodise",
        request,
        lambda desk, rng: melodise(desk, instrument=request.instrument, style=request.style),
        progress=progress,
    )
