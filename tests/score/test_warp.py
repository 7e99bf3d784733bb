"""Laws of the map between the grid and a person's time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.score import Warp

GAPS = st.lists(st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)), min_size=1, max_size=12)


@given(GAPS, st.integers(0, 300_000))
def test_there_and_back_is_off_by_what_rounding_costs_at_most(gaps: list[tuple[int, int]], tick: int) -> None:
    frame, own = (np.cumsum([0, *(g[i] for g in gaps)]) for i in (0, 1))
    warp = Warp(frame, own)
    slope = max(max(b / a, a / b) for a, b in gaps)
    assert abs(int(warp.to_frame(warp.to_own([tick]))[0]) - tick) <= slope + 1


@given(GAPS)
def test_knots_map_exactly_and_order_is_kept(gaps: list[tuple[int, int]]) -> None:
    frame, own = (np.cumsum([0, *(g[i] for g in gaps)]) for i in (0, 1))
    warp = Warp(frame, own)
    assert warp.to_own(frame).tolist() == own.tolist() and warp.to_frame(own).tolist() == frame.tolist()
    assert np.all(np.diff(warp.to_own(np.arange(0, int(frame[-1]) * 2, 97))) >= 0)


def test_without_knots_both_axes_are_one() -> None:
    assert Warp().is_identity and Warp().to_own([5, 10**9]).tolist() == [5, 10**9]


def test_knots_that_do_not_rise_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"own_ticks must be two or more knots that rise, got \[0, 5, 5\]"):
        Warp(np.array([0, 1, 2]), np.array([0, 5, 5]))
    with pytest.raises(InvalidInput, match="as many knots, got 3 and 2"):
        Warp(np.array([0, 1, 2]), np.array([0, 5]))
