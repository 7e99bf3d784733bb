"""The Frechet distance against closed forms, and its estimators against scikit-learn's definition by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm

from zhiyin.errors import InvalidInput
from zhiyin.judge.frechet import (
    extrapolated_distance,
    frechet_distance,
    gaussian_distance,
    shrunk_covariance,
)


def test_gaussians_on_a_line_differ_by_mean_and_spread() -> None:
    # (1 - 4)^2 + (2 - 5)^2 for means 1 and 4, standard deviations 2 and 5.
    assert gaussian_distance([1.0], [[4.0]], mean_b=[4.0], covariance_b=[[25.0]]) == pytest.approx(18.0)


def test_gaussians_with_one_covariance_differ_by_their_means_alone() -> None:
    shared = [[2.0, 0.5], [0.5, 1.0]]
    assert gaussian_distance([0, 0], shared, mean_b=[3, 4], covariance_b=shared) == pytest.approx(25.0)


def test_the_trace_term_is_that_of_the_matrix_root_of_scipy() -> None:
    rng = np.random.default_rng(0)
    a, b = (m @ m.T + np.eye(4) for m in rng.normal(size=(2, 4, 4)))
    wanted = np.trace(a + b - 2 * np.real(sqrtm(a @ b)))
    assert gaussian_distance(np.zeros(4), a, mean_b=np.zeros(4), covariance_b=b) == pytest.approx(wanted)


def test_a_set_has_no_distance_from_itself_and_distance_is_mutual() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(50, 6)), rng.normal(size=(80, 6)) + 1
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))


def test_many_samples_find_the_closed_form() -> None:
    rng = np.random.default_rng(2)
    a = rng.normal(size=(20_000, 2))
    b = rng.normal(size=(20_000, 2)) * 2 + [3, 0]
    # 9 for the means, (1 - 2)^2 for each of two axes.
    assert frechet_distance(a, b) == pytest.approx(11.0, abs=0.3)


def test_shrinking_keeps_the_trace_and_lifts_the_smallest_value_above_0() -> None:
    rows = np.random.default_rng(3).normal(size=(5, 20))
    plain = np.cov(rows.T, bias=True)
    shrunk = shrunk_covariance(rows)
    assert np.trace(shrunk) == pytest.approx(np.trace(plain))
    assert np.linalg.eigvalsh(plain)[0] < 1e-9 < 0.05 < np.linalg.eigvalsh(shrunk)[0]


def test_shrinking_is_that_of_scikit_learn() -> None:
    covariance = pytest.importorskip("sklearn.covariance")
    rows = np.random.default_rng(4).normal(size=(30, 8)) @ np.diag(np.arange(1.0, 9.0))
    np.testing.assert_allclose(shrunk_covariance(rows), covariance.ledoit_wolf(rows)[0])


def test_two_draws_of_one_kind_lie_apart_by_chance_and_the_line_to_endless_ones_sees_less() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(2, 400, 10))
    plain = frechet_distance(a[:50], b[:50])
    endless = extrapolated_distance(a, b, sizes=(50, 100, 200, 400))
    assert plain > 0.2
    assert abs(endless) < plain / 3


def test_sets_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"sets must be .* of one width, got \(3, 2\) and \(3, 4\)"):
        frechet_distance(np.zeros((3, 2)), np.zeros((3, 4)))
    with pytest.raises(InvalidInput, match=r"two sizes of 2..5 must be given, got \[4, 9\]"):
        extrapolated_distance(np.zeros((5, 2)), np.zeros((5, 2)), sizes=(4, 9))
