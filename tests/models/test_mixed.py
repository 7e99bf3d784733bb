"""Laws of mixes: a model mixed with itself is itself; weights count; other orders are refused."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.apps.model import open_model
from zhiyin.errors import InvalidInput
from zhiyin.models.mixed import MixedModel, mixed


def test_equal_members_give_what_one_gives() -> None:
    one = np.log(np.array([0.5, 0.3, 0.2]))
    assert np.allclose(mixed([one, one], [0.4, 0.6]), one)


def test_weights_are_exponents_of_a_product() -> None:
    a, b = np.log(np.array([0.9, 0.1])), np.log(np.array([0.5, 0.5]))
    odds = np.array([0.9**0.25 * 0.5**0.75, 0.1**0.25 * 0.5**0.75])
    assert np.allclose(np.exp(mixed([a, b], [0.25, 0.75])), odds / odds.sum())


def test_what_one_forbids_stays_finite() -> None:
    assert np.isfinite(mixed([np.log(np.array([1.0, 1e-300])), np.array([-np.inf, 0.0])], [0.5, 0.5])).all()


def test_a_mix_needs_members_with_positive_weights_in_one_order() -> None:
    model = open_model()
    with pytest.raises(InvalidInput, match=r"got 1 members"):
        MixedModel([model])
    with pytest.raises(InvalidInput, match=r"weights \[1.0, 0.0\]"):
        MixedModel([model, model], [1.0, 0.0])

    class Other:
        name, version, order = "other", "1", "bar"

        def start(self) -> object:
            raise AssertionError

    with pytest.raises(InvalidInput, match="one order, got bar, part"):
        MixedModel([model, Other()])  # type: ignore[list-item]
