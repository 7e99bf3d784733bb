"""Laws of pattern strings, with places counted by hand."""

from __future__ import annotations

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.stylebook.grid import Stroke, beats_of, parse_pattern, place
from zhiyin.theory.metre import Metre

QUARTER = 10_080


def test_a_dash_holds_the_note_before_it_even_over_the_bar_line() -> None:
    first, second = parse_pattern("R-5-|--O.")
    assert first == (Stroke(0.0, 2.0, "R"), Stroke(2.0, 4.0, "5"))
    assert second == (Stroke(2.0, 1.0, "O"),)


def test_a_sixteenth_grid_and_a_triplet_grid_share_their_quarters() -> None:
    assert [s.start for s in parse_pattern("x...x...x...x...")[0]] == [0, 1, 2, 3]
    assert [s.start for s in parse_pattern("x..x..x..x..")[0]] == [0, 1, 2, 3]


def test_in_three_four_the_third_beat_is_left_out_so_that_the_backbeat_stays() -> None:
    strokes = parse_pattern("k...s...k...s...")[0]
    assert place(strokes, Metre(3, 4)) == [(0, 2520, "k"), (QUARTER, 2520, "s"), (2 * QUARTER, 2520, "s")]


def test_in_six_eight_straight_eighths_become_a_shuffle_of_the_dotted_beat() -> None:
    onsets = [on for on, _, _ in place(parse_pattern("x.x.x.x.x.x.x.x.")[0], Metre(6, 8))]
    assert onsets == [0, QUARTER, 15_120, 15_120 + QUARTER]


def test_what_fills_a_bar_of_four_fills_every_bar() -> None:
    for metre in (Metre(2, 4), Metre(3, 4), Metre(5, 4), Metre(6, 8), Metre(12, 8), Metre(7, 8)):
        assert place(parse_pattern("x---------------")[0], metre) == [(0, metre.bar_ticks, "x")]


def test_bars_of_a_wrong_length_are_refused_by_number() -> None:
    with pytest.raises(InvalidInput, match=r"bar 2 of a pattern must have 4, 8, 12, 16, 24, 32 steps, got 3"):
        parse_pattern("x...|x..")
    with pytest.raises(InvalidInput, match=r"'-' must hold a note before it, got none in '-x\.\.'"):
        parse_pattern("-x..")


def test_a_metre_that_patterns_cannot_be_bent_to_names_the_family_that_can() -> None:
    with pytest.raises(InvalidInput, match=r"got 13/16: choose one of those, or --family transformer"):
        beats_of(Metre(13, 16))
