"""blend: bars between those of several pieces, by weights; the first piece's others play to the new lines.

Conventions: the first piece is the one worked on, its bars from the first whole one on; what is not blended comes back
as it was. This module writes no notes itself: see `zhiyin.fill.acts.between`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiyin.apps.acting import Acted, ActRequest, act
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import named, read_score
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.between import FAMILY, blend
from zhiyin.fill.acts.between_pieces import MOST_BARS, Asked
from zhiyin.fill.desk import Desk, lay_out

MOST_OTHERS = 7


@dataclass(frozen=True, kw_only=True)
class BlendRequest(ActRequest):
    """Which pieces meet and how.

    others: the other pieces; weights: one a piece, the first one's first, equal when empty; strength: how far towards
    the blend; keep: parts of the first piece that stay, as people name them; bars: how many, None for up to 16; the
    others come to the first one's signature unless has_own_keys; is_stretched: bars of another length are drawn out
    or in instead of refused.
    """

    others: tuple[Path, ...] = ()
    weights: tuple[float, ...] = ()
    strength: float = 1.0
    keep: str = ""
    bars: int | None = None
    has_own_keys: bool = False
    is_stretched: bool = False
    family: str = FAMILY

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= len(self.others) <= MOST_OTHERS:
            raise InvalidInput(
                f"a blend needs 1..{MOST_OTHERS} other files, got {len(self.others)}: name the pieces one after another"
            )
        check_bars(self.bars)


def check_bars(bars: int | None) -> None:
    """Raise InvalidInput unless so many bars may meet; None is for as many as may."""
    if bars is not None and not 1 <= bars <= MOST_BARS:
        raise InvalidInput(
            f"bars that meet must be 1..{MOST_BARS}, got {bars}: ask for so many, or leave --bars out"
        )


def run(request: BlendRequest, progress: Progress = silent) -> Acted:
    """Write the act's files; nothing is written unless every take stands.

    Raises InvalidInput, NotFound, UnreadableFile, ConflictingWishes, ConstraintsUnmet.
    """
    others = [read_desk(path) for path in request.others]

    def make(desk: Desk, rng: np.random.Generator) -> Order:
        asked = asked_of(desk, request.keep, request.bars or 0, has_own_keys=request.has_own_keys,
                         is_stretched=request.is_stretched)  # fmt: skip
        return blend((desk, *others), rng, weights=request.weights, strength=request.strength, asked=asked)

    return act("blend", request, make, progress=progress)


def read_desk(path: Path) -> Desk:
    """Return another piece as it is laid out. Raises NotFound, UnreadableFile, InvalidInput."""
    return lay_out(named(read_score(path), path).score)


def asked_of(desk: Desk, keep: str, bars: int, *, has_own_keys: bool, is_stretched: bool) -> Asked:
    """Return how pieces are brought together, from a request's words. Raises InvalidInput for parts not there."""
    kept = frozenset(desk.parts_named(keep)) if keep.strip() else frozenset[int]()
    return Asked(keep=kept, bars=bars, is_transposed=not has_own_keys, is_stretched=is_stretched)
