"""Laws of guidance: at one it is the model, at zero it is not told, a state like any other in between."""

from __future__ import annotations

from copy import copy

import numpy as np
import pytest

from tests.fill.band import untrained
from tests.models.test_runtime import waltz_sequence
from zhiyin.encode.fields import FIELD_INDEX, UNKNOWN
from zhiyin.fill.guidance import GuidedState, mixed, start_state
from zhiyin.models import FillRuntime, FillState, StepState, Under

UNDER = Under(2, 2, 1)


class Bare:
    """A model that is only a step model: it has no lanes."""

    name, version, order = "bare", "1", "bar"

    def start(self) -> StepState:
        return untrained().start()


def answers(state: StepState) -> list[np.ndarray]:
    """Return what a state answers after the little waltz."""
    waltz = waltz_sequence()
    state.feed(waltz.fields, waltz.time)
    return [np.exp(p) for p in (state.onset(), state.value(24, UNDER), state.duration(62), state.extra(24))]


def untold() -> list[np.ndarray]:
    """Return what a plain state answers that is told neither style nor mood."""
    waltz, state = waltz_sequence(), untrained().start()
    fields = waltz.fields.copy()
    for name in ("style", "mood"):
        fields[:, FIELD_INDEX[name]] = UNKNOWN[name]
    state.feed(fields, waltz.time)
    return [np.exp(p) for p in (state.onset(), state.value(24, UNDER), state.duration(62), state.extra(24))]


def test_mixing_by_hand() -> None:
    # 0.5 * (0.8 / 0.5)^3 : 0.5 * (0.2 / 0.5)^3 = 4.096 : 0.064
    np.testing.assert_allclose(
        np.exp(mixed(np.log([[0.8, 0.2], [0.5, 0.5]]), 3.0)), [4.096 / 4.16, 0.064 / 4.16]
    )


def test_a_scale_of_one_is_the_plain_model() -> None:
    assert type(start_state(untrained(), 1.0)) is FillState


def test_a_scale_of_zero_is_not_told() -> None:
    for found, wanted in zip(answers(start_state(untrained(), 0.0)), untold(), strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_lanes_and_two_states_answer_alike_and_sum_to_one(scale: float) -> None:
    shared, apart = start_state(untrained(), scale), start_state(Bare(), scale)
    assert isinstance(shared, GuidedState) and isinstance(apart, GuidedState)
    for found, wanted in zip(answers(shared), answers(apart), strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-5)
        assert found.sum() == pytest.approx(1.0)


def test_a_larger_scale_moves_further_from_the_untold() -> None:
    nothing, told, more = (
        untold()[0],
        answers(untrained().start())[0],
        answers(start_state(untrained(), 2.0))[0],
    )
    assert np.abs(more - nothing).sum() > np.abs(told - nothing).sum()


def test_guided_states_rewind() -> None:
    waltz, state = waltz_sequence(), start_state(Bare(), 2.0)
    state.feed(waltz.fields[:30], waltz.time[:30])
    before, mark = state.onset(), state.mark()
    state.feed(waltz.fields[30:50], waltz.time[30:50])
    state.rewind(mark)
    assert np.array_equal(before, state.onset())


def test_a_layout_with_states_of_its_own_is_read_by_them() -> None:
    class OtherLayout(FillRuntime):
        """Reads events in a way of its own."""

    model = copy(untrained())
    model.__class__ = OtherLayout
    for found, wanted in zip(
        answers(start_state(model, 2.0)), answers(start_state(Bare(), 2.0)), strict=True
    ):
        np.testing.assert_array_equal(found, wanted)
