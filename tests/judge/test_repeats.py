"""Laws of repetition and silence, by hand.

Conventions: four quarters a bar.
Does not know: whether a repeat is welcome.
"""

from __future__ import annotations

import pytest

from tests.judge.scores import part_of, score_of, steady
from zhiyin.judge import judge
from zhiyin.units import quarters_to_ticks

A, B = [60, 62, 64, 65], [67, 65, 64, 62]


def test_two_of_three_bars_repeat_the_first() -> None:
    found = judge(score_of(steady(A + A + A)))
    assert found["bar-repeats"].value == pytest.approx(2 / 3)
    assert found["bar-repeats"].bars == (1, 2)
    assert (found["identical-run"].value, found["identical-run"].bars) == (3.0, (0,))


def test_a_return_is_a_repeat_but_not_a_run() -> None:
    found = judge(score_of(steady(A + B + A)))
    assert found["bar-repeats"].value == pytest.approx(1 / 3)
    assert (found["identical-run"].value, found["identical-run"].bars) == (1.0, ())


def test_a_part_that_changes_makes_another_bar_and_loudness_does_not() -> None:
    bass = part_of([(0.0, 4.0, 36), (4.0, 4.0, 43)])
    assert judge(score_of(steady(A + A), bass))["bar-repeats"].value == 0.0
    score = score_of(steady(A + A))
    louder = score.parts[0].notes.with_columns(velocity=[80] * 4 + [100] * 4)
    assert judge(score.with_parts([score.parts[0].with_notes(louder)]))["bar-repeats"].value == 0.5


def test_the_length_of_a_note_makes_another_bar() -> None:
    assert judge(score_of([(0.0, 1.0, 60), (4.0, 2.0, 60)]))["bar-repeats"].value == 0.0


def test_silent_bars_are_no_repeats_but_empty() -> None:
    found = judge(score_of(steady([60, 62, 64, 65] + [-1] * 8 + B)))
    assert found["bar-repeats"].value == 0.0
    assert (found["empty-bars"].value, found["empty-bars"].bars) == (0.5, (1, 2))
    assert found["empty-beats"].value == 0.5


def test_a_held_note_fills_its_bars() -> None:
    assert judge(score_of([(0.0, 12.0, 60)]))["empty-bars"].value == 0.0


def test_written_rests_at_the_end_are_empty_bars_but_no_beats_of_the_music() -> None:
    found = judge(score_of(steady(A), length_ticks=quarters_to_ticks(8)))
    assert found["empty-bars"].value == 0.5
    assert found["empty-beats"].value == 0.0
