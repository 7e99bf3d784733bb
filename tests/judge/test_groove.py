"""Laws of groove: by hand, neighbours and all pairs.

Conventions: four quarters a bar; 96 places for neighbours, 64 for all pairs.
Does not know: loudness.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.judge.scores import part_of, score_of
from zhiyin.judge import judge
from zhiyin.judge.groove import groove_similarity
from zhiyin.score import MetreMark
from zhiyin.theory.metre import Metre
from zhiyin.units import quarters_to_ticks


def bars_with(*onsets: list[float]) -> list[tuple[float, float, int]]:
    """Return a note of a sixteenth at each onset of each 4/4 bar."""
    return [(4.0 * bar + at, 0.25, 60) for bar, one in enumerate(onsets) for at in one]


def test_neighbours_differ_by_the_places_that_only_one_has() -> None:
    # Bars 1 and 2 share beat 1; beat 2 and beat 3 differ: 2 of 96. Bars 2 and 3 are the same.
    found = judge(score_of(bars_with([0, 1], [0, 2], [0, 2])))
    assert found["groove-neighbours"].value == pytest.approx(1 - (2 / 96 + 0) / 2)


def test_all_pairs_are_compared_at_64_places() -> None:
    # Pairs: (1,2) differ in 2 places, (1,3) in 2, (2,3) in none.
    found = judge(score_of(bars_with([0, 1], [0, 2], [0, 2])))
    assert found["groove"].value == pytest.approx(1 - (2 + 2 + 0) / 3 / 64)
    assert found["groove"].count == 3


def test_drums_and_every_part_make_the_groove() -> None:
    kick = part_of([(0.0, 0.25, 36), (4.5, 0.25, 36)], is_drums=True)
    alone = judge(score_of(kick))["groove"].value
    assert alone == pytest.approx(1 - 2 / 64)


def test_bars_of_another_length_are_not_compared() -> None:
    metres = (MetreMark(0, Metre(4, 4)), MetreMark(quarters_to_ticks(8), Metre(3, 4)))
    rows = [(0.0, 1.0, 60), (4.0, 1.0, 60), (9.0, 1.0, 60)]
    found = judge(score_of(rows, metres=metres))
    assert (found["groove"].value, found["groove"].count) == (1.0, 1)


def test_one_bar_has_no_groove_to_compare() -> None:
    found = judge(score_of([(0.0, 1.0, 60)]))
    assert found["groove"].value is None
    assert found["groove"].why == ("fewer than two bars", "不足两小节")


def test_the_example_of_two_patterns() -> None:
    assert groove_similarity(np.array([1, 0, 1, 0], bool), np.array([1, 0, 0, 0], bool)) == 0.75
