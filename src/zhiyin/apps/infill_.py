"""infill: any bars, or a gap inside a bar, of any parts, written anew between what stands around them.

Conventions: bars as `5-8,12`, places as BAR:BEAT, parts by number, name, role or instrument.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.acting_scope import asked_scope
from zhiyin.apps.base import Progress, silent
from zhiyin.fill.act import Order
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.desk import Desk


@dataclass(frozen=True, kw_only=True)
class InfillRequest(ActRequest):
    """Where to write: whole bars, or from one place to another, of the parts named (all unless told)."""

    bars: str = ""
    parts: str = "all"
    start: str = ""
    end: str = ""


def run(request: InfillRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """

    def make(desk: Desk, rng: np.random.Generator) -> Order:
        return infill(
            desk, asked_scope(desk, request.parts, bars=request.bars, start=request.start, end=request.end)
        )

    return act("infill", request, make, progress=progress)
