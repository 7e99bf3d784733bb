"""Laws of the gan's figures: likeness by hand, copies are not distinct, pieces weigh the same."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.gan import by_piece, distinct, likeness, notes_of
from tests.models.test_gan_rolls import phrase
from zhiyin.models.gan_rolls import join_phrases


def test_likeness_is_shared_of_all_notes() -> None:
    """Three of four notes shared, one more each: 3 / 5."""
    one = phrase([(0, 4, 60), (4, 4, 62), (8, 4, 64), (12, 4, 65)])
    other = phrase([(0, 2, 60), (4, 4, 62), (8, 4, 64), (12, 4, 67)])
    assert likeness(notes_of(join_phrases([one, other])))[0, 1] == pytest.approx(3 / 5)


def test_copies_are_not_distinct_and_silence_is_one_phrase() -> None:
    tune, other = phrase([(0, 4, 60), (4, 4, 62)]), phrase([(0, 4, 72), (4, 4, 74)])
    assert distinct(join_phrases([tune, other])) == 1.0
    assert distinct(join_phrases([tune, tune, other, other])) == 0.0
    assert distinct(join_phrases([phrase([]), phrase([]), tune, other])) == 0.5


def test_pieces_weigh_the_same_whatever_they_give() -> None:
    values = np.array([1.0, 0.0, 0.0, 0.0, np.nan])
    assert by_piece(values, np.array([0, 1, 1, 1, 2])).tolist() == [1.0, 0.0]
