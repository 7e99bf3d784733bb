"""drums: a groove for a piece, or around a rhythm that a person tapped.

Conventions: tap is a score whose attacks are the rhythm, such as a MIDI file of taps on one key.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.families import check_family
from zhiyin.apps.files import read_score
from zhiyin.fill.act import Order
from zhiyin.fill.acts.band_by_book import band_by_book, band_notices, can_play, can_play_style
from zhiyin.fill.acts.drums import drums
from zhiyin.fill.desk import Desk
from zhiyin.fill.request import Take


@dataclass(frozen=True, kw_only=True)
class DrumsRequest(ActRequest):
    """Which kit, the rhythm that was tapped, if any, and who plays: the book, the model, or the book if it can."""

    kit: str = "drums"
    tap: Path | None = None
    family: str = "auto"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_family(self.family, "drums")


def run(request: DrumsRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    tapped = None if request.tap is None else read_score(request.tap).score

    def make(desk: Desk, rng: np.random.Generator) -> Order | Take:
        is_free = tapped is None and not request.wishes and request.kit == "drums"
        is_in_book = is_free and can_play_style(request.style) and can_play(desk)
        if request.family == "rules" or (request.family == "auto" and is_in_book):
            return band_by_book(
                desk, players=("drums",), style=request.style, seed=request.seed, take=int(rng.integers(1000))
            )
        return drums(desk, style=request.style, tapped=tapped, kit=request.kit)

    def tell(desk: Desk, takes: tuple[Take, ...]) -> dict[str, Any]:
        return {"notices": band_notices(takes, request.style)}

    return act("drums", request, make, progress=progress, tell=tell)
