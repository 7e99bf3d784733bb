"""Finding again: whether a window's vector lies nearest to other windows of its own piece.

Conventions: nearness is the cosine; a query is never its own answer, nor is a literal repeat of it, in any key.
This module does not know where vectors come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import Excerpt
from zhiyin.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Found:
    """How well queries found what they should.

    queries: with something to find; first: share whose nearest is right; ten: with a right one among ten nearest;
    mean_reciprocal: mean of 1 / rank of the nearest right one.
    """

    queries: int
    first: float
    ten: float
    mean_reciprocal: float


def shape_of(excerpt: Excerpt) -> bytes:
    """Return the same bytes for windows that are equal but for transposition and the order of parts."""
    rows = np.stack([excerpt.onset, excerpt.pitch, excerpt.duration, excerpt.is_drums])
    rows = rows[:, np.lexsort(rows[::-1])]
    pitched = rows[3] == 0
    rows[1] -= np.where(pitched, rows[1][pitched].min(initial=127), 0)
    return rows.astype(np.int64).tobytes()


def shape_numbers(excerpts: Sequence[Excerpt]) -> IntArray:
    """Return a number for each window, equal for literal repeats."""
    numbers: dict[bytes, int] = {}
    return np.array([numbers.setdefault(shape_of(e), len(numbers)) for e in excerpts], np.int64)


def cosines(a: NDArray[np.float32], b: NDArray[np.float32]) -> FloatArray:
    """Return (a, b) cosines between two sets of vectors."""
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise InvalidInput(
            f"vectors must be (n, width) of one width, got {a.shape} and {b.shape}: embed both alike"
        )
    unit = [x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12) for x in (a, b)]
    found: FloatArray = (unit[0] @ unit[1].T).astype(np.float64)
    return found


def find_pieces(near: FloatArray, *, piece: IntArray, shape: IntArray) -> Found:
    """Return how well each query finds another window of its piece; near: (windows, windows), row a query."""
    alike = shape[:, None] == shape[None, :]
    return rank_of(np.where(alike, -np.inf, near), is_right=(piece[:, None] == piece[None, :]) & ~alike)


def find_selves(near: FloatArray, *, shape: IntArray) -> Found:
    """Return how well each query finds its own original, or a literal repeat of it."""
    return rank_of(near, is_right=shape[:, None] == shape[None, :])


def rank_of(near: FloatArray, *, is_right: BoolArray) -> Found:
    """Return the scores of queries with something right to find; a wrong answer as near as the right one counts first.

    >>> near = np.array([[0.9, 0.5, 0.1], [0.2, 0.8, 0.3]])
    >>> rank_of(near, is_right=np.array([[True, False, False], [False, False, True]])).mean_reciprocal
    0.75
    """
    asked = is_right.any(axis=1)
    if not asked.any():
        raise InvalidInput("no query has anything to find, got only pieces of one window: draw more windows")
    best = np.where(is_right, near, -np.inf)[asked].max(axis=1)
    rank = 1 + ((near[asked] >= best[:, None]) & ~is_right[asked]).sum(axis=1)
    return Found(
        int(asked.sum()), float(np.mean(rank == 1)), float(np.mean(rank <= 10)), float(np.mean(1 / rank))
    )
