"""Laws of bars as sixteen steps: written by hand, read back, moved, cut."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.encode.bar_steps import (
    HOLD,
    PAD,
    REST,
    Bars,
    cut_bars,
    kit_steps,
    notes_of_line,
    shifted,
    sounding,
)
from zhiyin.errors import InvalidInput

ROW = np.array([60, HOLD, REST, 62, HOLD, HOLD, 64, REST], np.uint8)


def test_a_line_is_read_as_the_notes_that_stand_in_it() -> None:
    bars = cut_bars(ROW, np.array([0, 4, 8]))
    assert notes_of_line(bars) == [(0, 2, 60), (3, 3, 62), (6, 1, 64)]  # the second rings over the bar line
    assert bars.steps[0, 4:].tolist() == [PAD] * 12 and bars.lengths.tolist() == [4, 4]


def test_a_hold_after_a_rest_sounds_nothing() -> None:
    assert notes_of_line(cut_bars(np.array([HOLD, REST, HOLD, 60], np.uint8), np.array([0, 4]))) == [
        (3, 1, 60)
    ]


def test_moving_up_and_down_again_is_nothing_and_leaves_holds() -> None:
    bars = cut_bars(ROW, np.array([0, 8]))
    up = shifted(bars, 5)
    assert up.steps[0, :8].tolist() == [65, HOLD, REST, 67, HOLD, HOLD, 69, REST]
    assert np.array_equal(shifted(up, -5).steps, bars.steps)


def test_what_leaves_the_keys_comes_back_by_octaves() -> None:
    bars = cut_bars(np.array([2, 126], np.uint8), np.array([0, 2]))
    assert shifted(bars, -5).steps[0, 0] == 9  # -3 is an A; the lowest A of all is 9
    assert shifted(bars, 5).steps[0, 1] == 119  # 131 is a B; the highest B of all is 119


def test_what_sounds_is_the_last_beginning_until_a_rest() -> None:
    assert sounding(ROW[None]).tolist() == [[60, 60, REST, 62, 62, 62, 64, REST]]


def test_drum_keys_fall_into_nine_classes_and_others_are_left_out() -> None:
    strike = np.zeros((2, 128), bool)
    strike[0, [35, 42, 49]] = True  # kick, closed hat, crash
    strike[1, [81, 38]] = True  # a triangle, of no class, and the snare
    assert [np.flatnonzero(row).tolist() for row in kit_steps(strike)] == [[0, 2, 7], [1]]


def test_a_bar_of_more_than_sixteen_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"1\.\.16 sixteenths, got \[18\]: choose bars"):
        Bars(np.full((1, 16), PAD, np.uint8), np.array([18]))
