"""Laws of the units of verse: right to left, ends between lines, what is told counts down, themes carry meaning."""

from __future__ import annotations

from collections import Counter

import numpy as np

from zhiyin.encode.verse import LENGTHS, VerseUnits, make_units
from zhiyin.encode.verse_lines import is_readable, learn_units, with_long_lines
from zhiyin.encode.verse_rows import Told, draw_theme, make_row, stack

UNITS = VerseUnits("zh", ("", "雨", "夜", "的", "灯"))
ONE_EACH = np.array([0, 1, 1, 1, 1, 1])


def test_lines_are_numbered_from_right_to_left() -> None:
    assert UNITS.numbers("雨夜灯") == [4, 2, 1]
    assert UNITS.numbers("雨X") == [UNITS.unknown, 1]


def test_units_are_the_most_frequent_first_and_rare_ones_are_none() -> None:
    units = make_units("en", Counter({"i": 9, "rain": 9, "night": 3, "rare": 1}), least=2, most=10)
    assert units.units == ("", "I", "rain", "night")
    assert units.numbers(("I", "Rain")) == [2, 1]


def test_only_words_of_a_dictionary_are_units_where_one_is_given() -> None:
    lines = [("loue", "love", "love")] * 3
    assert learn_units("en", lines, {"love"}).units == ("", "love")


def test_a_theme_leaves_function_words_and_strangers_out() -> None:
    assert UNITS.theme(["雨夜", "车站", "的"]) == [1, 2]


def test_a_row_counts_syllables_down_and_asks_for_what_comes_next() -> None:
    row = make_row([[4, 2], [1]], [Told(), Told((3,), is_length=False)], kind=2, syllables=ONE_EACH)
    assert row.unit.tolist() == [0, 4, 2, 0, 1]
    assert row.target.tolist() == [4, 2, 0, 1, 0]
    assert row.length.tolist() == [3, 2, 1, 0, 0]  # two, one, none to come; then not told
    assert row.line.tolist() == [0, 0, 0, 1, 1]
    assert row.theme[:, 0].tolist() == [-1, 3]


def test_words_of_several_syllables_count_as_such_and_strangers_are_not_asked() -> None:
    row = make_row([[1, 3]], [Told()], kind=0, syllables=np.array([0, 2, 1, 2]))
    assert row.length.tolist() == [5, 3, 1]
    assert row.target.tolist() == [1, -1, 0]


def test_long_lines_are_told_the_most_that_can_be_told() -> None:
    row = make_row([[1] * 40], [Told()], kind=0, syllables=ONE_EACH)
    assert row.length[0] == LENGTHS + 1


def test_a_stack_fills_up_with_places_that_are_not_asked() -> None:
    rows = [
        make_row([[1]], [Told()], kind=1, syllables=ONE_EACH),
        make_row([[1, 2], [3]], [Told()] * 2, kind=2, syllables=ONE_EACH),
    ]
    batch = stack(rows)
    assert batch["unit"].shape == (2, 5) and batch["theme"].shape[:2] == (2, 2)
    assert batch["target"][0].tolist() == [1, 0, -1, -1, -1]


def test_themes_are_drawn_from_units_that_carry_meaning() -> None:
    content = np.array([False, True, True, False, True, False])
    rng = np.random.default_rng(0)
    drawn = [
        draw_theme([[3, 1], [3, 3], [4]], at, near=0.5, is_content=content, rng=rng) for at in (0, 1, 2) * 20
    ]
    assert {unit for theme in drawn for unit in theme} == {1, 4}
    assert draw_theme([[3, 3]], 0, near=0.0, is_content=content, rng=rng) == ()


def test_every_third_pair_of_clauses_is_one_long_line_and_nothing_is_lost() -> None:
    lines = [tuple("一二三"), tuple("四五")] * 3
    made = with_long_lines(lines, [True, False] * 3, every=3)
    assert made == [*lines[:4], tuple("一二三四五")]


def test_a_line_mostly_unknown_is_not_readable() -> None:
    assert (
        is_readable([1, 2, 1, 2, 5], UNITS)
        and not is_readable([1, 2, 5, 5], UNITS)
        and not is_readable([], UNITS)
    )
