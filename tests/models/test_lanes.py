"""Laws of lanes: each answers as a sequence of its own would, however it is fed and rewound."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fill.band import untrained
from tests.models.test_runtime import waltz_sequence
from zhiyin.encode.fields import FIELD_INDEX, UNKNOWN
from zhiyin.errors import InvalidInput
from zhiyin.models import Under
from zhiyin.models.lanes import FillLanes, times

UNDER = Under(2, 2, 1)


def two_lanes() -> tuple[np.ndarray, np.ndarray]:
    """Return the little waltz told and not told its style, (2, events, F), and its times."""
    told = waltz_sequence()
    untold = told.fields.copy()
    untold[:, FIELD_INDEX["style"]] = UNKNOWN["style"]
    return np.stack((told.fields, untold)), told.time


@pytest.mark.parametrize("cuts", [(), (5,), (1, 2, 3, 40)])
def test_each_lane_answers_as_a_state_of_its_own(cuts: tuple[int, ...]) -> None:
    fields, time = two_lanes()
    lanes, own = FillLanes(untrained(), 2), [untrained().start(), untrained().start()]
    for first, last in zip((0, *cuts), (*cuts, len(time)), strict=True):
        lanes.feed(fields[:, first:last], time[first:last])
    for state, lane in zip(own, fields, strict=True):
        state.feed(lane, time)
    asked = (
        (lanes.onset(), [s.onset() for s in own]),
        (lanes.value(24, UNDER), [s.value(24, UNDER) for s in own]),
        (lanes.duration(62), [s.duration(62) for s in own]),
        (lanes.extra(24), [s.extra(24) for s in own]),
    )
    for found, wanted in asked:
        np.testing.assert_allclose(found, np.stack(wanted), atol=2e-4)
    assert np.abs(asked[0][0][0] - asked[0][0][1]).max() > 1e-3  # the lanes are not one


def test_a_rewound_lane_forgets() -> None:
    fields, time = two_lanes()
    lanes = FillLanes(untrained(), 2)
    lanes.feed(fields[:, :30], time[:30])
    before, mark = lanes.onset(), lanes.mark()
    lanes.feed(fields[:, 30:60], time[30:60])
    lanes.rewind(mark)
    assert mark == 30 and np.array_equal(before, lanes.onset())


def test_lanes_outgrow_their_first_room() -> None:
    fields, time = two_lanes()
    times_over = 1500 // len(time) + 1
    lanes, state = FillLanes(untrained(), 2), untrained().start()
    for _ in range(times_over):
        lanes.feed(fields, time)
        state.feed(fields[0], time)
    assert lanes.mark() > 1024
    np.testing.assert_allclose(lanes.onset()[0], state.onset(), atol=2e-4)


def test_an_empty_lane_cannot_be_asked() -> None:
    with pytest.raises(InvalidInput, match="lanes must hold 1 event or more before they are asked, got 0"):
        FillLanes(untrained(), 2).onset()


@pytest.mark.parametrize(("rows", "width"), [(2, 64), (2, 640), (9, 640)])
def test_products_of_few_rows_are_products(rows: int, width: int) -> None:
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(rows, 600)).astype("f"), rng.normal(size=(600, width)).astype("f")
    np.testing.assert_allclose(times(x, weight), x.astype("d") @ weight.astype("d"), rtol=1e-3, atol=1e-3)
