"""Laws of finding again: ranks by hand, no credit for literal repeats, ties count against."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import Excerpt
from zhiyin.listen.retrieval import cosines, find_pieces, find_selves, rank_of, shape_numbers


def tune(*pitches: int) -> Excerpt:
    """Return a tune of quarters in 4/4 with a held bass part of one note."""
    n = len(pitches)
    onset = np.append(np.arange(n) * 24, 0)
    return Excerpt(
        onset, np.append(np.full(n, 24), 24 * n), np.array([*pitches, 36]), np.append(np.ones(n, np.int64), 0),
        np.zeros(n + 1, bool), (4, 4), 96,
    )  # fmt: skip


def test_the_rank_is_that_of_the_nearest_right_answer() -> None:
    near = np.array([[0.1, 0.2, 0.3, 0.4], [0.9, 0.1, 0.8, 0.2], [0.5, 0.6, 0.7, 0.8]])
    right = np.array([[1, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]], bool)
    found = rank_of(near, is_right=right)
    assert found.queries == 2  # the third has nothing to find
    assert (found.first, found.ten) == (0.5, 1.0)
    assert found.mean_reciprocal == pytest.approx((1 / 2 + 1) / 2)


def test_an_encoder_that_says_the_same_of_everything_finds_nothing() -> None:
    right = np.eye(4, dtype=bool)[[1, 0, 3, 2]]
    found = rank_of(np.ones((4, 4)), is_right=right)
    assert found.first == 0.0
    assert found.mean_reciprocal == 0.25  # a tie with three wrong answers is rank four


def test_a_literal_repeat_is_neither_a_right_nor_a_wrong_answer() -> None:
    near = np.array([[1.0, 0.9, 0.2, 0.5], [0.9, 1.0, 0.2, 0.5], [0.2, 0.2, 1.0, 0.1], [0.5, 0.5, 0.1, 1.0]])
    piece, shape = np.array([0, 0, 0, 1]), np.array([7, 7, 8, 9])
    found = find_pieces(near, piece=piece, shape=shape)
    assert found.queries == 3
    # Windows 0 and 1 repeat one another: they must find 2, which lies behind 3. Window 2 finds either of them first.
    assert found.mean_reciprocal == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)
    assert find_selves(near, shape=shape).first == 1.0


def test_shapes_are_equal_under_transposition_and_order_of_parts_only() -> None:
    here = tune(60, 62, 64, 67)
    swapped = replace(here, part=1 - here.part)
    up = replace(here, pitch=here.pitch + 3)
    other, longer = tune(60, 62, 64, 65), replace(here, duration=here.duration + 1)
    assert shape_numbers([here, up, swapped, other, longer]).tolist() == [0, 0, 0, 1, 2]


def test_cosines_ignore_length() -> None:
    a = np.array([[2.0, 0.0]], np.float32)
    b = np.array([[5.0, 0.0], [0.0, 1.0], [-1.0, 0.0]], np.float32)
    assert np.allclose(cosines(a, b), [[1, 0, -1]])


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"got \(1, 2\) and \(1, 3\): embed both alike"):
        cosines(np.ones((1, 2), np.float32), np.ones((1, 3), np.float32))
    with pytest.raises(InvalidInput, match="no query has anything to find"):
        rank_of(np.ones((2, 2)), is_right=np.zeros((2, 2), bool))
