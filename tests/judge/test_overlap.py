"""Laws of the overlapped area: by SciPy's kernel densities, by formula, and at its ends.

Conventions: areas run from 0 to 1.
Does not know: judges.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gaussian_kde

from tests.judge.scores import score_of, steady
from zhiyin.errors import InvalidInput
from zhiyin.judge import judge
from zhiyin.judge.overlap import overlapped_area, overlaps, values_of


def test_it_is_the_integral_of_the_smaller_density_of_scipy() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(0, 1, 30), rng.normal(1, 2, 20)
    one, two = gaussian_kde(a), gaussian_kde(b)
    expected = quad(lambda x: min(one(x)[0], two(x)[0]), -15, 15, limit=400)[0]
    assert overlapped_area(a.tolist(), b.tolist()) == pytest.approx(expected, abs=1e-3)


def test_many_normal_values_reach_the_overlap_of_the_normals() -> None:
    rng = np.random.default_rng(1)
    expected = NormalDist(0, 1).overlap(NormalDist(1, 1))
    area = overlapped_area(rng.normal(0, 1, 4000).tolist(), rng.normal(1, 1, 4000).tolist())
    assert area == pytest.approx(expected, abs=0.03)


def test_the_same_values_overlap_wholly_and_far_ones_not_at_all() -> None:
    values = [1.0, 2.0, 4.0, 7.0]
    assert overlapped_area(values, values) == pytest.approx(1.0, abs=1e-4)
    assert overlapped_area(values, [v + 1000 for v in values]) == pytest.approx(0.0, abs=1e-4)
    assert overlapped_area([3.0] * 3, [3.0] * 5) == 1.0
    assert overlapped_area([0.0] * 5, [1.0] * 5) < 0.01


def test_order_scale_and_place_change_nothing() -> None:
    a, b = [1.0, 2.0, 4.0, 4.5], [2.0, 3.0, 3.5, 9.0]
    area = overlapped_area(a, b)
    assert overlapped_area(b, a[::-1]) == pytest.approx(area, abs=1e-9)
    assert overlapped_area([10 * v - 3 for v in a], [10 * v - 3 for v in b]) == pytest.approx(area, abs=1e-4)


@pytest.mark.parametrize(
    ("a", "b"), [([1.0, 2.0], [1.0, 2.0, 3.0]), ([1.0, 2.0, float("nan")], [1.0, 2.0, 3.0])]
)
def test_too_few_values_or_nan_are_refused(a: list[float], b: list[float]) -> None:
    with pytest.raises(InvalidInput, match="both sets must hold 3 finite values or more, got"):
        overlapped_area(a, b)


def test_judges_without_three_values_on_both_sides_are_left_out() -> None:
    pieces = [judge(score_of(steady([60 + i, 64, 67, 72]))) for i in range(3)]
    found = overlaps(pieces, pieces)
    assert found["entropy"] == pytest.approx(1.0, abs=1e-4)
    assert "groove" not in found  # one bar has none
    assert values_of("groove", pieces) == []
    assert overlaps([], pieces) == {}
