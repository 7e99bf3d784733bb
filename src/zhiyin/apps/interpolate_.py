"""interpolate: a piece that goes from one to another in steps, the same bars again and again, each time nearer.

Conventions: the first step is the first piece as it is, the last has the other's lines; sections are named 1/7, 2/7 ...
This module writes no notes itself: see `zhiyin.fill.acts.between`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.blend_ import asked_of, check_bars, read_desk
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.between import FAMILY, USUAL_STEP_BARS, interpolate
from zhiyin.fill.desk import Desk


@dataclass(frozen=True, kw_only=True)
class InterpolateRequest(ActRequest):
    """Where the way leads and in how many steps; keep, bars and keys as in a blend.

    others: the other piece, one; bars: of a step.
    """

    others: tuple[Path, ...] = ()
    steps: int = 7
    keep: str = ""
    bars: int = USUAL_STEP_BARS
    has_own_keys: bool = False
    is_stretched: bool = False
    family: str = FAMILY

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.others) != 1:
            raise InvalidInput(f"a way leads to one other file, got {len(self.others)}: name two pieces")
        check_bars(self.bars)


def run(request: InterpolateRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    other = read_desk(request.others[0])

    def make(desk: Desk, rng: np.random.Generator) -> Order:
        asked = asked_of(desk, request.keep, request.bars, has_own_keys=request.has_own_keys,
                         is_stretched=request.is_stretched)  # fmt: skip
        return interpolate((desk, other), rng, steps=request.steps, asked=asked)

    return act("interpolate", request, make, progress=progress)
