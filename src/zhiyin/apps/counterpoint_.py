"""counterpoint: a second line beside a given one.

Conventions: the line is a new part, below the given one unless told.
This module writes no notes itself: see `zhiyin.fill.acts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.acting_scope import one_part
from zhiyin.apps.base import Progress, silent
from zhiyin.fill.act import Order
from zhiyin.fill.acts.counterpoint import counterpoint
from zhiyin.fill.desk import Desk


@dataclass(frozen=True, kw_only=True)
class CounterpointRequest(ActRequest):
    """Which part the line is set against, who plays it, and whether it lies above."""

    against: str = "melody"
    instrument: str = "violin"
    is_above: bool = False


def run(request: CounterpointRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """

    def make(desk: Desk, rng: np.random.Generator) -> Order:
        return counterpoint(
            desk, against=one_part(desk, request.against), instrument=request.instrument, is_above=request.is_above,
            style=request.style,
        )  # fmt: skip

    return act("counterpoint", request, make, progress=progress)
