"""Laws of the benchmark of nearest pieces: halves by hand, a space that tells nothing finds nothing, what is shared."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks.pieces_alike import halves, halves_rows, shared_rows
from benchmarks.runner import Context
from zhiyin.listen.piece_index import PieceIndex

AXES = np.eye(2, dtype=np.float32)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return Context(tmp_path, "pieces_alike", "c0ffee", "a desk", lambda: datetime(2026, 1, 2, tzinfo=UTC))


def test_halves_are_means_of_pieces_with_four_windows_or_more() -> None:
    long = np.array([[1, 0], [3, 0], [0, 1], [0, 1], [0, 4]], np.float32)
    first, second = halves([long, long[:3]])
    np.testing.assert_allclose(first, [[2, 0]])
    np.testing.assert_allclose(second, [[0, 2]])


def test_a_space_that_tells_pieces_apart_finds_every_half_and_one_that_does_not_finds_none(
    ctx: Context,
) -> None:
    apart, alike = AXES, np.ones((2, 2), np.float32)
    assert [row.value for row in halves_rows(ctx, "apart", (apart, apart))] == [1.0, 1.0]
    assert [row.value for row in halves_rows(ctx, "alike", (alike, alike))] == [0.0, 0.5]


def test_what_is_shared_is_asked_of_composers_that_the_index_knows(ctx: Context) -> None:
    index = PieceIndex(
        np.zeros(2, np.float32), AXES, AXES, ("folk", "hymn"), ("A", "B"), ("Anna", "Bela"), ("s", "t")
    )
    vectors = [AXES[:1], AXES[1:], AXES[1:]]
    told = {
        "style": np.array(["folk", "folk", "hymn"]),
        "composer": np.array(["Anna", "Cid", "Anna"]),
        "set": np.array(["s", "t", "t"]),
    }
    rows = shared_rows(ctx, index, vectors, told=told)
    assert [(row.value, row.n) for row in rows] == [(pytest.approx(2 / 3), 3), (0.5, 2), (1.0, 3)]
