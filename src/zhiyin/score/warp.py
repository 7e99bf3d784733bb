"""A map between two time axes: the grid that a model reads and the time in which a person played.

Conventions: ticks on both sides; knots rise strictly on both; outside them the nearest slope goes on.
This module finds no beats: see `zhiyin.analysis.beats`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.errors import InvalidInput
from zhiyin.units import FloatArray, IntArray


def _identity_knots() -> IntArray:
    return np.array([0, 1], np.int64)


@dataclass(frozen=True, eq=False)
class Warp:
    """Places on the grid (frame_ticks) and where a person played them (own_ticks).

    Raises InvalidInput unless there are two or more knots and both axes rise strictly.
    >>> warp = Warp(np.array([0, 10080]), np.array([500, 9500]))
    >>> warp.to_own([0, 5040]).tolist(), warp.to_frame([9500]).tolist()
    ([500, 5000], [10080])
    """

    frame_ticks: IntArray = field(default_factory=_identity_knots)
    own_ticks: IntArray = field(default_factory=_identity_knots)

    def __post_init__(self) -> None:
        for name in ("frame_ticks", "own_ticks"):
            knots = np.array(getattr(self, name), np.int64).reshape(-1)
            if knots.size < 2 or np.any(np.diff(knots) <= 0):
                raise InvalidInput(
                    f"{name} must be two or more knots that rise, got {knots[:4].tolist()}: leave out equal ones"
                )
            knots.setflags(write=False)
            object.__setattr__(self, name, knots)
        if self.frame_ticks.size != self.own_ticks.size:
            raise InvalidInput(
                f"both axes must have as many knots, got {self.frame_ticks.size} and {self.own_ticks.size}"
            )

    @property
    def is_identity(self) -> bool:
        """Return whether both axes are one."""
        return bool(np.array_equal(self.frame_ticks, self.own_ticks))

    def to_own(self, ticks: ArrayLike) -> IntArray:
        """Return the performer's ticks for places on the grid, never below 0."""
        return _mapped(np.asarray(ticks, np.int64), self.frame_ticks, self.own_ticks)

    def to_frame(self, ticks: ArrayLike) -> IntArray:
        """Return the places on the grid of the performer's ticks, not yet snapped, never below 0."""
        return _mapped(np.asarray(ticks, np.int64), self.own_ticks, self.frame_ticks)


def _mapped(ticks: IntArray, source: IntArray, target: IntArray) -> IntArray:
    if np.array_equal(source, target):
        return ticks
    index = np.clip(np.searchsorted(source, ticks, side="right") - 1, 0, source.size - 2)
    slope: FloatArray = np.diff(target) / np.diff(source)
    moved = target[index] + (ticks - source[index]) * slope[index]
    result: IntArray = np.maximum(np.rint(moved), 0).astype(np.int64)
    return result
