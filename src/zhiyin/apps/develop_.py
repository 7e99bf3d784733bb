"""develop: a section made of a motif — in sequence, mirrored, stretched, cut up, answered — that comes home.

Conventions: the motif is named by its bars and its part; the section stands after the end.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.acting_scope import one_part
from zhiyin.apps.base import Progress, silent
from zhiyin.fill.act import Order
from zhiyin.fill.acts.develop import USUAL, develop
from zhiyin.fill.desk import Desk
from zhiyin.fill.scope import read_bars


@dataclass(frozen=True, kw_only=True)
class DevelopRequest(ActRequest):
    """Where the motif stands (bars from 1), and what is done with it, in order."""

    motif: str = "1-2"
    part: str = "melody"
    by: tuple[str, ...] = USUAL


def run(request: DevelopRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """

    def make(desk: Desk, rng: np.random.Generator) -> Order:
        bars = read_bars(request.motif, count=max(desk.bars, 1))
        return develop(desk, one_part(desk, request.part), bars, by=request.by, style=request.style)

    return act("develop", request, make, progress=progress)
