"""vary: bars played again otherwise, by a distance from 0 (as they are) to 1 (new), or in one aspect.

Conventions: bars as `5-8,12`; aspect one of all, rhythm, pitch, ornament, harmony.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.acting_scope import asked_scope
from zhiyin.apps.base import Progress, silent
from zhiyin.fill.act import Order
from zhiyin.fill.acts.between import FAMILY, vary_by_latent
from zhiyin.fill.acts.vary import vary
from zhiyin.fill.desk import Desk
from zhiyin.fill.request import Take


@dataclass(frozen=True, kw_only=True)
class VaryRequest(ActRequest):
    """Which bars of which parts, how far from what they are, and in what respect.

    The family `vae` measures the distance in its space of latents where all may change.
    """

    bars: str = ""
    parts: str = "all"
    distance: float = 0.5
    aspect: str = "all"


def run(request: VaryRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """

    def make(desk: Desk, rng: np.random.Generator) -> Order | Take:
        scope = asked_scope(desk, request.parts, bars=request.bars)
        if request.family == FAMILY and request.aspect == "all":
            return vary_by_latent(desk, scope, rng, distance=request.distance)
        return vary(desk, scope, rng, distance=request.distance, aspect=request.aspect)

    return act("vary", request, make, progress=progress)
